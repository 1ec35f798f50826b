"""A slot, a real box of each kind around it, and one way to ask what a gate says of it."""

import itertools
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from boxes import need
from specwright.config.settings import Gate, SandboxMode
from specwright.gates.run import run_gate
from specwright.sandbox.box import make_box
from specwright.sandbox.visible import Visible
from specwright.tasks.model import GateRun
from specwright.tasks.protocols import Box


@dataclass
class Judge:
    """Runs gates on one slot."""

    box: Box
    outputs: Path
    numbers: itertools.count = field(default_factory=itertools.count)

    @property
    def slot(self) -> Path:
        return self.box.slot

    async def gate(self, gate: Gate, changed: Sequence[str] = ()) -> GateRun:
        output = self.outputs / str(next(self.numbers))
        output.mkdir(parents=True)
        return await run_gate(gate, self.box, output, changed, "tree")

    async def shell(self, script: str, report: str | None = None, **settings: object) -> GateRun:
        """What a gate says whose command is a shell's script; `$O` in it is the gate's own folder."""
        return await self.gate(Gate("checks", ("sh", "-c", script), report, **settings))


def make_judge(mode: SandboxMode, folder: Path) -> Judge:
    slot = folder / "slot"
    slot.mkdir()
    (slot / ".git").write_text("gitdir: elsewhere\n")
    path = f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}"
    given = (("PATH", path), ("VIRTUAL_ENV", sys.prefix))
    visible = Visible(slot, slot / ".git", roots=(Path(sys.prefix), Path(sys.base_prefix)), environment=given)
    return Judge(make_box(mode, visible), folder / "outputs")


@pytest.fixture
def boxed(tmp_path: Path) -> Judge:
    """In the full sandbox."""
    need(SandboxMode.FULL)
    return make_judge(SandboxMode.FULL, tmp_path)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Without a sandbox, which is quicker."""
    return make_judge(SandboxMode.NONE, tmp_path)


@pytest.fixture(params=["boxed", "judge"], ids=["full", "none"])
def any_judge(request: pytest.FixtureRequest) -> Judge:
    return request.getfixturevalue(request.param)
