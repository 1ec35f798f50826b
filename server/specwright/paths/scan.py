"""The files of checkouts that may hold specs: what git ignores is left out, and so are binary and big files."""

import os
import stat
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from specwright.paths.files import TEXT_LIMIT
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
    left = [_Folder(top, "", "", None)]
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
            elif entry.is_file(follow_symlinks=False) and not _is_left_out(folder, path):
                yield File(folder.root, path) if folder.root else File("", entry.path)
        left += reversed(below)


def text_of(path: str, may_hold: Callable[[bytes], bool]) -> str | None:
    """The text of a file that may hold specs; None for one that does not, or is no text of a size to be read."""
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


def _is_entered(folder: _Folder, name: str, path: str) -> bool:
    if name == ".git":
        return False
    return not folder.ignored.ignores(path, True) if folder.ignored else is_read(name)


def _is_left_out(folder: _Folder, path: str) -> bool:
    return path.endswith(NOTEBOOK) or (folder.ignored is not None and folder.ignored.ignores(path, False))
