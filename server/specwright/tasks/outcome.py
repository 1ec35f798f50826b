"""From what the gates said to a run's outcome and the evidence of each criterion; exit codes decide, not words."""

from collections.abc import Sequence
from dataclasses import dataclass

from specwright.tasks.model import EvidenceKind, GateResult, GateRun, Outcome, Wanted


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a criterion holds; None while it is open."""

    criterion: Wanted
    kind: EvidenceKind | None
    result: GateResult | None


def outcome_of_gates(gates: Sequence[GateRun]) -> Outcome:
    """The outcome of a run that changed something: required gates decide, and nothing checked is not passed."""
    required = [gate for gate in gates if gate.required]
    if any(gate.result is GateResult.FAILED for gate in required):
        return Outcome.FAILED
    if any(gate.result in {GateResult.ERROR, GateResult.SKIPPED} for gate in required):
        return Outcome.INCONCLUSIVE
    if not any(gate.result is GateResult.PASSED for gate in required):
        return Outcome.INCONCLUSIVE
    return Outcome.PASSED


def evidence(criteria: Sequence[Wanted], gates: Sequence[GateRun]) -> tuple[Evidence, ...]:
    """One entry per criterion, in its order."""
    checks = {gate.criterion: gate for gate in gates if gate.criterion is not None}
    return tuple(_evidence_of(criterion, checks.get(criterion.number)) for criterion in criteria)


def shown(criteria: Sequence[Wanted], gates: Sequence[GateRun]) -> frozenset[int]:
    """The numbers of the criteria whose check passed."""
    found = evidence(criteria, gates)
    return frozenset(entry.criterion.number for entry in found if entry.result is GateResult.PASSED)


def _evidence_of(criterion: Wanted, check: GateRun | None) -> Evidence:
    if criterion.manual:
        return Evidence(criterion, EvidenceKind.MANUAL, None)
    if criterion.check is None:
        return Evidence(criterion, None, None)
    return Evidence(criterion, EvidenceKind.CHECK, check.result if check else None)
