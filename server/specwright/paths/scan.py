"""The files of checkouts that may hold specs: what git ignores is left out, and so are binary and big files."""

import os
import re
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from specwright.paths.files import TEXT_LIMIT, checkout_root
from specwright.paths.ignored import Ignored, ignored
from specwright.paths.walk import is_read

NOTEBOOK = ".ipynb"
HEAD = 8192
"""Bytes in which a binary file shows itself."""


class File(NamedTuple):
    """A file by its checkout and its path there; outside of one the checkout is empty, and the path is whole."""

    root: str
    path: str

    @property
    def full(self) -> str:
        """The whole path."""
        return f"{self.root}/{self.path}" if self.root else self.path


class _Folder(NamedTuple):
    place: str
    root: str
    path: str
    ignored: Ignored | None


def files(top: str, without: Collection[str] = ()) -> Iterator[File]:
    """The files below a folder, behind no link; a checkout within another is one of its own.

    Outside of checkouts no git says what is made or fetched: there the usual names of such folders are left out.
    """
    left = [_start(top)]
    while left:
        folder = left.pop()
        try:
            with os.scandir(folder.place) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:  # closed, gone, or below more than a path can name
            continue
        if any(entry.name == ".git" for entry in found):
            folder = _Folder(folder.place, folder.place, "", ignored(folder.place))
        below = []
        for entry in found:
            path = f"{folder.path}/{entry.name}" if folder.path else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.path not in without and _is_entered(folder, entry.name, path):
                    below.append(_Folder(entry.path, folder.root, path, folder.ignored))
            elif entry.is_file(follow_symlinks=False) and not (folder.ignored and folder.ignored.ignores(path, False)):
                yield File(folder.root, path) if folder.root else File("", entry.path)
        left += reversed(below)


def text_of(path: str, may_hold: Callable[[bytes], bool]) -> str | None:
    """The text of a file that may hold specs; None for one that does not, or is no text of a size to be read."""
    if path.endswith(NOTEBOOK):
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = os.read(descriptor, HEAD)
        if len(data) == HEAD and b"\0" not in data:
            data += os.read(descriptor, TEXT_LIMIT + 1 - HEAD)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    if len(data) > TEXT_LIMIT or b"\0" in data or not may_hold(data):
        return None
    return data.decode("utf-8", "replace")


def has(path: str, sign: re.Pattern[bytes]) -> bool:
    """Whether there is such a sign in a file that may hold specs."""
    return text_of(path, lambda data: sign.search(data) is not None) is not None


def _start(top: str) -> _Folder:
    root = checkout_root(Path(top))
    if root is None:
        return _Folder(top, "", "", None)
    path = Path(top).relative_to(root)
    return _Folder(top, str(root), "" if path == Path() else path.as_posix(), ignored(str(root)))


def _is_entered(folder: _Folder, name: str, path: str) -> bool:
    if name == ".git":
        return False
    return not folder.ignored.ignores(path, True) if folder.ignored else is_read(name)
