"""The end of a cancelled task: its process tree is dead, its tree is kept, its run is over."""

import contextlib

from specwright.engine import keeping
from specwright.engine.context import Context
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import GOING_ON, Outcome
from specwright.tasks.states import Event


async def finish(context: Context, task: str) -> None:
    """Conclude the last run as stopped, under a new epoch so that nothing of the old start writes any more.

    A run that came to its end first stands: then there is nothing to cancel.
    """
    start = await context.store.write(runs.take_over, task)
    if start is None:
        return
    head = await keeping.keep(context, await context.store.read(task_rows.load, task), start)
    with contextlib.suppress(runs.Outdated):  # another cancel of the same task was faster
        await keeping.end(context, start, runs.Ending(Outcome.STOPPED, Event.CANCEL, "Cancelled.", head=head))


async def asked(context: Context) -> set[str]:
    """Tasks that an earlier daemon was asked to cancel, and did not live to end."""
    return {task.id for task in await context.store.read(task_rows.in_states, GOING_ON) if task.cancel_requested}
