"""A line of a run's events: read where it is whole, and as a person reads it."""

import json
from typing import Any

from specwright.tasks.harmless import harmless, one_line

Event = dict[str, Any]
"""`at`, `event`, and what belongs to its kind."""
HEAD = ("at", "event")
INDENT = " " * 23
"""Before what goes on in another line, so that no text of an agent looks like an event of its own."""


def event_of(line: str) -> Event | None:
    """The event of a line; None for what a crash left of one."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and all(name in event for name in HEAD) else None


def text_of(event: Event) -> str:
    """`10:32:01  gate         name=tests`."""
    said = "  ".join(f"{key}={value}" for key, value in event.items() if key not in HEAD and value is not None)
    rest = harmless(said).replace("\n", f"\n{INDENT}")
    return f"{one_line(str(event['at'])[11:19])}  {one_line(str(event['event'])):<12} {rest}"


def silence(seconds: float) -> str:
    """`no sign for 12 min`."""
    minutes = int(seconds // 60)
    return f"no sign for {minutes} min" if minutes else f"no sign for {seconds:.0f} s"
