"""The queue in figures: all of them in one read."""

from dataclasses import dataclass

from sqlalchemy import Connection

from specwright.store import ordering, runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import State


@dataclass(frozen=True, slots=True)
class Figures:
    """Over all checkouts."""

    counts: dict[State, int]
    spent_today: float | None
    """USD; None when a price is unknown."""
    paused: bool


def figures(connection: Connection) -> Figures:
    """As they stand now."""
    return Figures(task_rows.counts(connection), runs.spent_today(connection), ordering.is_paused(connection))
