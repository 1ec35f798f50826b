"""Reading the user's text files and writing our own whole or not at all."""

import os
import tempfile
from pathlib import Path

from specwright.errors import SpecwrightError, WrongUse

TEXT_LIMIT = 1_000_000
"""Bytes above which a file that no editor holds is not read for specs."""


def read_text(path: Path, limit: int | None = TEXT_LIMIT) -> str:
    """The text of a UTF-8 file, line ends as they are. Raises `WrongUse` for what is no text, too long or not there."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise WrongUse(f"{path} {what}; name a text file.")
        if limit is not None and path.stat().st_size > limit:
            raise WrongUse(f"{path} is over {limit // 1_000_000} MB; open it in an editor, or split it.")
        data = path.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path} can't be read: {error.strerror}. Check its permissions.") from error
    if b"\0" in data:
        raise WrongUse(f"{path} is not a text file (it holds NUL bytes); specs live in text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongUse(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8 to use specs in it.") from error


def private_folder(path: Path) -> Path:
    """The folder, made with 0700 where it was missing, and closed to others where they might enter it.

    Raises `SpecwrightError` when it can't be made, closed or written, or is another user's.
    """
    try:
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        for folder in (*reversed(missing), path):  # `parents=True` would let the umask say who may enter them
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SpecwrightError(
            f"{path} can't be made: {error.strerror}. Make it writable, or set SPECWRIGHT_HOME to another folder."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise SpecwrightError(f"{path} is not writable. Make it so, or set SPECWRIGHT_HOME to another folder.")
    _close_to_others(path)
    return path


def _close_to_others(path: Path) -> None:
    found = path.stat()
    if found.st_uid != os.getuid():
        raise SpecwrightError(
            f"{path} belongs to another user (uid {found.st_uid}), who may read and change what lies there. "
            "Remove it, or set SPECWRIGHT_HOME to another folder."
        )
    if not found.st_mode & 0o077:
        return
    try:
        path.chmod(found.st_mode & 0o700)
    except OSError as error:
        raise SpecwrightError(
            f"{path} is open to other users and can't be closed: {error.strerror}. "
            f"`chmod 700 {path}`, or set SPECWRIGHT_HOME to another folder."
        ) from error


def write_whole(path: Path, data: bytes, mode: int | None = None) -> None:
    """Replace a file by new content, durable and never half: a temporary file beside it, then a rename.

    The mode is kept where the file exists, else `mode` or 0600.
    """
    kept = path.stat().st_mode & 0o7777 if path.exists() else (0o600 if mode is None else mode)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(kept)
        Path(temporary).replace(path)
        _flush_names(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _flush_names(folder: Path) -> None:
    """Make a rename in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checkout_root(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds a `.git`; None outside a checkout."""
    here = start.absolute()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
