"""The queue in figures, all of them of one moment."""

from sqlalchemy import Connection

from specwright.api import views as v
from specwright.store import ordering, runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import State


def status(connection: Connection) -> v.Status:
    """Counts over all checkouts."""
    counts = task_rows.counts(connection)
    return v.Status(
        running=counts.get(State.RUNNING, 0),
        waiting=counts.get(State.WAITING, 0),
        review=counts.get(State.REVIEW, 0),
        failed=counts.get(State.FAILED, 0),
        spentToday=runs.spent_today(connection),
        paused=ordering.is_paused(connection),
    )
