"""The files of a run, 0600 in a 0700 folder: events as JSON lines that only grow, the transcript, the gates' logs."""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from specwright.api.codec import encode
from specwright.api.events import event_of
from specwright.paths.files import private_folder
from specwright.tasks.wording import cut

MOST = 256 * 1024
"""Bytes that are read at once; no line is as long."""
LONGEST = 10_000
"""Characters of a text in an event; the transcript and the gates' logs have it whole."""
Payload = Mapping[str, str | int | float | None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines, the byte offset behind them, and whether these were the last."""

    lines: tuple[str, ...]
    offset: int
    last: bool


class RunFiles:
    """The folder of one run."""

    def __init__(self, runs: Path, task: str, number: int) -> None:
        self.folder = runs / task / str(number)

    @property
    def events(self) -> Path:
        """One JSON object per line: `at`, `event`, and what belongs to it."""
        return self.folder / "events.jsonl"

    @property
    def transcript(self) -> Path:
        """The agent's conversation."""
        return self.folder / "transcript.jsonl"

    def make(self) -> Path:
        """The folder, there now."""
        return private_folder(self.folder)

    def append(self, kind: str, payload: Payload) -> None:
        """Add one event; a disk that is full costs the event, never the run."""
        kept = {name: cut(value, LONGEST) if isinstance(value, str) else value for name, value in payload.items()}
        line = json.dumps({"at": encode(datetime.now(UTC)), "event": kind, **kept}, ensure_ascii=True) + "\n"
        try:
            self.make()
            descriptor = os.open(self.events, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, _missing_end(descriptor) + line.encode())
            finally:
                os.close(descriptor)
        except OSError as error:
            log.warning("event %s of %s lost: %s", kind, self.folder, error)

    def read(self, offset: int) -> Lines:
        """Lines from a byte offset on. A half last one is left for later, and what a crash left is passed over."""
        if not self.events.exists():
            return Lines((), 0, last=True)
        with self.events.open("rb") as file:
            # a power cut may have taken bytes that a reader has seen
            start = min(max(0, offset), file.seek(0, os.SEEK_END))
            file.seek(start)
            data = file.read(MOST)
        whole = data[: data.rfind(b"\n") + 1]
        if not whole and len(data) == MOST:
            return Lines((), start + MOST, last=False)
        lines = whole.decode("utf-8", "replace").split("\n")
        return Lines(tuple(line for line in lines if event_of(line)), start + len(whole), len(data) < MOST)


def _missing_end(descriptor: int) -> bytes:
    """What ends the line that a crash cut, so that it takes no event along."""
    size = os.fstat(descriptor).st_size
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""
