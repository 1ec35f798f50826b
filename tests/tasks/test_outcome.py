import pytest

from specwright.tasks.model import EvidenceKind, GateResult, GateRun, Outcome, Wanted
from specwright.tasks.outcome import evidence, outcome_of_gates

PASSED, FAILED, ERROR, SKIPPED = GateResult


def gate(result: GateResult, required: bool = True, criterion: int | None = None) -> GateRun:
    return GateRun("g", result, None, 0.1, required=required, criterion=criterion)


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ([PASSED], Outcome.PASSED),
        ([PASSED, PASSED], Outcome.PASSED),
        ([PASSED, FAILED], Outcome.FAILED),
        ([ERROR, FAILED], Outcome.FAILED),
        ([PASSED, ERROR], Outcome.INCONCLUSIVE),
        ([PASSED, SKIPPED], Outcome.INCONCLUSIVE),
        ([], Outcome.INCONCLUSIVE),
    ],
)
def test_required_gates_decide(results: list[GateResult], outcome: Outcome) -> None:
    assert outcome_of_gates([gate(result) for result in results]) is outcome


@pytest.mark.parametrize("result", GateResult)
def test_run_with_nothing_required_checked_is_inconclusive(result: GateResult) -> None:
    assert outcome_of_gates([gate(result, required=False)]) is Outcome.INCONCLUSIVE


def test_evidence_is_of_the_criterions_own_check() -> None:
    criteria = [Wanted(1, "a", "run a"), Wanted(2, "b", manual=True), Wanted(3, "c"), Wanted(4, "d", "run d")]
    shown = evidence(criteria, [gate(PASSED), gate(FAILED, criterion=1)])
    assert [(entry.kind, entry.result) for entry in shown] == [
        (EvidenceKind.CHECK, FAILED),
        (EvidenceKind.MANUAL, None),
        (None, None),
        (EvidenceKind.CHECK, None),
    ]
