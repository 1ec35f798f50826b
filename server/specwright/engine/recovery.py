"""At start, before the first admission: no process of an earlier daemon lives, and every slot is whole."""

import asyncio
import logging
from pathlib import Path

from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.git import private, slots
from specwright.process import kill_all, processes_below
from specwright.store import tasks as task_rows
from specwright.tasks.model import OPEN

log = logging.getLogger(__name__)


async def recover(context: Context) -> None:
    """Kill orphans, then repair the slots of each project with an open task."""
    await asyncio.to_thread(_kill_orphans, context.places.slots)
    tasks = await context.store.read(task_rows.in_states, OPEN)
    projects = {task.wish.checkout.common_dir: task.wish.checkout for task in tasks}
    for checkout in projects.values():
        try:
            repository = await asyncio.to_thread(private.private_repository, checkout, context.places.slots)
            await asyncio.to_thread(slots.repair, repository)
        except SpecwrightError as error:  # one project that is gone must not keep the others from going on
            log.warning("%s: %s", checkout.root, error.sentence)


def _kill_orphans(folder: Path) -> None:
    orphans = processes_below(folder)
    if orphans:
        log.warning("ending processes that an earlier daemon left: %s", orphans)
        kill_all(orphans)
