"""One daemon per state folder: a lock that the kernel drops with its holder."""

import contextlib
import fcntl
import os
import time
from pathlib import Path

from specwright.errors import Refused, SpecwrightError


def take(path: Path) -> int:
    """Hold the lock for life; the descriptor must stay open. Raises `Refused` naming the daemon that has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SpecwrightError(f"{path} can't be opened: {error.strerror}. Make its folder writable.") from error
    try:
        _lock(descriptor)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Refused(f"A daemon runs already (pid {holder(path) or 'unknown'}).") from error
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    except OSError as error:
        os.close(descriptor)
        raise SpecwrightError(f"{path} can't be written: {error.strerror}. Free some space, then try again.") from error
    return descriptor


def holder(path: Path) -> int | None:
    """The pid that the lock file names, for people; it may be of a process that is gone."""
    try:
        return int(path.read_text().strip())
    except (OSError, ValueError):
        return None


def is_held(path: Path) -> bool:
    """Whether a daemon lives."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int) -> None:
    """More than once: who only looks whether it is held, holds it for a moment. Raises `BlockingIOError`."""
    for _ in range(5):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(0.01)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
