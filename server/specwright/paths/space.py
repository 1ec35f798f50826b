"""How much room a folder takes, and whether enough is left on its disk."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from specwright.paths.walk import walk

LEAST_FREE = 2 * 10**9
"""Bytes below which nothing new is begun, where the user says nothing else."""


def free_space_too_low(path: Path, least: int = LEAST_FREE) -> str | None:
    """A sentence where the disk that a path lies on, or will lie on, has too little room; None where all is well."""
    there = next((folder for folder in (path, *path.parents) if folder.exists()), Path("/"))
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        return None
    if free >= least:
        return None
    return (
        f"Only {shown(free)} are free on the disk of {path}, {shown(least)} are needed to begin; "
        "`specwright gc` shows what could go."
    )


def taken(path: Path, *, unshared: bool = False) -> int:
    """Bytes that a file or a folder takes on the disk; `unshared`: of files that have no other name."""
    return sum(status.st_blocks * 512 for status in _statuses(path) if not unshared or status.st_nlink == 1)


def shown(size: int) -> str:
    """`1.2 GB`, `35 MB`, `0 MB`."""
    return f"{size / 10**9:.1f} GB" if size >= 10**9 else f"{size / 10**6:.0f} MB"


def _statuses(path: Path) -> Iterator[os.stat_result]:
    """Of files; what vanishes meanwhile takes no room any more."""
    for top, _, names in walk(path):
        for name in names:
            try:
                yield Path(top, name).lstat()
            except OSError:
                continue
    if path.is_file() and not path.is_symlink():
        yield path.lstat()
