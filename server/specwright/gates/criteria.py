"""A criterion's `check:` as a gate, and which configured gates a spec asks for."""

import shlex
from collections.abc import Sequence

from specwright.config.settings import Gate
from specwright.tasks.model import GateResult, GateRun, Wanted

SECONDS = 300
PREFIX = "criterion:AC"


def check_gate(wanted: Wanted, services: tuple[str, ...] = ()) -> Gate:
    """The gate of a criterion that has a check; its command is split like a shell's words, never given to one.

    It reaches the `services` that the project's gates do.
    """
    command = wanted.check or ""
    try:
        words = tuple(shlex.split(command))
    except ValueError:
        words = (command,)
    return Gate(f"{PREFIX}{wanted.number}", words or (command,), timeout=SECONDS, services=services)


def not_run(gate: Gate, tree: str) -> GateRun:
    """What a gate with a fault says; or a spec's check without a sandbox, which nobody consented to."""
    if gate.fault:
        return GateRun(gate.name, GateResult.ERROR, gate.fault, 0.0, tree=tree, required=gate.required)
    reason = "Not run: a spec's own checks run in a sandbox alone, and it is switched off here."
    return GateRun(gate.name, GateResult.SKIPPED, reason, 0.0, tree=tree)


def number_of(gate: Gate) -> int | None:
    """The number of the criterion whose check a gate is."""
    return int(gate.name.removeprefix(PREFIX)) if gate.name.startswith(PREFIX) else None


def chosen(gates: Sequence[Gate], words: Sequence[str]) -> tuple[Gate, ...]:
    """Plain names replace the set; `-x` takes one out of it. What is not configured is a gate that is an error."""
    named = {word for word in words if word[0] not in "+-"}
    without = {word[1:] for word in words if word.startswith("-")}
    kept = [gate for gate in gates if gate.name in named] if named else list(gates)
    faulty = [Gate(f"unknown:{name[:80]}", (), fault=_no_gate(name, gates)) for name in _unknown(gates, words)]
    return (*(gate for gate in kept if gate.name not in without), *faulty)


def _unknown(gates: Sequence[Gate], words: Sequence[str]) -> list[str]:
    known = {gate.name for gate in gates}
    names = (word.removeprefix(word[0]) if word[0] in "+-" else word for word in words)
    return [name for name in dict.fromkeys(names) if name not in known]


def _no_gate(name: str, gates: Sequence[Gate]) -> str:
    known = ", ".join(gate.name for gate in gates)
    return f"There is no gate '{name[:80]}'; " + (f"the project's are {known}." if known else "the project has none.")
