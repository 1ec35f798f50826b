"""The files of a run, 0600 in a 0700 folder: events as JSON lines that only grow, the transcript, the gates' logs."""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

from specwright.api.codec import encode
from specwright.paths.files import private_folder

log = logging.getLogger(__name__)


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

    def append(self, kind: str, payload: dict[str, str | int | float | None]) -> None:
        """Add one event; a disk that is full costs the event, never the run."""
        line = json.dumps({"at": encode(datetime.now(UTC)), "event": kind, **payload}, ensure_ascii=True)
        try:
            self.make()
            descriptor = os.open(self.events, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(line + "\n")
        except OSError as error:
            log.warning("event %s of %s lost: %s", kind, self.folder, error)
