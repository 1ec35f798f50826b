"""Deleting what a plan names, each with a line in a record; and what of it the daemon does by itself when idle."""

import asyncio
import contextlib
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from specwright.api.codec import encode
from specwright.engine import retention as plans
from specwright.engine.context import Context
from specwright.engine.embedded import Embedded
from specwright.engine.retention import DAY, KEPT_DAYS, Kind, Plan, Thing
from specwright.errors import SpecwrightError
from specwright.git import pool, private, trash
from specwright.git.private import PrivateRepository
from specwright.store import retention
from specwright.tasks.model import Checkout

T = TypeVar("T")
PAUSE = 3_600.0
"""Seconds between two looks at the slots while nothing happens."""
CALM = 2.0
"""Seconds after a run's end: what follows it comes first."""
WEEK = 7 * DAY

log = logging.getLogger(__name__)


async def apply(context: Context, plan: Plan) -> list[Thing]:
    """Delete what a plan names; what was deleted. What fails is kept, and the rest goes on."""
    done = []
    for thing in plan.deletions:
        try:
            if await _delete(context, thing):
                done.append(thing)
        except (SpecwrightError, OSError) as error:
            log.warning("%s %s is kept: %s", thing.kind, thing.what, error)
    await tidy(context)
    return done


async def tidy(context: Context) -> None:
    """Put away idle slots that are too many, have the work of broken ones under refs, and delete what held none."""
    for checkout, _ in (await context.store.read(retention.projects)).values():
        try:
            if plans.has_repository(checkout):
                await _slowly(_tidy, context, checkout)
        except (SpecwrightError, OSError) as error:
            log.warning("%s is not tidied: %s", checkout.root, error)


class Tending:
    """Tidies after runs, and deletes what is old once a week while nothing runs."""

    def __init__(self, context: Context, engine: Embedded) -> None:
        self._context = context
        self._engine = engine
        self._stamp = context.places.state / "tended"

    async def go_on(self) -> None:
        """Until it is cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await self._context.untidy.wait()
            self._context.untidy.clear()
            await asyncio.sleep(CALM)
            try:
                await self.once()
            except Exception:  # the store may be locked, the disk full; the next look comes
                log.exception("tending failed")

    async def once(self) -> None:
        """One look."""
        await tidy(self._context)
        if self._engine.running() or not self._is_due():
            return
        plan = await plans.plan(self._context)
        self._stamp.touch()
        if plan.is_unusual:
            log.warning("so much is old that a person should look: `specwright gc` shows it, nothing was deleted")
        else:
            await apply(self._context, plan)

    def _is_due(self) -> bool:
        """A week after the last time; the first time begins the first week."""
        if not self._stamp.exists():
            self._stamp.touch()
        return time.time() - self._stamp.stat().st_mtime > WEEK


async def _delete(context: Context, thing: Thing) -> bool:
    if thing.task and not await context.store.read(retention.is_decided, thing.task):
        return False  # it was retried since the plan was made
    await asyncio.to_thread(_note, context.places.deletions, thing)
    if thing.kind is Kind.ROWS:
        while await context.store.write(retention.fold, time.time() - KEPT_DAYS * DAY):
            continue
        await context.store.compact()
        return True
    if thing.delete is None:
        raise SpecwrightError(f"{thing.what} is kept: {thing.why}.")
    return await asyncio.to_thread(thing.delete) is not False


def _note(path: Path, thing: Thing) -> None:
    """The line comes first: there is no deletion that the record does not tell of."""
    line = {"at": encode(datetime.now(UTC)), "kind": thing.kind, "what": thing.what, "why": thing.why}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps({**line, "bytes": thing.bytes}) + "\n")


def _tidy(context: Context, checkout: Checkout) -> None:
    repository = private.private_repository(checkout, context.places.slots)
    for name in pool.shrink(repository, context.user.running):
        _note(context.places.deletions, Thing(Kind.SLOT, name, 0, "idle, and more than the pool holds"))
    for put in trash.entries(repository.slots, repository.project):
        _empty(context, repository, put)


def _empty(context: Context, repository: PrivateRepository, put: trash.Put) -> None:
    if put.holds_work and put.run:
        with contextlib.suppress(SpecwrightError):  # no commit can hold it: it stays, and `specwright gc` says so
            trash.save(repository, put)
    if not put.holds_work:
        _note(context.places.deletions, Thing(Kind.TREE, put.name, 0, "it held no work"))
        trash.empty(repository, put)


async def _slowly(work: Callable[..., T], *arguments: object) -> T:
    """On a thread of its own that gives way to runs, where the system knows threads' priorities."""
    executor = ThreadPoolExecutor(1, "tending", initializer=_give_way)
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, work, *arguments)
    finally:
        executor.shutdown(wait=False)


def _give_way() -> None:
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
