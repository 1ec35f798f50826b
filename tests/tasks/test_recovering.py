"""Which runs of a dead daemon go on: no run that kills it takes the others with it, and none is forgotten."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from specwright.tasks.recovering import HOPELESS, LONGEST, PATIENCE, SUSPECT, Lost, resume

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def lost(task: str, starts: int, ago: float = 3600) -> Lost:
    return Lost(task, starts, NOW - timedelta(seconds=ago))


def test_those_that_made_progress_go_on_at_once() -> None:
    found = resume((lost("a", 0), lost("b", SUSPECT - 1)), live=0, suspect_lives=False, now=NOW)
    assert (found.go_on, found.others_wait) == (("a", "b"), False)


def test_where_all_look_guilty_each_goes_on_once_the_one_before_has_proved_itself() -> None:
    both = lost("a", SUSPECT, ago=60), lost("b", SUSPECT, ago=50)
    first = resume(both, live=0, suspect_lives=False, now=NOW)
    assert (first.go_on, first.others_wait) == (("a",), True)
    assert resume(both[1:], live=1, suspect_lives=True, now=NOW).go_on == ()
    assert resume(both[1:], live=1, suspect_lives=False, now=NOW).go_on == ("b",)


def test_a_suspect_goes_alone_after_the_others() -> None:
    both = lost("bad", SUSPECT + 1, ago=60), lost("good", 1, ago=60)
    found = resume(both, live=0, suspect_lives=False, now=NOW)
    assert (found.go_on, found.others_wait) == (("good",), False)
    while_it_runs = resume(both[:1], live=1, suspect_lives=False, now=NOW)
    assert (while_it_runs.go_on, while_it_runs.look_again) == ((), NOW + PATIENCE - timedelta(seconds=60))
    alone = resume(both[:1], live=0, suspect_lives=False, now=NOW)
    assert (alone.go_on, alone.others_wait) == (("bad",), True)
    assert resume((), live=1, suspect_lives=True, now=NOW).others_wait


def test_a_suspect_is_started_after_a_longer_pause_each_time() -> None:
    young = resume((lost("bad", SUSPECT + 2, ago=1),), live=0, suspect_lives=False, now=NOW)
    assert (young.go_on, young.look_again) == ((), NOW + timedelta(seconds=3))
    assert resume((lost("bad", SUSPECT + 2, ago=4),), live=0, suspect_lives=False, now=NOW).go_on == ("bad",)


def test_a_suspect_that_has_waited_long_holds_the_others_back() -> None:
    old = lost("bad", SUSPECT + 1, ago=PATIENCE.total_seconds())
    found = resume((old, lost("good", 0)), live=2, suspect_lives=False, now=NOW)
    assert (found.go_on, found.others_wait) == ((), True)
    assert resume((old, lost("good", 0)), live=0, suspect_lives=False, now=NOW).go_on == ("bad",)


def test_a_suspect_whose_last_start_is_still_to_come_goes_on_all_the_same() -> None:
    set_back = lost("bad", SUSPECT + 2, ago=-86_400)
    assert resume((set_back,), live=0, suspect_lives=False, now=NOW).go_on == ("bad",)
    assert resume((set_back,), live=1, suspect_lives=False, now=NOW).others_wait


def test_a_hopeless_one_is_given_up() -> None:
    assert resume((lost("bad", HOPELESS),), live=3, suspect_lives=False, now=NOW).give_up == ("bad",)


LOST = st.builds(
    Lost,
    task=st.text("abc", min_size=1, max_size=3),
    starts=st.integers(0, HOPELESS + 1),
    begun=st.integers(-10, 2000).map(lambda n: NOW - timedelta(seconds=n)),
)


@given(st.lists(LOST, max_size=5, unique_by=lambda run: run.task).map(tuple), st.integers(0, 2))
def test_every_run_goes_on_in_the_end(runs: tuple[Lost, ...], live: int) -> None:
    """Played forward: each pass starts something, gives something up, or names when to look again."""
    now, left = NOW, {run.task for run in runs}
    for _ in range(4 * len(runs) + 4):
        found = resume(tuple(run for run in runs if run.task in left), live, False, now)
        gone = {*found.go_on, *found.give_up}
        assert len([run for run in runs if run.task in found.go_on and run.starts >= SUSPECT]) <= 1
        left, live = left - gone, 0
        now = max(now, found.look_again) if found.look_again and not gone else now + LONGEST
    assert not left
