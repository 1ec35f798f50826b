"""What a person is to be told: written with the transition that needs them, kept until it was told.

A row is keyed by task, run and need, so that nothing is told twice; a daemon that dies in between tells it again.
"""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, case, func, select, update
from sqlalchemy.dialects.sqlite import insert

from specwright.store.database import Writing
from specwright.store.rows import to_reasons
from specwright.store.schema import IS_UNTOLD, OUTBOX, RUN, TASK
from specwright.tasks.model import Outcome, Reason, State
from specwright.tasks.needs import OF_REASONS, Need

_OF_KEY = and_(
    OUTBOX.c.task == bindparam("of_task"), OUTBOX.c.run == bindparam("of_run"), OUTBOX.c.need == bindparam("of_need")
)
STATES = {
    Need.REVIEW: State.REVIEW,
    Need.BLOCKED: State.REVIEW,
    Need.FAILED: State.FAILED,
    Need.STALLED: State.RUNNING,
}
"""In which a need holds; the others hold while the task waits for just that."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One need of one run; times in seconds of the epoch."""

    task: str
    run: int
    need: Need
    at: float
    tries: int
    next_at: float
    title: str
    checkout: str
    state: State
    outcome: Outcome | None
    holds: bool
    """Whether the task still needs that."""

    @property
    def key(self) -> str:
        """`k7f3qa/1/review`."""
        return f"{self.task}/{self.run}/{self.need}"


def add(writing: Writing, task: str, run: int, need: Need) -> None:
    """A task needs a person; where that was told of this run, nothing."""
    _insert(writing, [(task, run, need)])


def add_waits(writing: Writing, waits: Mapping[str, Iterable[Reason]]) -> None:
    """Tasks wait: for a person, where a reason is one that no time mends."""
    needs = [(task, OF_REASONS[why]) for task, reasons in waits.items() for why in reasons if why in OF_REASONS]
    runs = _next_runs(writing.connection, {task for task, _ in needs})
    _insert(writing, [(task, runs.get(task, 1), need) for task, need in needs])


def _next_runs(connection: Connection, tasks: Collection[str]) -> dict[str, int]:
    """The run that each would go on with, or begin; the first is left out."""
    unended, last = func.max(case((RUN.c.ended.is_(None), RUN.c.number))), func.max(RUN.c.number)
    query = select(RUN.c.task, func.coalesce(unended, last + 1)).where(RUN.c.task.in_(tasks)).group_by(RUN.c.task)
    return {task: number for task, number in connection.execute(query)} if tasks else {}


def unshown(connection: Connection) -> list[Notice]:
    """What neither an editor nor the desktop has shown, oldest first."""
    return _load(connection, OUTBOX.c.shown.is_(None))


def unposted(connection: Connection) -> list[Notice]:
    """What the webhook has not taken, oldest first."""
    return _load(connection, OUTBOX.c.posted.is_(None))


def shown(writing: Writing, notices: Iterable[Notice]) -> None:
    """These were shown, or need not be any more."""
    _set_all(writing, notices, shown=time.time())


def posted(writing: Writing, notices: Iterable[Notice]) -> None:
    """The webhook took these, or there is none."""
    _set_all(writing, notices, posted=time.time())


def later(writing: Writing, notice: Notice, at: float) -> None:
    """The webhook did not take it: try again at a time."""
    _set_all(writing, [notice], tries=OUTBOX.c.tries + 1, next_at=at)


def _insert(writing: Writing, needs: Iterable[tuple[str, int, Need]]) -> None:
    same = {"at": time.time(), "tries": 0, "next_at": 0.0}
    rows = [{"task": task, "run": run, "need": need, **same} for task, run, need in needs]
    if rows:
        writing.connection.execute(insert(OUTBOX).on_conflict_do_nothing(), rows)


def _set_all(writing: Writing, notices: Iterable[Notice], **values: object) -> None:
    keys = [{"of_task": notice.task, "of_run": notice.run, "of_need": notice.need} for notice in notices]
    if keys:
        writing.connection.execute(update(OUTBOX).where(_OF_KEY).values(**values), keys)


def _load(connection: Connection, which: ColumnElement[bool]) -> list[Notice]:
    last = select(func.max(RUN.c.number)).where(RUN.c.task == OUTBOX.c.task).scalar_subquery()
    task = (TASK.c.title, TASK.c.checkout, TASK.c.state, TASK.c.outcome, TASK.c.reasons)
    query = select(OUTBOX, *task, last.label("last")).join(TASK, TASK.c.id == OUTBOX.c.task)
    rows = connection.execute(query.where(IS_UNTOLD, which).order_by(OUTBOX.c.at)).mappings()
    return [_notice(row) for row in rows]


def _notice(row: RowMapping) -> Notice:
    return Notice(
        task=row["task"],
        run=row["run"],
        need=Need(row["need"]),
        at=row["at"],
        tries=row["tries"],
        next_at=row["next_at"],
        title=row["title"],
        checkout=row["checkout"],
        state=State(row["state"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        holds=_holds(row),
    )


def _holds(row: RowMapping) -> bool:
    need = Need(row["need"])
    if need not in STATES:
        return row["state"] == State.WAITING and need in {OF_REASONS.get(r) for r in to_reasons(row["reasons"])}
    return bool(row["state"] == STATES[need] and row["run"] == row["last"])
