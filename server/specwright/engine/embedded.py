"""Drains the store in one process. The store is the queue: nothing here can be lost."""

import asyncio
import contextlib
import functools
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from specwright.engine import admission, cancelling, keeping, room
from specwright.engine.context import Context
from specwright.engine.perform import perform
from specwright.engine.pump import Pump
from specwright.errors import SpecwrightError
from specwright.spec.facts import OpenTask
from specwright.spec.identity import slug
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.store.tasks import OpenSpec, Submitted
from specwright.tasks import recovering
from specwright.tasks.model import State, Wish
from specwright.tasks.wording import ago

SHARE = 3.0
"""A pass looks at all that waits: it may take a quarter of the time, however much that is."""
CRASH_LOOP = (
    f"crash-loop: the daemon died {recovering.HOPELESS} times while this run made no progress, so it is given up. "
    "`specwright log` shows how far it came; `specwright retry` runs it again."
)
Body = Callable[[Context, runs.Start], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)


class Embedded:
    """The engine of one machine."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._live: dict[str, tuple[runs.Start, asyncio.Task[None]]] = {}
        self._pump = Pump("admission", self._look, share=SHARE)
        self._pumping: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()
        self._cancelled: set[str] = set()
        """Tasks whose run was ended for good, and whose end is still to be recorded, as while the disk is full."""
        self._finishing = asyncio.Lock()
        """Two cancels of one task would both commit what lies in its slot."""
        self.trouble: str | None = None
        """Why nothing is admitted now; None while all is well."""

    def start(self, cancelled: Iterable[str] = ()) -> None:
        """Begin to drain; runs of a dead daemon are the first to go on, but those of tasks that were `cancelled`."""
        self._cancelled.update(cancelled)
        self._pumping = asyncio.create_task(self._pump.keep())

    def wake(self) -> None:
        """Something changed that admission may care about."""
        self._pump.wake()

    async def submit(self, wishes: Sequence[Wish]) -> list[Submitted]:
        """Durable when it returns, all of them or none; the same wish gives the same task while it is open."""
        return await self._context.store.write(task_rows.submit_all, wishes)

    async def open_specs(self, root: str, paths: Collection[str]) -> dict[str, OpenSpec]:
        """What the specs of a checkout's open tasks are known by."""
        return await self._context.store.read(task_rows.open_specs, root, paths)

    async def open_tasks(self, root: str) -> dict[str, OpenTask]:
        """By their ids a checkout's open tasks as rules look at them."""
        found = await self._context.store.read(task_rows.open_wishes, root)
        return {task: _open_task(opened) for task, opened in found.items()}

    async def cancel(self, task: str) -> None:
        """First the fact, then the deed; returns when the process tree is dead. A run may end by itself before."""
        if await self._context.store.write(task_rows.ask_cancel, task) is State.CANCELLED:
            return
        live = [(start, work) for start, work in self._live.values() if start.task == task]
        for _, work in live:
            work.cancel()
        await asyncio.gather(*(work for _, work in live), return_exceptions=True)
        try:
            await self._finish(task)
        except Exception:
            self._cancelled.add(task)  # gone on with until it is done
            self._pump.wake()
            raise

    def running(self) -> Mapping[str, int]:
        """The runs of this process and their epochs."""
        return {key: start.epoch for key, (start, _) in self._live.items()}

    async def changed(self, seconds: float) -> None:
        """Return when a run begins or ends, or after so many seconds."""
        self._moved.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()

    async def settle(self, seconds: float) -> None:
        """Begin nothing more; return when each run is at the end of a turn or phase, or after so many seconds."""
        self._context.boundary.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._live.keys() <= self._context.boundary.stopped:
                    await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Runs keep their state and go on at the next start; a planned stop is not counted as a crash."""
        live = list(self._live.values())
        futures = [work for _, work in live] + ([self._pumping] if self._pumping else [])
        for future in futures:
            future.cancel()
        await asyncio.gather(*futures, return_exceptions=True)
        for start, _ in live:
            await self._context.store.write(runs.give_back, start)

    async def _finish(self, task: str) -> None:
        async with self._finishing:
            await cancelling.finish(self._context, task)
        self._cancelled.discard(task)

    async def _finish_cancelled(self) -> None:
        """Each by itself: one that can't be finished, as of a project that is gone, holds up nothing else."""
        for task in list(self._cancelled):
            try:
                await self._finish(task)
            except Exception as error:
                log.warning("the cancel of %s is not finished: %s", task, _sentence(error))
                if room.is_lacking(error):
                    self.trouble = room.SENTENCE

    async def _look(self) -> float | None:
        try:
            again = await self._admit()
        except Exception as error:
            self.trouble = _sentence(error)
            raise
        self.trouble = None
        await self._finish_cancelled()
        rest = None if again is None else max(0.0, again.timestamp() - time.time())
        return rest if not self._cancelled else min(room.AGAIN_SECONDS, rest or room.AGAIN_SECONDS)

    async def _admit(self) -> datetime | None:
        """One pass; when the clock may let something start."""
        if self._context.boundary.closed:
            return None
        admitted = await admission.look(self._context, frozenset(self._live))
        for start in admitted.start:
            self._perform(start, perform)
        for start in admitted.give_up:
            self._perform(start, _give_up)
        return admitted.look_again

    def _perform(self, start: runs.Start, body: Body) -> None:
        work = asyncio.create_task(self._one(start, body))
        self._live[start.key] = start, work
        self._moved.set()
        # not a `finally`: a coroutine that is cancelled before its first step runs none
        work.add_done_callback(functools.partial(self._ended, start.key))

    async def _one(self, start: runs.Start, body: Body) -> None:
        try:
            await body(self._context, start)
        except runs.Outdated:
            log.info("%s is owned by a later start", start.key)
        except Exception as bug:  # the boundary of a run: it ends as an error, the others go on
            try:
                await self._break(start, bug)
            except Exception as error:  # not even that can be written now; admission begins the run again
                await self._pause(start, error)

    async def _break(self, start: runs.Start, bug: Exception) -> None:
        if room.is_lacking(bug):
            raise bug
        log.error("%s broke", start.key, exc_info=bug)
        sentence = f"A fault in Specwright: {bug!r}. The log has the rest."
        if isinstance(bug, OSError):
            sentence = f"The disk failed: {bug.strerror or bug} ({bug.filename or 'a file of ours'}). Retry the task."
        with contextlib.suppress(runs.Outdated):
            await keeping.whole(keeping.fail(self._context, start, sentence))

    async def _pause(self, start: runs.Start, error: Exception) -> None:
        """Hold the run's place for a while; when this returns it is found without a start, and goes on."""
        log.warning("%s goes on in %s s: %s", start.key, room.AGAIN_SECONDS, error)
        self.trouble = room.SENTENCE if room.is_lacking(error) else _sentence(error)
        await asyncio.sleep(room.AGAIN_SECONDS)
        if room.is_lacking(error):  # no fault of the run's
            with contextlib.suppress(SpecwrightError):
                await self._context.store.write(runs.give_back, start)

    def _ended(self, key: str, _work: asyncio.Task[None]) -> None:
        start, _ = self._live.pop(key)
        self._context.feed.steps.pop(start.task, None)
        self._moved.set()
        self._pump.wake()


async def _give_up(context: Context, start: runs.Start) -> None:
    await keeping.whole(keeping.fail(context, start, CRASH_LOOP))


def _open_task(opened: task_rows.OpenWish) -> OpenTask:
    revision = opened.wish.revision
    return OpenTask(
        path=opened.path,
        slug=slug(opened.title),
        handle=revision.handle,
        digest=revision.digest,
        title=revision.title,
        state=opened.state,
        scope=revision.scope,
        age=ago(datetime.now(UTC) - opened.queued),
    )


def _sentence(error: Exception) -> str:
    return error.sentence if isinstance(error, SpecwrightError) else repr(error)
