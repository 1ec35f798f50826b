"""How long a run was performed, over all of its starts: a restart of the daemon gives it no new time."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.store import runs

BEAT = 30.0
"""Seconds after which what was used is kept; a twentieth of the limit where that is shorter."""


class Clock:
    """Of one start. The machine's sleep does not count."""

    def __init__(self, context: Context, start: runs.Start, kept: float, limit: float) -> None:
        self._context, self._start, self._limit = context, start, limit
        self._kept, self._since = kept, time.monotonic()

    @property
    def left(self) -> float:
        """Seconds that the run may still take."""
        return self._limit - self._kept - (time.monotonic() - self._since)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep what is used, now and then and in the end. A `kill -9` gives back a beat at most."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            with contextlib.suppress(runs.Outdated, SpecwrightError):  # another start counts, or the disk is full
                await self._keep()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(min(BEAT, self._limit / 20))
            with contextlib.suppress(SpecwrightError):
                await self._keep()

    async def _keep(self) -> None:
        now = time.monotonic()
        used, self._since = now - self._since, now
        self._kept += used
        await self._context.store.write(runs.use, self._start, used)
