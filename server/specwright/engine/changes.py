"""A task's diff and log as files that a client reads, and the log as it grows."""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from specwright.api import messages as m
from specwright.api import news
from specwright.config import read
from specwright.engine import consent, copied, named
from specwright.engine.context import Context
from specwright.errors import Refused
from specwright.git import private, trees
from specwright.git.private import PrivateRepository
from specwright.paths.files import write_whole
from specwright.review import bearing
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.tasks.harmless import one_line
from specwright.tasks.model import GOING_ON, Run, Task

LONGEST_WAIT = 60.0
"""Seconds that a client may wait for the next event in one request."""


async def diff(context: Context, request: m.DiffOf) -> m.AsFile:
    """The unified diff of base..run in a file of the last run's folder: as `git apply` takes it, but for secrets."""
    task = await context.store.read(task_rows.load, request.task)
    made = [run for run in await context.store.read(runs.load, request.task) if run.head]
    if not made:
        raise Refused(f"Task {task.id} {task.state.said} and has changed nothing yet; there is no diff.")
    head, number = str(made[-1].head), made[-1].number
    repository = await asyncio.to_thread(private.private_repository, task.wish.checkout, context.places.slots)
    if await asyncio.to_thread(repository.oid, f"{head}^{{commit}}") is None:
        raise Refused(
            f"What task {task.id} changed is no longer kept: it was decided long ago. `retry` makes it again."
        )
    text = await asyncio.to_thread(_diff, repository, task, head, request.files)
    path = context.files(task.id, number).make() / "change.diff"
    await asyncio.to_thread(write_whole, path, await _masked(context, task, repository, text))
    return m.AsFile(str(path))


async def _masked(context: Context, task: Task, repository: PrivateRepository, diff: bytes) -> bytes:
    """Without keys and values of copied files; bytes that are no UTF-8 stay as they are."""
    standing = await consent.of_task(context, task)
    found = await asyncio.to_thread(copied.values, Path(task.wish.checkout.root), standing.included)
    values = await asyncio.to_thread(copied.untold, found, repository, task.wish.base)
    text = diff.decode("utf-8", "surrogateescape")
    return (await asyncio.to_thread(context.mask_sure, text, values)).encode("utf-8", "surrogateescape")


def _diff(repository: private.PrivateRepository, task: Task, head: str, files: Sequence[str]) -> bytes:
    """Above the diff, where `git apply` passes over it, a line for each file that bears trust."""
    commits = task.wish.base, head
    text = trees.unified_diff(repository, *commits, files)
    programs = named.programs(read.project(task.wish.settings)[0])
    above = []
    for change in trees.changed(repository, *commits) if text else ():
        of_gate = not programs.isdisjoint({change.path, change.old_path})
        reason = bearing.why(bearing.Changed(change.path, change.old_path, change.modes, of_gate=of_gate))
        if reason and (not files or _is_below(change.path, files)):
            above.append(f"bears trust: {one_line(change.path)} ({reason})\n".encode(errors="surrogateescape"))
    return b"".join([*above, b"\n" if above else b"", text])


def _is_below(path: str, places: Iterable[str]) -> bool:
    return any(path == place or path.startswith(f"{place.rstrip('/')}/") for place in places)


async def log_files(context: Context, request: m.LogOf) -> m.LogFiles:
    """Where the events of a run lie."""
    run = await _run(context, request.task, request.run)
    return m.LogFiles(run.key, str(context.files(run.task, run.number).events), run.ended is not None)


async def events(context: Context, request: news.EventsOf) -> news.Events:
    """Events from an offset on; where there are none yet, those that come while the client waits."""
    with context.feed.listening(request.task) as heard:
        found = await _events(context, request)
        if found.offset != request.offset or found.over or request.wait <= 0:
            return found
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(request.wait, LONGEST_WAIT)):
                await heard.wait()
        return await _events(context, request)


async def _events(context: Context, request: news.EventsOf) -> news.Events:
    """What is there now. The run's row is read first: a run that is over then has its last event in the file."""
    try:
        run = await _run(context, request.task, request.run)
    except Refused:
        state = (await context.store.read(task_rows.brief, request.task)).state
        if request.wait <= 0 or request.run is not None or state not in GOING_ON:
            raise
        return news.Events(None, (), 0, over=False)
    over = run.ended is not None and not context.feed.is_closing(run.key)
    found = await asyncio.to_thread(context.files(run.task, run.number).read, request.offset)
    return news.Events(run.key, found.lines, found.offset, over and found.last)


async def _run(context: Context, task: str, number: int | None) -> Run:
    """The run of this number, else the last. Raises `Refused` where there is none."""
    state = (await context.store.read(task_rows.brief, task)).state
    chosen = [run for run in await context.store.read(runs.load, task) if number in {None, run.number}]
    if not chosen:
        raise Refused(f"Task {task} {state.said}: no run of it has begun.")
    return chosen[-1]
