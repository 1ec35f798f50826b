"""Finding files by pattern below the slot: links are not followed, git's own and installed packages are left out."""

import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from specwright.agents.files import Denied, is_git

PASSED_OVER = ("node_modules", ".venv", "__pycache__")
"""Folders that no search enters; a shell command can."""
_ENTRIES = 200_000


def find(root: Path, pattern: str, most: int) -> list[str]:
    """Paths of regular files that match, relative to the root, sorted, at most `most` + 1. Raises `Denied`.

    `*` and `?` stay within a name, `**` spans folders; a pattern without `/` is looked for in every folder.
    """
    wanted = _parts(pattern)
    found: list[str] = []
    for path in _walk(root):
        if _matches(path.split("/"), wanted):
            found.append(path)
            if len(found) > most:
                break
    return sorted(found)


def _parts(pattern: str) -> list[str]:
    if not pattern or len(pattern) > 500 or pattern.startswith("/") or ".." in pattern.split("/"):
        raise Denied(f"{pattern[:80]!r} is no pattern; give one relative to the project's root, such as src/**/*.py.")
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    return parts if "/" in pattern else ["**", *parts]


def _matches(names: Sequence[str], wanted: Sequence[str]) -> bool:
    """Steps through all positions in the pattern at once, so that no pattern takes long."""
    at = _past_any({0}, wanted)
    for name in names:
        stay = {index for index in at if index < len(wanted) and wanted[index] == "**"}
        step = {index + 1 for index in at - stay if index < len(wanted) and fnmatch.fnmatchcase(name, wanted[index])}
        at = _past_any(stay | step, wanted)
    return len(wanted) in at


def _past_any(at: set[int], wanted: Sequence[str]) -> set[int]:
    reached = set(at)
    for index in range(len(wanted)):
        if index in reached and wanted[index] == "**":
            reached.add(index + 1)
    return reached


def _walk(root: Path) -> Iterator[str]:
    seen = 0
    for top, folders, names, handle in os.fwalk(root, follow_symlinks=False):
        folders[:] = sorted(name for name in folders if name not in PASSED_OVER and not is_git(name))
        here = os.path.relpath(top, root)
        for name in names:
            seen += 1
            if seen > _ENTRIES:
                return
            if not is_git(name) and _is_file(name, handle):
                yield name if here == "." else f"{here}/{name}"


def _is_file(name: str, folder: int) -> bool:
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return False
    return (mode & 0o170000) == 0o100000
