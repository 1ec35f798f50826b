"""A gigabyte of output, in lines and in one line, from a gate and from the agent's shell: little of it is held."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from boxes import need
from security.world import World
from specwright.agents.tools import Tools
from specwright.config.settings import Gate, SandboxMode
from specwright.gates.run import run_gate
from specwright.gates.text import KEPT
from specwright.tasks.model import GateResult
from specwright.tasks.protocols import Limits

MANY = 2**30
LINES = f"yes 'one of many lines' | head -c {MANY}; echo last"
ONE_LINE = f"{{ head -c {MANY} /dev/zero; echo; echo last; }} >&2"
MOST_MEMORY = 200 * 2**20
"""Bytes that whoever reads may take more: some times the 10 MiB that are kept of each stream."""
LONGEST_SILENCE = 5.0
"""Seconds; a quiet machine needs less than one."""


@contextmanager
def bounded_memory() -> Iterator[None]:
    """This process takes little more meanwhile, at its highest."""
    Path("/proc/self/clear_refs").write_text("5")  # the highest is what it is now
    before = _memory("VmRSS")
    yield
    assert _memory("VmHWM") - before < MOST_MEMORY


def _memory(name: str) -> int:
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024


@asynccontextmanager
async def responsive() -> AsyncIterator[None]:
    """The loop, on which the daemon answers, goes on meanwhile."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - began)

    ticking = asyncio.create_task(tick())
    yield
    ticking.cancel()
    assert longest < LONGEST_SILENCE


@pytest.fixture
def full() -> SandboxMode:
    need(SandboxMode.FULL)
    return SandboxMode.FULL


@pytest.mark.parametrize("script", [LINES, ONE_LINE], ids=["lines", "one line"])
async def test_a_gate_that_prints_a_gigabyte(stage: World, full: SandboxMode, tmp_path: Path, script: str) -> None:
    output = tmp_path / "output"
    output.mkdir()
    with bounded_memory():
        async with responsive():
            ran = await run_gate(Gate("t", ("sh", "-c", f"{script}; exit 1")), stage.box(full), output, (), "tree")
    assert (ran.result, ran.exit_code) == (GateResult.FAILED, 1)
    log = Path(ran.log or "").read_text()
    assert len(log) < 2 * KEPT
    assert "\n[...]\n" in log
    assert log.endswith("last\n")
    assert ran.findings[0].message.endswith("last")


@pytest.mark.parametrize("script", [LINES, ONE_LINE], ids=["lines", "one line"])
async def test_an_agent_that_prints_a_gigabyte(stage: World, full: SandboxMode, script: str) -> None:
    tools = Tools(stage.box(full), stage.slot.path, Limits())
    with bounded_memory():
        async with responsive():
            result = await tools.call("bash", {"command": script})
    assert result.text.startswith("exit status 0\n")
    assert "bytes left out …]" in result.text
    assert result.text.endswith("last\n\n[output was cut]")
    assert len(result.text) < 110 * 1024
