"""What becomes of rows with time: tasks, verdicts and costs stay; the steps of runs that are long over are folded."""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, delete, exists, func, or_, select, update

from specwright.store.database import Writing
from specwright.store.rows import to_wish
from specwright.store.schema import PHASE, RUN, TASK, TURN
from specwright.tasks.model import OPEN, Checkout, Phase, State

BATCH = 500
"""Runs that are folded in one transaction."""
_WORKED = (Phase.AGENT, Phase.REPAIRING)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a task stands, and since when it is decided; None while it is open, or where nobody knows."""

    task: str
    state: State
    decided: float | None


def standings(connection: Connection) -> dict[str, Standing]:
    """Every task of the store, by id."""
    rows = connection.execute(select(TASK.c.id, TASK.c.state, TASK.c.decided))
    return {task: Standing(task, State(state), decided) for task, state, decided in rows}


def is_decided(connection: Connection, task: str) -> bool:
    """Whether a task is certainly decided, now."""
    return connection.execute(select(TASK.c.decided).where(TASK.c.id == task)).scalar_one_or_none() is not None


def projects(connection: Connection) -> dict[str, tuple[Checkout, str]]:
    """By common git folder, the checkout and the settings of the newest task of each project."""
    newest = select(TASK.c.common_dir, func.max(TASK.c.created).label("at")).group_by(TASK.c.common_dir).subquery()
    same = (TASK.c.common_dir == newest.c.common_dir) & (TASK.c.created == newest.c.at)
    texts = connection.execute(select(TASK.c.wish).join(newest, same)).scalars()
    wishes = [to_wish(text) for text in texts]
    return {wish.checkout.common_dir: (wish.checkout, wish.settings) for wish in wishes}


def foldable(connection: Connection, before: float) -> int:
    """How many runs of tasks that were decided before a time still have their steps."""
    return int(connection.execute(select(func.count()).select_from(_old_runs(before).subquery())).scalar_one())


def fold(writing: Writing, before: float) -> int:
    """Fold the steps of so many runs at most into one number each, the rounds of an agent; how many there were."""
    found = writing.connection.execute(_old_runs(before).limit(BATCH)).all()
    for task, number in found:
        rounds = len(rounds_of(writing.connection, task, number))
        same = (RUN.c.task == task, RUN.c.number == number)
        writing.connection.execute(update(RUN).where(*same).values(rounds=rounds))
        for table in (PHASE, TURN):
            writing.connection.execute(delete(table).where(table.c.task == task, table.c.run == number))
    return len(found)


def rounds_of(connection: Connection, task: str, number: int) -> set[int]:
    """The rounds in which an agent of a run began to work."""
    worked = select(PHASE.c.round).where(PHASE.c.task == task, PHASE.c.run == number, PHASE.c.name.in_(_WORKED))
    turned = select(TURN.c.round).where(TURN.c.task == task, TURN.c.run == number)
    return set(connection.execute(worked.union(turned)).scalars())


def _old_runs(before: float) -> Select[str, int]:
    steps = [exists().where(table.c.task == RUN.c.task, table.c.run == RUN.c.number) for table in (PHASE, TURN)]
    over = (TASK.c.decided < before, TASK.c.state.not_in(sorted(OPEN)), RUN.c.ended.is_not(None))
    return select(RUN.c.task, RUN.c.number).join(TASK, TASK.c.id == RUN.c.task).where(*over, or_(*steps))
