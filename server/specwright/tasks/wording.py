"""Parts of sentences that people read; pure."""

from collections.abc import Sequence
from datetime import timedelta

SHOWN = 3
"""How many of a list a sentence names."""


def cut(text: str, most: int) -> str:
    """At most so many characters; a `…` says that there is more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def listed(names: Sequence[str]) -> str:
    """`a, b, c and 2 more`."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def ago(time: timedelta) -> str:
    """`just now`, `5 minutes ago`, `1 hour ago`, `3 days ago`."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if count := int(time.total_seconds() // seconds):
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"


def unchanged_from(branch: str) -> str:
    """Why a project's commands are not asked about."""
    return f"Its commands are unchanged from {branch}, which your own settings trust: they need no agreement."
