from itertools import product

import pytest

from specwright.tasks.model import OPEN, State
from specwright.tasks.states import TABLE, Event, IllegalEvent, after, allows


@pytest.mark.parametrize(("state", "event"), sorted(product(State, Event)))
def test_a_pair_is_in_the_table_or_a_bug(state: State, event: Event) -> None:
    if allows(state, event):
        assert after(state, event) in State
    else:
        with pytest.raises(IllegalEvent, match=f"{state} can't take the event {event}"):
            after(state, event)


def test_every_state_is_reached_and_left() -> None:
    assert set(TABLE.values()) == set(State)
    assert {state for state, _ in TABLE} == set(State)


def test_only_open_tasks_can_be_admitted_cancelled_or_decided() -> None:
    deciding = {Event.ADMIT, Event.CANCEL, Event.ACCEPT, Event.REJECT, Event.REVISE}
    assert {state for state, event in TABLE if event in deciding} <= OPEN


def test_an_undo_is_always_something_to_review() -> None:
    assert {TABLE[pair] for pair in TABLE if pair[1] is Event.UNDO} == {State.REVIEW}
