"""The end of a cancelled task: its process tree is dead, its tree is kept, its run is over."""

import logging

from specwright.engine.context import Context
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.store.database import Writing
from specwright.tasks.model import Outcome, State
from specwright.tasks.states import Event

log = logging.getLogger(__name__)


async def finish(context: Context, task: str) -> None:
    """Conclude the last run as stopped, under a new epoch so that nothing of the old start writes any more."""
    await context.store.write(_conclude, task)


async def finish_all(context: Context) -> None:
    """At start: finish what an earlier daemon was asked to cancel and did not live to end."""
    running = await context.store.read(task_rows.in_states, frozenset({State.RUNNING}))
    for task in running:
        if task.cancel_requested:
            log.info("finishing the cancel of %s", task.id)
            await finish(context, task.id)


def _conclude(writing: Writing, task: str) -> None:
    start = runs.take_over(writing, task)
    ending = runs.Ending(Outcome.STOPPED, Event.CANCEL, "Cancelled.", head=runs.head(writing.connection, start))
    runs.conclude(writing, start, ending)
