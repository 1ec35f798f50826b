"""The files of a folder that may hold specs; for views that can't ask git. Reads no file whole that holds none."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from specwright.paths.files import TEXT_LIMIT

SKIPPED = frozenset(
    {"node_modules", "__pycache__", "target", "dist", "build", "venv", "vendor", "site-packages", "coverage", "out"}
)
"""Folders that hold what was made or fetched; hidden ones are skipped too, but `.specs` and `.github`."""
HIDDEN_BUT_READ = frozenset({".specs", ".github"})


def text_files(folder: Path, sign: re.Pattern[bytes]) -> Iterator[Path]:
    """Files below a folder, in order, that hold a sign and are of a size to be read."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_read(name))
        for name in sorted(names):
            path = Path(top, name)
            if holds(path, sign):
                yield path


def _is_read(name: str) -> bool:
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
