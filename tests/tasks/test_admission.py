from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.tasks.admission import Candidate, Needed, Place, Snapshot, admit
from specwright.tasks.model import Reason, State

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(hours=1)
NEED = Needed("#b2c3d4", stacked=False, task="t2", title="Parse durations", state=State.REVIEW)


def candidate(id: str, age: int = 0, limit: int = 9, **more: Any) -> Candidate:
    return Candidate(id, START - timedelta(minutes=age), "p", limit, **more)


def snapshot(*waiting: Candidate, running: str = "", limit: int = 9, **more: Any) -> Snapshot:
    """`running` names the project of each run by a letter."""
    return Snapshot(waiting, tuple(Place(project) for project in running), limit, START, **more)


def check_started(seen: Snapshot, *ids: str) -> None:
    assert admit(seen).start == ids


def check_waits(seen: Snapshot, **reasons: tuple[Reason, ...]) -> Mapping[str, str]:
    """The reasons of each task that waits; its sentences in one text."""
    waits = dict(admit(seen).wait)
    assert {task: tuple(reason for reason, _ in why) for task, why in waits.items()} == reasons
    return {task: " ".join(sentence for _, sentence in why) for task, why in waits.items()}


def test_the_limit_holds_and_the_rest_waits_for_it() -> None:
    seen = snapshot(candidate("a", 2), candidate("b", 1), running="qq", limit=3)
    check_started(seen, "a")
    check_waits(seen, b=(Reason.LIMIT,))


def test_priority_goes_before_age_and_age_before_id() -> None:
    check_started(snapshot(candidate("c"), candidate("b"), candidate("a", -5), candidate("z", priority=1)), *"zbca")


def test_where_a_person_put_it_goes_before_all_that() -> None:
    check_started(snapshot(candidate("a", 9, priority=1), candidate("b", rank=-1), candidate("c", 99, rank=1)), *"bac")


def test_each_day_of_waiting_is_a_step_of_priority() -> None:
    check_started(snapshot(candidate("low", 2 * 24 * 60, priority=-1), candidate("normal")), "low", "normal")


def test_the_limits_of_a_project_and_of_an_agent_hold_beside_the_global_one() -> None:
    check_started(snapshot(candidate("a", limit=1), candidate("b", limit=1), running="q"), "a")
    two = (
        candidate("a", agent="x", agent_limit=1),
        candidate("b", agent="x", agent_limit=1),
        candidate("c", agent="y"),
    )
    check_started(snapshot(*two), "a", "c")


def test_a_held_task_takes_no_place_and_tells_all_its_reasons() -> None:
    held = candidate("a", 9, held=((Reason.TRUST, "Agree."), (Reason.KEY, "No key.")))
    seen = snapshot(held, candidate("b"), limit=1)
    check_started(seen, "b")
    assert check_waits(seen, a=(Reason.TRUST, Reason.KEY)) == {"a": "Agree. No key."}


@pytest.mark.parametrize("why", ["The queue is paused.", "Only 1 GB is free."])
def test_a_paused_queue_starts_nothing_and_says_why(why: str) -> None:
    assert check_waits(snapshot(candidate("a"), paused=why), a=(Reason.PAUSED,)) == {"a": why}


@pytest.mark.parametrize(
    ("need", "starts", "sentence"),
    [
        (NEED, False, "It waits for 'Parse durations' (t2) to be accepted."),
        (replace(NEED, state=State.ACCEPTED), True, ""),
        (replace(NEED, passed=True), False, "to be accepted"),
        (replace(NEED, stacked=True, passed=True), True, ""),
        (replace(NEED, stacked=True), False, "to pass"),
        (replace(NEED, state=State.REJECTED), False, "which is rejected: retry that one"),
        (replace(NEED, state=State.CANCELLED, stacked=True, passed=True), False, "which is cancelled"),
        (replace(NEED, task=None, state=None), False, "after #b2c3d4, which is not queued"),
    ],
)
def test_a_task_starts_after_those_that_it_names(need: Needed, starts: bool, sentence: str) -> None:
    seen = snapshot(candidate("a", needs=(need,)))
    if starts:
        check_started(seen, "a")
    else:
        assert sentence in check_waits(seen, a=(Reason.AFTER,))["a"]


def test_results_that_wait_for_a_decision_hold_what_has_not_begun() -> None:
    held = snapshot(candidate("a", review_limit=2), undecided={"p": 2})
    assert "2 results wait for your review" in check_waits(held, a=(Reason.REVIEW,))["a"]
    check_started(replace(held, undecided={"p": 1, "q": 9}), "a")
    check_started(snapshot(candidate("a"), undecided={"p": 99}), "a")


def test_what_one_action_queued_runs_whole_and_what_was_sent_back_too() -> None:
    same = {"review_limit": 1, "action": "x"}
    full = {"p": 1}
    check_started(snapshot(candidate("a", **same), undecided=full, begun=frozenset({"x"})), "a")
    check_started(snapshot(candidate("a", review_limit=1, has_run=True), undecided=full), "a")
    check_started(snapshot(candidate("a", 1, **same), candidate("b", **same)), "a", "b")
    check_waits(snapshot(candidate("a", review_limit=1), undecided=full, begun=frozenset({""})), a=(Reason.REVIEW,))


def test_a_time_and_quiet_hours_hold_and_say_when_to_look_again() -> None:
    waits = snapshot(candidate("a", not_before=LATER), candidate("b"))
    check_started(waits, "b")
    check_waits(waits, a=(Reason.SCHEDULE,))
    assert admit(waits).look_again == LATER
    check_started(replace(waits, now=LATER), "a", "b")
    quiet = snapshot(candidate("a"), quiet_until=LATER)
    check_waits(quiet, a=(Reason.SCHEDULE,))
    assert admit(quiet).look_again == LATER


NEEDS = st.builds(
    Needed,
    name=st.just("#a2b3c4"),
    stacked=st.booleans(),
    task=st.none() | st.just("other"),
    state=st.sampled_from(State),
    passed=st.booleans(),
)
CANDIDATES = st.builds(
    Candidate,
    id=st.text("abcdef", min_size=1, max_size=6),
    created=st.integers(0, 99).map(lambda n: START - timedelta(hours=n)),
    project=st.sampled_from("pq"),
    project_limit=st.integers(0, 3),
    priority=st.integers(-1, 1),
    rank=st.integers(-2, 2),
    held=st.sampled_from([(), ((Reason.KEY, "No key."),)]),
    agent=st.sampled_from("xy"),
    agent_limit=st.integers(1, 3),
    action=st.sampled_from(["", "i", "j"]),
    review_limit=st.integers(0, 2),
    has_run=st.booleans(),
    not_before=st.sampled_from([None, START, LATER]),
    needs=st.lists(NEEDS, max_size=2).map(tuple),
)
SNAPSHOTS = st.builds(
    Snapshot,
    waiting=st.lists(CANDIDATES, max_size=8, unique_by=lambda c: c.id).map(tuple),
    running=st.lists(st.builds(Place, st.sampled_from("pq"), st.sampled_from("xy")), max_size=5).map(tuple),
    limit=st.integers(0, 6),
    now=st.just(START),
    paused=st.sampled_from(["", "", "Paused."]),
    quiet_until=st.sampled_from([None, None, LATER]),
    undecided=st.dictionaries(st.sampled_from("pq"), st.integers(0, 3)),
    begun=st.frozensets(st.sampled_from(["i", "j"])),
)


@given(SNAPSHOTS)
def test_no_limit_is_ever_passed_and_none_is_lost(seen: Snapshot) -> None:
    picked = admit(seen)
    known = {c.id: c for c in seen.waiting}
    started = [known[id] for id in picked.start]
    assert len(started) <= max(0, seen.limit - len(seen.running))
    for count, candidate in enumerate(started):
        before = [Place(c.project, c.agent) for c in started[:count]] + list(seen.running)
        assert sum(place.project == candidate.project for place in before) < candidate.project_limit
        assert sum(place.agent == candidate.agent for place in before) < candidate.agent_limit
        assert not candidate.held
        assert not seen.paused
        assert all(need.met for need in candidate.needs)
        assert candidate.not_before in {None, START}
    assert sorted([*picked.start, *(id for id, _ in picked.wait)]) == sorted(known)
    assert all(reasons for _, reasons in picked.wait)


@given(SNAPSHOTS)
def test_the_same_snapshot_gives_the_same_answer(seen: Snapshot) -> None:
    assert admit(seen) == admit(replace(seen, waiting=seen.waiting[::-1]))


@given(SNAPSHOTS)
def test_a_second_pass_after_the_first_starts_nothing_more(seen: Snapshot) -> None:
    """What is picked runs at once: then the rest has the same reasons to wait, but for what runs whole."""
    picked = admit(seen)
    started = [c for c in seen.waiting if c.id in picked.start]
    again = replace(
        seen,
        waiting=tuple(c for c in seen.waiting if c.id not in picked.start),
        running=(*seen.running, *(Place(c.project, c.agent) for c in started)),
    )
    assert admit(again).start == ()
