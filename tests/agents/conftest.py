"""A slot in a temporary folder, a box that runs commands on it as they are, and a kit that keeps what it is told."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from specwright.agents.tools import Tools
from specwright.leaks.mask import mask
from specwright.tasks.protocols import Brief, Done, Limits, Turn


@dataclass
class OpenBox:
    """Runs commands unboxed, for tests on a temporary folder."""

    slot: Path
    mode: str = "none"

    async def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: Sequence[Path] = (),
    ) -> Done:
        started = time.monotonic()
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*argv, cwd=self.slot, stdin=pipe, stdout=pipe, stderr=pipe)
        try:
            out, err = await asyncio.wait_for(process.communicate(stdin), timeout)
        except TimeoutError:
            process.kill()
            out, err = await process.communicate()
            return Done(None, out, err, time.monotonic() - started, timed_out=True)
        return Done(process.returncode, out, err, time.monotonic() - started)


@dataclass
class KeepingKit:
    """Keeps events and turns; a checkpoint is as durable as the test."""

    box: OpenBox
    transcript: Path
    events: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    async def checkpoint(self, turn: Turn) -> None:
        self.turns.append(turn)

    def emit(self, kind: str, **payload: str | int | float | None) -> None:
        self.events.append((kind, dict(payload)))

    def mask(self, text: str) -> str:
        return mask(text)

    def told(self, kind: str, key: str) -> list[object]:
        """One value of each event of a kind."""
        return [payload[key] for name, payload in self.events if name == kind]


@pytest.fixture
def slot(tmp_path: Path) -> Path:
    folder = tmp_path / "slot"
    folder.mkdir()
    (folder / "greeting.py").write_text('def greet():\n    return "hello"\n')
    return folder


@pytest.fixture
def kit(slot: Path, tmp_path: Path) -> KeepingKit:
    return KeepingKit(OpenBox(slot), tmp_path / "run" / "transcript.jsonl")


@pytest.fixture
def tools(slot: Path) -> Tools:
    return Tools(OpenBox(slot), slot, Limits(command_seconds=10))


@pytest.fixture
def brief() -> Brief:
    return Brief("k7f3qa/1", "Greet", "# Greet in German", (), ("greeting.py",), "0" * 40, 0)
