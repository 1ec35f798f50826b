"""What is left of a run that is over: its tree under its ref, its slot free. Also what no cancel may cut in half."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.git import private, slots, trees
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import Outcome, Phase, Task
from specwright.tasks.states import Event

T = TypeVar("T")

log = logging.getLogger(__name__)


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Finish the work before a cancel is raised: its thread would go on anyway, and race what follows."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()):
            log.warning("while it was cancelled: %r", error)
        raise


async def end(context: Context, start: runs.Start, ending: runs.Ending) -> None:
    """Conclude a run and free its slot. Raises `runs.Outdated` when it is owned elsewhere or over; the slot stays."""
    await context.store.write(runs.conclude, start, ending)
    context.files(start.task, start.number).append("concluded", {"outcome": ending.outcome})
    await free(context, await context.store.read(task_rows.load, start.task), start.number)


async def fail(context: Context, start: runs.Start, sentence: str) -> None:
    """End a run as an error; what its agent made is kept."""
    head = await keep(context, await context.store.read(task_rows.load, start.task), start)
    await end(context, start, runs.Ending(Outcome.ERROR, Event.NOTHING, sentence, head=head))


async def keep(context: Context, task: Task, start: runs.Start) -> str | None:
    """The last commit of a run, made now if the agent began and no turn of it is durable; None where nothing is."""
    begun = (0, Phase.BASELINE) in await context.store.read(runs.recorded, start)
    try:
        return await asyncio.to_thread(_keep, context, task, start, begun)
    except SpecwrightError as error:  # what can't be a commit, or a project that is gone; the run ends all the same
        log.warning("the tree of %s is not kept: %s", start.key, error.sentence)
        return None


async def free(context: Context, task: Task, number: int) -> None:
    """Give the slot of a run back, if it has one."""
    try:
        await asyncio.to_thread(_free, context, task, number)
        context.untidy.set()
    except SpecwrightError as error:  # it is freed at the next start
        log.warning("the slot of %s/%s is not free: %s", task.id, number, error.sentence)


def _keep(context: Context, task: Task, start: runs.Start, begun: bool) -> str | None:
    repository = private.private_repository(task.wish.checkout, context.places.slots)
    last = repository.result(task.id, start.number)
    slot = slots.of_run(repository, start.key)
    if last or slot is None or not begun:
        return last
    ref, base = repository.ref(task.id, start.number), task.wish.base
    try:
        commit = slots.checkpoint(slot, base, ref, "What an unfinished turn left\n", None)
    except SpecwrightError:
        slots.put_away(slot)  # the next run would reset the only copy
        raise
    return commit if trees.changed(repository, base, commit) else None


def _free(context: Context, task: Task, number: int) -> None:
    repository = private.private_repository(task.wish.checkout, context.places.slots)
    slot = slots.of_run(repository, f"{task.id}/{number}")
    if slot is not None:
        slots.release(slot)
