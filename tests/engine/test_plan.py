"""The plan of a run and its ending: pure, from what the phases recorded."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.engine.ending import ending_of
from specwright.engine.plan import Step, agent_step, last_round, plan
from specwright.tasks.model import Outcome, Phase
from specwright.tasks.protocols import EndReason
from specwright.tasks.states import Event

Value = Mapping[str, Any]
OID = "1" * 40
WORKED = st.fixed_dictionaries({"end": st.sampled_from(EndReason), "empty": st.booleans()})
GATED = st.fixed_dictionaries({"failed": st.lists(st.just("tests"), max_size=1)})
AGENTS = {Phase.AGENT, Phase.REPAIRING}


def played(repairs: int, worked: list[Value], gated: list[Value]) -> list[Step]:
    """The steps of a whole run whose phases record these values, round by round."""
    done: dict[tuple[int, Phase], Value] = {}
    steps = []
    while step := plan(done, repairs):
        values = worked if step.phase in AGENTS else gated if step.phase is Phase.GATES else [{}]
        done[step] = values[step.round % len(values)]
        steps.append(step)
        assert len(steps) <= 2 * repairs + 5
    return steps


RUNS = given(st.integers(0, 4), st.lists(WORKED, min_size=1, max_size=5), st.lists(GATED, min_size=1, max_size=5))


@RUNS
def test_a_run_ends_and_takes_no_step_twice(repairs: int, worked: list[Value], gated: list[Value]) -> None:
    steps = played(repairs, worked, gated)
    assert len(set(steps)) == len(steps)
    assert steps[:3] == [(0, Phase.PREPARING), (0, Phase.BASELINE), (0, Phase.AGENT)]
    assert steps[-1] == (0, Phase.RECORDING)
    assert max(step.round for step in steps) <= repairs


@RUNS
def test_agent_and_gates_take_turns(repairs: int, worked: list[Value], gated: list[Value]) -> None:
    middle = played(repairs, worked, gated)[2:-1]
    assert [step.round for step in middle] == [index // 2 for index in range(len(middle))]
    assert [step.phase for step in middle[::2]] == [agent_step(round).phase for round in range(len(middle[::2]))]
    assert all(step.phase is Phase.GATES for step in middle[1::2])


@RUNS
def test_only_a_change_of_a_finished_agent_is_gated(repairs: int, worked: list[Value], gated: list[Value]) -> None:
    steps = played(repairs, worked, gated)
    for round in {step.round for step in steps if step.phase in AGENTS}:
        value = worked[round % len(worked)]
        assert ((round, Phase.GATES) in steps) == (value["end"] is EndReason.FINISHED and not value["empty"])


GOOD, FAILED = {"failed": [], "outcome": "passed"}, {"failed": ["tests"], "outcome": "failed"}


def work(end: EndReason = EndReason.FINISHED, note: str = "", *, empty: bool = False) -> Value:
    return {"end": end, "empty": empty, "note": note, "claim": "", "commit": None if empty else OID}


@pytest.mark.parametrize(
    ("gates", "repairs", "last"),
    [([GOOD], 2, 0), ([FAILED, GOOD], 2, 1), ([FAILED, FAILED, FAILED], 2, 2), ([FAILED], 0, 0)],
)
def test_a_failed_gate_is_repaired_as_often_as_is_allowed(gates: list[Value], repairs: int, last: int) -> None:
    steps = played(repairs, [work()], gates)
    assert sum(step.phase in AGENTS for step in steps) == last + 1
    assert last_round({step: {} for step in steps}) == last


@pytest.mark.parametrize("killed_after", range(1, 6))
def test_a_later_start_goes_on_with_the_next_step(killed_after: int) -> None:
    steps = played(1, [work()], [FAILED, GOOD])
    values = {(0, Phase.GATES): FAILED, (1, Phase.GATES): GOOD}
    done = {step: values.get(step, work()) for step in steps[:killed_after]}
    assert plan(done, 1) == steps[killed_after]


ENDS = [
    (work(), GOOD, Outcome.PASSED, Event.RESULT, None),
    (work(), FAILED, Outcome.FAILED, Event.RESULT, None),
    (work(), {"failed": [], "outcome": "inconclusive"}, Outcome.INCONCLUSIVE, Event.RESULT, None),
    (work(empty=True), None, Outcome.EMPTY, Event.NOTHING, "The agent changed nothing."),
    (work(EndReason.EXHAUSTED, "All turns."), None, Outcome.STOPPED, Event.RESULT, "All turns."),
    (work(EndReason.EXHAUSTED, "All turns.", empty=True), None, Outcome.STOPPED, Event.NOTHING, "All turns."),
    (work(EndReason.BLOCKED, "Which?", empty=True), None, Outcome.BLOCKED, Event.RESULT, None),
    (work(EndReason.REFUSED, "No."), None, Outcome.ERROR, Event.NOTHING, "No."),
    (work(EndReason.OVERFLOW, "Too long."), None, Outcome.ERROR, Event.NOTHING, "Too long."),
    (work(EndReason.FAULT, "Broken."), None, Outcome.ERROR, Event.NOTHING, "Broken."),
]


@pytest.mark.parametrize(("worked", "gated", "outcome", "event", "reason"), ENDS)
def test_an_ending_is_judged_by_what_was_recorded(
    worked: Value, gated: Value | None, outcome: Outcome, event: Event, reason: str | None
) -> None:
    ending = ending_of({(0, Phase.AGENT): worked, **({(0, Phase.GATES): gated} if gated else {})})
    assert (ending.outcome, ending.event, ending.head) == (outcome, event, worked["commit"])
    assert (ending.reason or "").startswith(reason or "")
    assert bool(ending.reason) == bool(reason)
    assert ending.question == ("Which?" if outcome is Outcome.BLOCKED else None)


def test_the_last_round_decides() -> None:
    done = {(0, Phase.AGENT): work(), (0, Phase.GATES): FAILED, (1, Phase.REPAIRING): work(), (1, Phase.GATES): GOOD}
    assert ending_of(done).outcome is Outcome.PASSED
