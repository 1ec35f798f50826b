"""Which files the living editor windows hold, in a file per window that is locked while the window lives.

A daemon that has just started learns from them of windows that have not joined it yet, and windows of each other.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from specwright.paths.files import private_folder

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True, slots=True)
class Held:
    """A living window's pid, and the real paths of its files with whether the buffer differs from the disk."""

    pid: int
    files: Mapping[str, bool]


class Record:
    """What this process's window holds; written whole at each change."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{os.getpid()}.json"
        self._files: dict[str, bool] = {}
        self._lock: int | None = None

    def keep(self, files: dict[str, bool]) -> None:
        """The window holds these now. Raises `OSError` or `SpecwrightError` when that can't be written."""
        if files == self._files or sys.platform == "win32":
            return
        folder = private_folder(self._path.parent)
        lock, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".new")
        try:
            os.write(lock, json.dumps(files).encode())
            fcntl.flock(lock, fcntl.LOCK_EX)
            Path(temporary).replace(self._path)
        except BaseException:
            os.close(lock)
            Path(temporary).unlink(missing_ok=True)
            raise
        self._files, old, self._lock = dict(files), self._lock, lock
        if old is not None:  # after the rename: a record that is not locked is a dead window's
            os.close(old)

    def end(self) -> None:
        """The window is gone."""
        if self._lock is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._lock)
        self._files, self._lock = {}, None


def living(folder: Path) -> list[Held]:
    """What the living windows hold, by pid; the records of dead ones are removed."""
    found = (_read(path) for path in folder.glob("*.json"))
    return sorted((held for held in found if held), key=lambda held: held.pid)


def _read(path: Path) -> Held | None:
    if sys.platform == "win32":
        return None
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Held(int(path.stem), json.loads(file.read()))
        if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
            path.unlink(missing_ok=True)
            return None
    return _read(path)  # it was replaced since it was opened
