"""One lock per project, across processes, round everything that changes the private repository's layout."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from specwright.errors import SpecwrightError
from specwright.paths.places import PRIVATE

WAIT_SECONDS = 30.0
_STEP_SECONDS = 0.01


@contextlib.contextmanager
def project_lock(common_dir: Path, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock; not again inside itself. Raises `SpecwrightError` when another holds it for too long.

    The kernel drops it with its holder: it is never judged stale.
    """
    path = common_dir / PRIVATE / "lock"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SpecwrightError(f"{path} can't be opened: {error.strerror}. Make {common_dir} writable.") from error
    try:
        _wait(descriptor, path, seconds)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                busy = f"Another Specwright is busy with this project ({path} was held for {seconds:.0f} s); try again."
                raise SpecwrightError(busy) from None
            time.sleep(_STEP_SECONDS)
