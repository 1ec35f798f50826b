"""Ignored files that `.worktreeinclude` wants in each slot: copied as they are now, never linked, for us alone."""

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from specwright.git import checkout as checkouts
from specwright.git.making import KEPT_FOLDERS
from specwright.git.run import run
from specwright.tasks.model import Checkout

NAME = ".worktreeinclude"
LARGEST = 1_000_000
"""Bytes of a file above which it is not copied: this is for settings and keys, not for data."""
MOST = 200
_MOST_WORDS = 2_000
"""Paths on one command line."""


def wanted(checkout: Checkout) -> tuple[str, ...]:
    """Paths that the file names in the syntax of .gitignore and that are ignored; none without such a file."""
    root = Path(checkout.root)
    if not (root / NAME).is_file():
        return ()
    where = checkouts.where(checkout)
    words = ("ls-files", "-z", "--others", "--ignored")
    ignored = [name for name in _names(run(where, *words, "--directory", "--exclude-standard")) if _is_looked_at(name)]
    if not ignored:
        return ()
    within = ignored if len(ignored) <= _MOST_WORDS else []
    named = _names(run(where, *words, f"--exclude-from={root / NAME}", "--", *within))
    folders = tuple(name for name in ignored if name.endswith("/"))
    known = set(ignored)
    found = [name for name in named if name in known or name.startswith(folders)]
    return tuple(name for name in sorted(found) if _is_looked_at(name) and _is_small_file(root / name))[:MOST]


def copy(checkout: Checkout, slot: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Put the files into a slot, 0600; those that are there now. What a commit holds at their place stays."""
    return tuple(path for path in paths if _copy(Path(checkout.root) / path, slot, slot / path))


def _copy(source: Path, slot: Path, target: Path) -> bool:
    with contextlib.suppress(OSError):
        if not _is_small_file(source):
            return False
        if not target.parent.resolve().is_relative_to(slot.resolve()):
            return False  # a link of the tree leads out of it
        target.parent.mkdir(parents=True, exist_ok=True)
        data = source.read_bytes()
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        return True
    return False


def _names(out: bytes) -> list[str]:
    return [os.fsdecode(name) for name in out.split(b"\0") if name]


def _is_looked_at(name: str) -> bool:
    return not set(name.split("/")) & {*KEPT_FOLDERS, "__pycache__"}


def _is_small_file(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST
