"""At start, before the first admission: no process of an earlier daemon lives, and every slot is whole."""

import asyncio
import logging
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from specwright.engine import decide, room
from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.git import private, slots
from specwright.processes import STARTER, has_terminal, orphans, signal_all, working_below
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import OPEN, Checkout

GIT_SECONDS = 2.0
"""How long a git command of an earlier daemon may go on; after as long again it is killed."""
ORPHAN_SECONDS = 5.0
"""How long processes are ended that an earlier daemon left."""

log = logging.getLogger(__name__)


async def end_left(context: Context) -> None:
    """End what an earlier daemon left running."""
    await asyncio.to_thread(_outlast_git)
    await asyncio.to_thread(_kill_orphans, context.places.slots)


async def mend(context: Context) -> None:
    """Repair the slots of each project with an open task, and free those of runs that are over.

    Then what was decided moves on. It can be repeated, and is to be where it raises for want of room.
    """
    unended = await context.store.read(runs.unended)
    for checkout in await _projects(context):
        try:
            repository = await asyncio.to_thread(private.private_repository, checkout, context.places.slots)
            await asyncio.to_thread(slots.repair, repository)
            await asyncio.to_thread(slots.release_others, repository, unended)
        except SpecwrightError as error:  # one project that is gone must not keep the others from going on
            if room.is_lacking(error):
                raise
            log.warning("%s: %s", checkout.root, error.sentence)
    await decide.settle_left(context)


async def _projects(context: Context) -> Iterable[Checkout]:
    """A checkout of each project that has an open task, or a slot that is in use."""
    tasks = {key.partition("/")[0] for key in await asyncio.to_thread(slots.holders, context.places.slots)}
    found = await context.store.read(task_rows.checkouts, tasks)
    found += [task.wish.checkout for task in await context.store.read(task_rows.in_states, OPEN)]
    return {checkout.common_dir: checkout for checkout in found}.values()


def _outlast_git() -> None:
    """Until no git command of an earlier daemon runs: one that moves a ref late would seem to be another writer.

    They are asked to end after a while, and killed last: git cleans up after itself only when it is asked.
    """
    began = time.monotonic()
    while left := orphans(STARTER):
        waited = time.monotonic() - began
        if waited > 2 * GIT_SECONDS:
            log.warning("killing git commands that an earlier daemon left: %s", left)
            return signal_all(left, signal.SIGKILL)
        if waited > GIT_SECONDS:
            signal_all(left, signal.SIGTERM)
        time.sleep(0.02)
    return None


def _kill_orphans(folder: Path) -> None:
    """Until none is seen: a box that is being made has a process more with each look.

    Whoever looks at a slot in a terminal of their own is left alone.
    """
    end = time.monotonic() + ORPHAN_SECONDS
    while (left := {*_strangers(folder), *orphans()}) and time.monotonic() < end:
        log.warning("ending processes that an earlier daemon left: %s", sorted(left))
        signal_all(left, signal.SIGKILL)
        time.sleep(0.01)


def _strangers(folder: Path) -> list[int]:
    return [pid for pid in working_below(folder) if not has_terminal(pid)]
