"""Looks through folders, however deep, and says of which names they are read where git can't be asked."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from specwright.paths.files import TEXT_LIMIT

SKIPPED = frozenset(
    {"node_modules", "__pycache__", "target", "dist", "build", "venv", "vendor", "site-packages", "coverage", "out"}
)
"""Folders that hold what was made or fetched; hidden ones are skipped too, but `.specs` and `.github`."""
ANYTHING = re.compile(b"")
HIDDEN_BUT_READ = frozenset({".specs", ".github"})


def walk(top: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """What `os.walk` yields, top down, with each link among the files. Python's own fails beyond a thousand folders."""
    left = [str(top)]
    while left:
        place = left.pop()
        try:
            with os.scandir(place) as entries:
                is_folder = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
        except OSError:  # closed, gone, or below more than a path can name
            continue
        folders = [name for name, is_one in is_folder.items() if is_one]
        yield place, folders, [name for name, is_one in is_folder.items() if not is_one]
        left += [f"{place}/{name}" for name in reversed(folders)]


def is_read(name: str) -> bool:
    """Whether a folder of this name is looked into where git can't be asked."""
    return name not in SKIPPED and (not name.startswith(".") or name in HIDDEN_BUT_READ)


def holds(path: Path, sign: re.Pattern[bytes]) -> bool:
    """Whether a file has a sign in it; never of a link, which may lead to a pipe or a device without an end."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > TEXT_LIMIT:
            return False
        data = path.read_bytes()
    except OSError:
        return False
    return sign.search(data) is not None and b"\0" not in data
