"""The one table of how a task's state moves; anything that it does not hold is a bug."""

from enum import StrEnum

from specwright.tasks.model import State


class Event(StrEnum):
    """What can happen to a task."""

    ADMIT = "admit"
    RESULT = "result"
    """A run ended with a tree or a question."""
    NOTHING = "nothing"
    """A run ended with nothing to review."""
    HOLD = "hold"
    """Throttled, out of budget, without a key: put back with its tree."""
    CANCEL = "cancel"
    ACCEPT = "accept"
    """All hunks decided, one at least accepted."""
    REJECT = "reject"
    REVISE = "revise"
    """Remarks or an answer: the next run goes on from this tree."""
    RETRY = "retry"
    """The next run begins at the base again."""
    UNDO = "undo"


class IllegalEvent(AssertionError):
    """The table has no such pair: a bug in the caller, never the user's fault."""


TABLE: dict[tuple[State, Event], State] = {
    (State.WAITING, Event.ADMIT): State.RUNNING,
    (State.WAITING, Event.CANCEL): State.CANCELLED,
    (State.RUNNING, Event.RESULT): State.REVIEW,
    (State.RUNNING, Event.NOTHING): State.FAILED,
    (State.RUNNING, Event.HOLD): State.WAITING,
    (State.RUNNING, Event.CANCEL): State.CANCELLED,
    (State.REVIEW, Event.ACCEPT): State.ACCEPTED,
    (State.REVIEW, Event.REJECT): State.REJECTED,
    (State.REVIEW, Event.REVISE): State.WAITING,
    (State.REVIEW, Event.RETRY): State.WAITING,
    (State.ACCEPTED, Event.UNDO): State.REVIEW,
    (State.REJECTED, Event.RETRY): State.WAITING,
    (State.REJECTED, Event.UNDO): State.REVIEW,
    (State.CANCELLED, Event.RETRY): State.WAITING,
    (State.CANCELLED, Event.UNDO): State.REVIEW,
    (State.FAILED, Event.RETRY): State.WAITING,
    (State.FAILED, Event.UNDO): State.REVIEW,
}


def after(state: State, event: Event) -> State:
    """The state that follows. Raises `IllegalEvent` for a pair that the table lacks."""
    if (state, event) not in TABLE:
        raise IllegalEvent(f"a task that is {state} can't take the event {event}")
    return TABLE[state, event]


def allows(state: State, event: Event) -> bool:
    """Whether the table holds the pair."""
    return (state, event) in TABLE
