"""A task's diff and log as files that a client reads."""

import asyncio

from specwright.api import messages as m
from specwright.engine.context import Context
from specwright.errors import Refused
from specwright.git import private, trees
from specwright.paths.files import write_whole
from specwright.store import runs
from specwright.store import tasks as task_rows


async def diff(context: Context, request: m.DiffOf) -> m.AsFile:
    """The unified diff of base..run, as `git apply` takes it, in a file of the last run's folder."""
    task = await context.store.read(task_rows.load, request.task)
    made = [run for run in await context.store.read(runs.load, request.task) if run.head]
    if not made:
        raise Refused(f"Task {task.id} is {task.state} and has changed nothing yet; there is no diff.")
    head, number = str(made[-1].head), made[-1].number
    repository = await asyncio.to_thread(private.private_repository, task.wish.checkout, context.places.slots)
    if await asyncio.to_thread(repository.oid, f"{head}^{{commit}}") is None:
        raise Refused(
            f"What task {task.id} changed is no longer kept: it was decided long ago. `retry` makes it again."
        )
    text = await asyncio.to_thread(trees.unified_diff, repository, task.wish.base, head, request.files)
    path = context.files(task.id, number).make() / "change.diff"
    await asyncio.to_thread(write_whole, path, text)
    return m.AsFile(str(path))


async def log_files(context: Context, request: m.LogOf) -> m.LogFiles:
    """Where the events of a run lie."""
    task = await context.store.read(task_rows.load, request.task)
    known = await context.store.read(runs.load, request.task)
    chosen = [run for run in known if request.run in {None, run.number}]
    if not chosen:
        raise Refused(f"Task {task.id} is {task.state}: no run of it has begun.")
    run = chosen[-1]
    return m.LogFiles(run.key, str(context.files(run.task, run.number).events), run.ended is not None)
