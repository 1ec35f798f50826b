"""Deletes files and folders: whatever forbids it, however deep, and never through a link.

What outlived its command may put a link in a folder's place meanwhile. So each folder is opened as one before it is
looked into, and all else goes by its descriptor. Folders are drawn to the top, so no path gets long.
"""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def delete(path: Path) -> None:
    """A file, link or folder with all that it holds; what can't be deleted stays, and is no error."""
    with contextlib.suppress(OSError):
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return
        with _opened(str(path), None) as top:
            _empty(top)
        path.rmdir()


def _empty(top: int) -> None:
    """Of all; folders that were in folders are in the top one then, and are emptied in turn."""
    mark, number = f".{secrets.token_hex(8)}-", 0
    left = _part(top, top, mark, number)
    number += len(left)
    while left:
        name = left.pop()
        with contextlib.suppress(OSError):
            with _opened(name, top) as folder:
                inner = _part(folder, top, mark, number)
            number += len(inner)
            left += inner
            os.rmdir(name, dir_fd=top)


def _part(folder: int, top: int, mark: str, number: int) -> list[str]:
    """Delete what is no folder, and draw the others to the top; their names there."""
    drawn: list[str] = []
    for name in os.listdir(folder):  # of a descriptor
        with contextlib.suppress(OSError):
            if not _is_deleted(name, folder):
                _open_up(name, folder)
                new = f"{mark}{number + len(drawn)}"
                os.rename(name, new, src_dir_fd=folder, dst_dir_fd=top)
                drawn.append(new)
    return drawn


def _is_deleted(name: str, folder: int) -> bool:
    """Of what is no folder; Linux says EISDIR for one, others EPERM."""
    try:
        os.unlink(name, dir_fd=folder)
    except (IsADirectoryError, PermissionError):
        return False
    return True


@contextlib.contextmanager
def _opened(name: str, folder: int | None) -> Iterator[int]:
    """A folder that may be looked into and written, by its descriptor. Raises `OSError` where it is none."""
    _open_up(name, folder)
    descriptor = os.open(name, FOLDER, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open_up(name: str, folder: int | None) -> None:
    """Let the user do everything with a folder; one that can't be read can be opened as a mere place."""
    if not sys.platform.startswith("linux"):
        os.chmod(name, 0o700, dir_fd=folder, follow_symlinks=False)
        return
    place = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.chmod(f"/proc/self/fd/{place}", 0o700)  # noqa: PTH101  # of the descriptor, no path
    finally:
        os.close(place)
