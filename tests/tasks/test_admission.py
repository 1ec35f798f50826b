from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from specwright.tasks.admission import Candidate, Snapshot, admit
from specwright.tasks.model import Reason

START = datetime(2026, 1, 1, tzinfo=UTC)


def candidate(id: str, age: int = 0, priority: int = 0, held: tuple[Reason, ...] = (), limit: int = 9) -> Candidate:
    return Candidate(id, START - timedelta(minutes=age), "p", limit, priority, held=held)


def check_started(snapshot: Snapshot, *ids: str) -> None:
    assert admit(snapshot).start == ids


def test_the_limit_holds_and_the_rest_waits_for_it() -> None:
    snapshot = Snapshot((candidate("a", 2), candidate("b", 1)), running=("q", "q"), limit=3)
    check_started(snapshot, "a")
    assert admit(snapshot).wait == (("b", (Reason.LIMIT,)),)


def test_priority_goes_before_age_and_age_before_id() -> None:
    snapshot = Snapshot((candidate("c"), candidate("b"), candidate("a", -5), candidate("z", priority=1)), (), 9)
    check_started(snapshot, "z", "b", "c", "a")


def test_a_projects_own_limit_holds_beside_the_global_one() -> None:
    check_started(Snapshot((candidate("a", limit=1), candidate("b", limit=1)), ("other",), 9), "a")


def test_a_held_task_takes_no_place_and_tells_all_its_reasons() -> None:
    held = candidate("a", 9, held=(Reason.TRUST, Reason.KEY))
    snapshot = Snapshot((held, candidate("b")), (), 1)
    check_started(snapshot, "b")
    assert admit(snapshot).wait == (("a", (Reason.TRUST, Reason.KEY)),)


def test_a_paused_queue_starts_nothing() -> None:
    assert admit(Snapshot((candidate("a"),), (), 4, paused=True)).wait == (("a", (Reason.PAUSED,)),)


CANDIDATES = st.builds(
    Candidate,
    id=st.text("abcdef", min_size=1, max_size=6),
    created=st.integers(0, 99).map(lambda n: START + timedelta(seconds=n)),
    project=st.sampled_from("pq"),
    project_limit=st.integers(0, 3),
    priority=st.integers(-1, 1),
    held=st.sampled_from([(), (Reason.KEY,)]),
)
SNAPSHOTS = st.builds(
    Snapshot,
    waiting=st.lists(CANDIDATES, max_size=8, unique_by=lambda c: c.id).map(tuple),
    running=st.lists(st.sampled_from("pq"), max_size=5).map(tuple),
    limit=st.integers(0, 6),
    paused=st.booleans(),
)


@given(SNAPSHOTS)
def test_no_limit_is_ever_passed_and_none_is_lost(snapshot: Snapshot) -> None:
    picked = admit(snapshot)
    projects = {c.id: c for c in snapshot.waiting}
    assert len(picked.start) <= max(0, snapshot.limit - len(snapshot.running))
    for project in "pq":
        ours = [projects[id] for id in picked.start if projects[id].project == project]
        assert len(ours) <= max(0, max([c.project_limit for c in ours], default=0) - snapshot.running.count(project))
    assert sorted([*picked.start, *(id for id, _ in picked.wait)]) == sorted(projects)
    assert all(reasons for _, reasons in picked.wait)


@given(SNAPSHOTS)
def test_the_same_snapshot_gives_the_same_answer(snapshot: Snapshot) -> None:
    turned = Snapshot(snapshot.waiting[::-1], snapshot.running, snapshot.limit, snapshot.paused)
    assert admit(snapshot) == admit(turned)
