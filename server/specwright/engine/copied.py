"""Values of the files that `.worktreeinclude` brings into a run's slot: they must come into no result."""

import re
from collections.abc import Mapping
from pathlib import Path

from specwright.git import trees
from specwright.git.private import PrivateRepository

_VALUE = re.compile(r"""[=:]\s*["']?([^\s"',\0]{12,})""")
"""Long enough to be a key."""
_WHOLE = re.compile(r"\S{12,1000}")
"""A file that is nothing but a token."""
Values = Mapping[str, str]
"""Each value and the file that it stands in."""


def values(root: Path, paths: tuple[str, ...]) -> Values:
    """What in these files must not come into a result."""
    found: dict[str, str] = {}
    for path in paths:
        data = (root / path).read_bytes() if (root / path).is_file() else b""
        text = data.decode("utf-8", "surrogateescape").strip()
        whole = [text] if _WHOLE.fullmatch(text) and "\0" not in text else []
        found |= dict.fromkeys([*whole, *_VALUE.findall(text)], path)
    return found


def untold(found: Values, repository: PrivateRepository, base: str) -> tuple[str, ...]:
    """Those that are masked: all but what everybody reads in the base."""
    open_to_all = trees.held(repository, base, found)
    return tuple(value for value in found if value not in open_to_all)
