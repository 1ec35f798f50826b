"""A criterion's `check:` as a gate, and which configured gates a spec asks for."""

import shlex
from collections.abc import Sequence

from specwright.config.settings import Gate
from specwright.tasks.model import GateResult, GateRun, Wanted

SECONDS = 300
PREFIX = "criterion:AC"


def check_gate(wanted: Wanted) -> Gate:
    """The gate of a criterion that has a check; its command is split like a shell's words, never given to one."""
    command = wanted.check or ""
    try:
        words = tuple(shlex.split(command))
    except ValueError:
        words = (command,)
    return Gate(f"{PREFIX}{wanted.number}", words or (command,), timeout=SECONDS)


def not_run(gate: Gate, tree: str) -> GateRun:
    """A check that nobody consented to outside of the full sandbox: its run is inconclusive, for it shows nothing."""
    reason = "Not run: a spec's own checks run in the full sandbox alone, and there is none here."
    return GateRun(gate.name, GateResult.SKIPPED, reason, 0.0, tree=tree)


def number_of(gate: Gate) -> int | None:
    """The number of the criterion whose check a gate is."""
    return int(gate.name.removeprefix(PREFIX)) if gate.name.startswith(PREFIX) else None


def chosen(gates: Sequence[Gate], words: Sequence[str]) -> tuple[Gate, ...]:
    """Plain names replace the set; `-x` takes one out of it. Only what is configured can be chosen."""
    named = {word for word in words if word[0] not in "+-"}
    without = {word[1:] for word in words if word.startswith("-")}
    kept = [gate for gate in gates if gate.name in named] if named else list(gates)
    return tuple(gate for gate in kept if gate.name not in without)
