from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from specwright.config.settings import Budget, Limits, Settings
from specwright.engine.brief import MOST_FINDINGS, brief_of, to_repair
from specwright.tasks.model import Finding, GateResult, GateRun, Level, State, Task, Wish


def gate(result: GateResult, *messages: str, reason: str | None = None) -> GateRun:
    findings = tuple(Finding("tests", "rule", Level.HIGH, message) for message in messages)
    return GateRun("tests", result, reason, 0.1, findings, exit_code=1)


@pytest.mark.parametrize(
    ("gates", "messages"),
    [
        ([], []),
        ([gate(GateResult.PASSED, "a note")], []),
        ([gate(GateResult.ERROR, "a"), gate(GateResult.SKIPPED)], []),
        ([gate(GateResult.FAILED, "a", "b"), gate(GateResult.FAILED, "c")], ["a", "b", "c"]),
        ([gate(GateResult.FAILED)], ["tests failed (exit code 1)"]),
        ([gate(GateResult.FAILED, reason="Its last lines.")], ["Its last lines."]),
    ],
)
def test_what_failed_gates_found_is_to_be_mended(gates: list[GateRun], messages: list[str]) -> None:
    assert [finding.message for finding in to_repair(gates)] == messages


def test_findings_are_bounded() -> None:
    assert len(to_repair([gate(GateResult.FAILED, *map(str, range(99)))])) == MOST_FINDINGS


def test_a_brief_holds_the_spec_the_remarks_and_the_limits(wish_of: Callable[..., Wish]) -> None:
    wish = wish_of()
    task = Task("k7f3qa", wish, State.RUNNING, datetime.now(UTC), remarks=("Shorter.",))
    settings = Settings(limits=Limits(seconds=60), budget=Budget(task_tokens=99))
    brief = brief_of(task, "k7f3qa/2", 3, settings, [gate(GateResult.FAILED, "a")])
    assert (brief.run, brief.round, brief.remarks, brief.base) == ("k7f3qa/2", 3, ("Shorter.",), wish.base)
    assert (brief.spec, brief.title, brief.scope) == ("# Title", "Title", ("a.py",))
    assert [finding.message for finding in brief.findings] == ["a"]
    assert (brief.limits.tokens, brief.limits.seconds) == (99, 60.0)
    assert brief.resume is None
