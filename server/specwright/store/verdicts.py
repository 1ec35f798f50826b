"""What was decided on hunks, and by whom."""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from specwright.review.hunks import Decision
from specwright.review.plan import Fact
from specwright.store.database import Writing
from specwright.store.schema import RUN, TASK, VERDICT
from specwright.tasks.model import State


def facts(connection: Connection, task: str, run: int) -> dict[str, Fact]:
    """The facts of a result, by hunk."""
    rows = connection.execute(select(VERDICT).where(VERDICT.c.task == task, VERDICT.c.run == run)).mappings()
    return {row["hunk"]: Fact(Decision.of(row["accepted"]), row["final"]) for row in rows}


def decide(writing: Writing, task: str, run: int, decided: dict[str, Fact], viewer: str) -> None:
    """Write facts; a later one on the same hunk replaces the earlier.

    But what was saved stays so: a window that accepts more may not have heard of it.
    """
    for hunk, fact in decided.items():
        key = {"task": task, "run": run, "hunk": hunk}
        values = {
            "accepted": fact.accepted,
            "final": fact.final,
            "viewer": viewer,
            "at": time.time(),
        }
        news = None if fact.final else or_(VERDICT.c.final.is_(False), VERDICT.c.accepted != fact.accepted)
        query = insert(VERDICT).values(**key, **values)
        writing.connection.execute(query.on_conflict_do_update(index_elements=list(key), set_=values, where=news))
    writing.mark([task])


def settle(writing: Writing, task: str, final: Iterable[str], lapsed: Iterable[str], viewer: str) -> None:
    """Make provisional facts final, or delete them.

    A hunk of the result under review that has no fact any more was accepted by a window whose connection broke:
    the file that was saved holds it, so it is accepted for good.
    """
    same = (VERDICT.c.task == task, VERDICT.c.final.is_(False))
    writing.connection.execute(update(VERDICT).where(*same, VERDICT.c.hunk.in_(list(final))).values(final=True))
    writing.connection.execute(delete(VERDICT).where(*same, VERDICT.c.hunk.in_(list(lapsed))))
    if run := _under_review(writing.connection, task):
        values = {"task": task, "run": run, "accepted": True, "final": True, "viewer": viewer, "at": time.time()}
        for hunk in final:
            if hunk.startswith(f"{run}."):
                writing.connection.execute(insert(VERDICT).values(hunk=hunk, **values).on_conflict_do_nothing())
    writing.mark([task])


def lapse(writing: Writing, viewer: str) -> None:
    """A window ended: what it decided and did not save is pending again."""
    same = (VERDICT.c.viewer == viewer, VERDICT.c.final.is_(False))
    writing.mark(writing.connection.execute(select(VERDICT.c.task).where(*same).distinct()).scalars().all())
    writing.connection.execute(delete(VERDICT).where(*same))


def decided(connection: Connection) -> list[str]:
    """Tasks in review with a final fact."""
    query = select(VERDICT.c.task).join(TASK, TASK.c.id == VERDICT.c.task)
    found = connection.execute(query.where(TASK.c.state == State.REVIEW, VERDICT.c.final).distinct())
    return [str(task) for task in found.scalars()]


def _under_review(connection: Connection, task: str) -> int | None:
    """The number of the run that is to be decided."""
    query = select(func.max(RUN.c.number)).join(TASK, TASK.c.id == RUN.c.task)
    found = connection.execute(query.where(RUN.c.task == task, TASK.c.state == State.REVIEW)).scalar_one()
    return None if found is None else int(found)
