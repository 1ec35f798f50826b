"""One back-off for all runs of a provider: while it holds, nobody calls; then one tries first."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from specwright.agents.faults import Patience


class Throttle:
    """Shared by the runs of one provider in one event loop."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._until = 0.0
        self._closed = False
        self._probe = asyncio.Lock()

    def hold(self, seconds: float) -> None:
        """Nobody calls for so long."""
        self._until = max(self._until, time.monotonic() + seconds)
        self._closed = True

    def release(self) -> None:
        """A call got through."""
        self._closed = False

    @asynccontextmanager
    async def permit(self, tell: Callable[[float], None]) -> AsyncIterator[None]:
        """Wait until calls are allowed; `tell` is given the seconds when there is something to wait for."""
        async with AsyncExitStack() as stack:
            if self._closed:
                tell(max(0.0, self._until - time.monotonic()))
                await stack.enter_async_context(self._probe)
                if self._closed:
                    await self._pass()
                else:
                    await stack.aclose()
            yield

    async def _pass(self) -> None:
        until = None
        while until != self._until and (left := self._until - time.monotonic()) > 0:
            until = self._until
            await self._patience.sleep(left)
