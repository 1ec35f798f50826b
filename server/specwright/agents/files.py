"""Reading and writing files below one folder, by paths that a model made up; nothing outside can be reached.

Each component is opened on its own without following links, so a link that is swapped in meanwhile never wins.
"""

import errno
import os
import re
import secrets
import stat
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from specwright.errors import lacks_room

READ_LIMIT = 16 * 1024 * 1024
"""Bytes of the largest file that is read or edited."""
_LINKS = 40
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_IGNORED_BY_HFS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


class Denied(Exception):
    """A path or file that a tool may not touch or can't use; the text is for the model."""


class Missing(Denied):
    """A file or folder that is not there."""


def check_path(path: str) -> tuple[str, ...]:
    """The components of a path from a model, relative to the slot. Raises `Denied` for one that could leave it."""
    if "\0" in path or not path or len(path) > 4096:
        raise Denied("the path is empty, too long or holds a NUL; give a path relative to the project's root.")
    if path.startswith(("/", "~")):
        raise Denied(f"{path} is not relative; give a path relative to the project's root.")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if ".." in parts:
        raise Denied(f"{path} holds `..`; give a path relative to the project's root.")
    if any(is_git(part) for part in parts):
        raise Denied(f"{path} belongs to git; its files are not yours to read or change.")
    return parts


def is_git(name: str) -> bool:
    """Whether some file system takes this name for `.git`."""
    plain = _IGNORED_BY_HFS.sub("", name).casefold().rstrip(". ")
    return plain in (".git", "git~1") or plain.startswith(".git:")


def read(root: Path, path: str) -> bytes:
    """The bytes of a regular file. Raises `Denied`."""
    with _opened(root, path) as (folder, name):
        return _content(folder, name, path)[0]


def write(root: Path, path: str, content: bytes) -> None:
    """Create or replace a file whole, with its missing folders; the mode is kept. Raises `Denied`."""
    with _opened(root, path, make=True) as (folder, name):
        mode = _mode(folder, name, path)
        _replace(folder, name, content, mode)


def edit(root: Path, path: str, change: Callable[[bytes], bytes]) -> None:
    """Replace a file by what `change` makes of its bytes. Raises `Denied`, and whatever `change` raises."""
    with _opened(root, path) as (folder, name):
        content, mode = _content(folder, name, path)
        _replace(folder, name, change(content), mode)


def exists(root: Path, path: str) -> bool:
    """Whether something is there, of any kind. Raises `Denied`."""
    try:
        with _opened(root, path) as (folder, name):
            return _entry(folder, name) is not None
    except Missing:
        return False


@contextmanager
def _opened(root: Path, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """The open folder that holds the file, and the file's name there; links inside the slot are resolved."""
    parts = check_path(path)
    if not parts:
        raise Denied(f"{path} is the project's root; name a file in it.")
    folders = [os.open(root, _FOLDER)]
    try:
        name = _walk(folders, parts, path, make)
        yield folders[-1], name
    except OSError as error:
        if lacks_room(error):
            raise
        raise Denied(f"{path} can't be used: {error.strerror}.") from error
    finally:
        for folder in folders:
            os.close(folder)


def _walk(folders: list[int], parts: tuple[str, ...], path: str, make: bool) -> str:
    ahead, links = deque(parts), 0
    while ahead:
        name = ahead.popleft()
        if name == "..":
            _leave(folders, path)
            continue
        target = _link(folders[-1], name)
        if target is not None:
            links += 1
            ahead.extendleft(reversed(_inside(target, path, links)))
        elif not ahead:
            return name
        else:
            folders.append(_enter(folders[-1], name, path, make))
    raise Denied(f"{path} is a folder; name a file.")


def _leave(folders: list[int], path: str) -> None:
    if len(folders) == 1:
        raise Denied(f"{path} is a link that leaves the project; it is not followed.")
    os.close(folders.pop())


def _link(folder: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):
            return None
        raise


def _inside(target: str, path: str, links: int) -> list[str]:
    parts = [part for part in target.split("/") if part not in ("", ".")]
    if target.startswith("/") or links > _LINKS or any(is_git(part) for part in parts):
        raise Denied(f"{path} is a link that leaves the project; it is not followed.")
    return parts


def _enter(folder: int, name: str, path: str, make: bool) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise Missing(f"{path} does not exist.") from None
    except NotADirectoryError:
        raise Denied(f"{path} can't be used: {name} is a file, not a folder.") from None
    os.mkdir(name, dir_fd=folder)
    return os.open(name, _FOLDER, dir_fd=folder)


def _entry(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _mode(folder: int, name: str, path: str) -> int | None:
    """The permissions of the regular file there; None when there is nothing."""
    entry = _entry(folder, name)
    if entry is None:
        return None
    _check_regular(entry.st_mode, path)
    return stat.S_IMODE(entry.st_mode)


def _check_regular(mode: int, path: str) -> None:
    if stat.S_ISDIR(mode):
        raise Denied(f"{path} is a folder; name a file.")
    if not stat.S_ISREG(mode):
        raise Denied(f"{path} is no regular file (a pipe, device, socket or link); it is not touched.")


def _content(folder: int, name: str, path: str) -> tuple[bytes, int]:
    """Bytes and permissions of a regular file; a pipe or device is never waited for."""
    if _mode(folder, name, path) is None:
        raise Missing(f"{path} does not exist.")
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        _check_regular(status.st_mode, path)
        if status.st_size > READ_LIMIT:
            raise Denied(f"{path} is over {READ_LIMIT >> 20} MiB; look at parts of it with bash (head, sed -n, grep).")
        return file.read(READ_LIMIT), stat.S_IMODE(status.st_mode)


def _replace(folder: int, name: str, content: bytes, mode: int | None) -> None:
    """By a rename: a link or a hard link at the name is replaced, never written through."""
    temporary = f".specwright-{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(temporary, flags, 0o666, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if mode is not None:
                os.fchmod(handle, mode)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(temporary, dir_fd=folder)
        raise
