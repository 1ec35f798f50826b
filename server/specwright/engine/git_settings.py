"""The git settings of the user's repository, which a gate without a sandbox can reach: a change of them is undone.

A sandbox does not let commands write to that repository; what changes there meanwhile is the user's own doing.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from specwright.errors import SpecwrightError
from specwright.paths.files import write_whole
from specwright.paths.places import PRIVATE
from specwright.tasks.model import Checkout, GateResult, GateRun
from specwright.tasks.protocols import Box


@dataclass(slots=True)
class Seen:
    """What one gate may have done."""

    sentence: str | None = None

    def judge(self, result: GateRun) -> GateRun:
        """The result; an error where the settings were changed while the gate ran."""
        return replace(result, result=GateResult.ERROR, reason=self.sentence) if self.sentence else result


@dataclass(slots=True)
class _Watched:
    before: bytes | None
    running: list[Seen] = field(default_factory=list)


class GitSettings:
    """Compares with what was there before the first of the gates that run at once: a later one begins amid them."""

    def __init__(self) -> None:
        self._watched: dict[Path, _Watched] = {}

    @contextlib.contextmanager
    def over(self, checkout: Checkout, box: Box) -> Iterator[Seen]:
        """While a gate runs. Raises `SpecwrightError` at its end where a change can't be undone."""
        seen = Seen()
        if box.mode != "none":
            yield seen
            return
        path = Path(os.path.realpath(Path(checkout.common_dir) / "config"))
        watched = self._watched.get(path) or self._watched.setdefault(path, _Watched(_read(path)))
        watched.running.append(seen)
        try:
            yield seen
        finally:
            try:
                _undo(path, watched, Path(checkout.common_dir) / PRIVATE)
            finally:
                watched.running.remove(seen)
                if not watched.running:
                    del self._watched[path]


def _undo(path: Path, watched: _Watched, folder: Path) -> None:
    """Which of the running gates it was can't be told: it counts against all of them. What was written is kept."""
    try:
        found = _read(path)
        if found == watched.before:
            return
        aside = folder / f"config-{hashlib.sha256(found or b'').hexdigest()[:8]}"
        write_whole(aside, found or b"")
        _put_back(path, watched.before)
    except OSError as error:
        raise SpecwrightError(
            f"{path} was changed while a gate ran without a sandbox, and can't be put back: {error.strerror}. "
            "Look at it before you use git again."
        ) from error
    for seen in watched.running:
        seen.sentence = (
            f"{path} was changed while it ran without a sandbox. It is as before again, and what was written "
            f"is in {aside}; if that was you, take it from there and try again."
        )


def _put_back(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink()
    else:
        write_whole(path, data, 0o644)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
