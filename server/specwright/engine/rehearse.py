"""`init`: what gates a project has, and whether set-up and each of them runs on HEAD as in a run."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from specwright.api import setup
from specwright.config import read
from specwright.config.settings import Settings
from specwright.engine import consent, ready, trust
from specwright.engine.context import Context
from specwright.errors import Refused
from specwright.gates.cures import cure_of
from specwright.gates.detect import detect
from specwright.gates.run import run_gate
from specwright.gates.settings_text import commented_settings
from specwright.git import checkout as checkouts
from specwright.git import included, private, refs, slots
from specwright.store.ids import draw
from specwright.tasks.model import Checkout, GateResult, GateRun
from specwright.tasks.protocols import Box

Tell = Callable[[setup.Progress], None]
LINES = 12
"""Lines of what a gate printed that are told where it is not well."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a rehearsal plays."""

    checkout: Checkout
    settings: Settings
    roots: tuple[Path, ...]
    included: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]


async def propose(context: Context, folder: setup.Folder) -> setup.Proposal:
    """The settings file that would be written; nothing is. Raises `WrongUse` where no task could start."""
    checkout = await asyncio.to_thread(checkouts.find, Path(folder.folder))
    await asyncio.to_thread(checkouts.head, checkout)
    root = Path(checkout.root)
    found = await asyncio.to_thread(detect, root, folder.environment)
    text = commented_settings(found.gates)
    settings, _ = read.project(text)
    wanted = await trust.wanted_here(context, checkout, settings, folder.environment)
    return setup.Proposal(
        root=checkout.root,
        exists=await asyncio.to_thread((root / "specwright.toml").exists),
        text=text,
        gates=tuple(setup.DetectedGate(gate.name, gate.command, gate.origin) for gate in found.gates),
        notes=found.notes,
        roots=trust.roots_shown(wanted),
    )


async def rehearse(context: Context, folder: setup.Folder, tell: Tell) -> setup.Rehearsal:
    """Make a slot of HEAD, run set-up and every gate there once, and say what mends each failure."""
    if context.probe.mode is None:
        raise Refused(context.probe.trouble)
    stage = await _stage(context, folder)
    total = len(stage.settings.gates) + 2
    tell(setup.Progress("a slot of HEAD", 0, total))
    began = time.monotonic()
    async with _slot(context, stage) as (slot, box):
        steps = [setup.Rehearsed("slot", GateResult.PASSED, time.monotonic() - began, None, None)]
        tell(setup.Progress("set-up", 1, total))
        await asyncio.to_thread(included.copy, stage.checkout, slot.path, stage.included)
        steps += await _setup(stage, box)
        ready_for_gates = all(step.result is GateResult.PASSED for step in steps)
        for number, gate in enumerate(stage.settings.gates if ready_for_gates else (), 2):
            tell(setup.Progress(f"gate {gate.name}", number, total))
            output_of = tempfile.TemporaryDirectory(dir=slot.path.parent, prefix="rehearsal-")
            with context.git_settings.over(stage.checkout, box) as seen, output_of as output:
                ran = await run_gate(gate, box, Path(output), (), "")
                printed = await asyncio.to_thread(_end_of, ran)
            result = seen.judge(ran)
            reason = _reason(result, printed)
            steps.append(setup.Rehearsed(gate.name, result.result, result.duration_s, reason, cure_of(gate, result)))
        return setup.Rehearsal(tuple(steps), box.mode)


def _end_of(ran: GateRun) -> list[str]:
    """The end of what a gate printed: nothing of a rehearsal is kept."""
    text = Path(ran.log).read_text(encoding="utf-8") if ran.log else ""
    return [line for line in text.splitlines() if line.strip()][-LINES:]


def _reason(ran: GateRun, printed: list[str]) -> str | None:
    if ran.result not in {GateResult.FAILED, GateResult.ERROR} or not printed:
        return ran.reason
    return "\n".join([ran.reason or "It printed at its end:", *printed])


async def _stage(context: Context, folder: setup.Folder) -> Stage:
    checkout = await asyncio.to_thread(checkouts.find, Path(folder.folder))
    text = await asyncio.to_thread(trust.settings_text, checkout.root)
    standing = await consent.of_checkout(context, checkout, text, folder.environment)
    if not standing.runs:
        raise Refused("These commands were not agreed to yet: `specwright trust` shows them and asks.")
    environment = tuple(sorted(folder.environment.items()))
    return Stage(checkout, trust.checked_settings(checkout.root, text), standing.roots, standing.included, environment)


@asynccontextmanager
async def _slot(context: Context, stage: Stage) -> AsyncIterator[tuple[slots.Slot, Box]]:
    """A slot of HEAD, given back at the end; its base's ref goes with it."""
    name = draw()
    base = await asyncio.to_thread(checkouts.head, stage.checkout)
    repository = await asyncio.to_thread(private.private_repository, stage.checkout, context.places.slots)
    await asyncio.to_thread(private.bring, repository, stage.checkout, base, name)
    slot = await asyncio.to_thread(slots.take, repository, f"{name}/0", 1, base)
    try:
        yield slot, ready.box_of(context, slot, stage.roots, stage.environment)
    finally:
        await asyncio.to_thread(slots.release, slot)
        await asyncio.to_thread(refs.forget, repository, name)


async def _setup(stage: Stage, box: Box) -> list[setup.Rehearsed]:
    if not stage.settings.slots.setup:
        return []
    done, tail = await ready.set_up(box, stage.settings.slots)
    if done.exit_code == 0:
        return [setup.Rehearsed("set-up", GateResult.PASSED, done.seconds, None, None)]
    return [setup.Rehearsed("set-up", GateResult.ERROR, done.seconds, tail, ready.cure_of(stage.settings.slots, done))]
