"""What a person says of the queue itself: nothing begins for now, or this goes before that."""

import time
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, update

from specwright.errors import Refused, WrongUse
from specwright.store import tasks as task_rows
from specwright.store.database import Writing
from specwright.store.schema import IS_OPEN, PAUSE, TASK
from specwright.tasks import admission
from specwright.tasks.model import State, Task

BY_USER = "user"
"""The cause of a pause that a person asked for."""
FIRST, LAST = "first", "last"


def pause(writing: Writing, paused: bool) -> None:
    """Nothing begins from now on, or it may again; what runs goes on."""
    if is_paused(writing.connection) == paused:
        return
    writing.connection.execute(PAUSE.delete())
    if paused:
        writing.connection.execute(PAUSE.insert().values(cause=BY_USER, at=time.time()))
    writing.free()


def is_paused(connection: Connection) -> bool:
    """Whether a person stopped the queue."""
    return connection.execute(select(PAUSE.c.cause)).first() is not None


def move(writing: Writing, task: str, to: str) -> list[str]:
    """Put a waiting task first, last, or before another one; the order that follows.

    Raises `Refused` for a task that does not wait, and `WrongUse` for one that is not there.
    """
    if to == task:
        raise WrongUse(f"{task} can't go before itself; name another task that waits.")
    _check_waits(writing.connection, task)
    order = [other for other in waiting(writing.connection) if other != task]
    if to == LAST:
        highest = select(func.max(TASK.c.rank)).where(IS_OPEN, TASK.c.state == State.WAITING)
        _rank(writing, task, max(0, writing.connection.execute(highest).scalar_one()) + 1)
        return [*order, task]
    if to != FIRST:
        _check_waits(writing.connection, to)
    at = 0 if to == FIRST else order.index(to)
    order.insert(at, task)
    for place, other in enumerate(order[: at + 1]):  # those after it keep their places among each other
        _rank(writing, other, place - at - 1 + min(0, _rank_of(writing.connection, order[at + 1 :])))
    return order


def waiting(connection: Connection) -> list[str]:
    """The tasks that wait, in the order in which they would start."""
    found = task_rows.in_states(connection, frozenset({State.WAITING}))
    now = datetime.fromtimestamp(time.time(), UTC)
    return [candidate.id for candidate in admission.ordered(tuple(map(_placed, found)), now)]


def _placed(task: Task) -> admission.Candidate:
    return admission.Candidate(task.id, task.created, "", 0, task.wish.revision.priority, task.rank)


def _check_waits(connection: Connection, task: str) -> None:
    found = task_rows.brief(connection, task)
    if found.state is not State.WAITING:
        raise Refused(f"Task {task} {found.state.said}; only what waits has a place in the queue.")


def _rank_of(connection: Connection, following: list[str]) -> int:
    """The smallest rank among some tasks; 0 for none."""
    query = select(func.min(TASK.c.rank)).where(TASK.c.id.in_(following))
    return int(connection.execute(query).scalar_one() or 0)


def _rank(writing: Writing, task: str, rank: int) -> None:
    writing.connection.execute(update(TASK).where(TASK.c.id == task).values(rank=rank))
    writing.mark([task])
    writing.free()
