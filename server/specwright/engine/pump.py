"""Work that is done anew whenever something changed: never twice at once, and not ended by a failure."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the next try after a failure; each pause is twice the last."""
LONGEST_REST = 60.0
"""Seconds between two looks at the clock: the loop's own stands still while the machine sleeps."""
BREATH = 0.02
"""Seconds between two pieces of work, so that a dozen changes at once cost one piece, not a dozen."""

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[float | None]]
"""Returns the seconds after which it is to be done again though nothing changed; None for never."""


class Pump:
    """Does its work at the start, after each `wake`, and when the time that it named is over."""

    def __init__(self, what: str, work: Work, gather: float = 0.0, share: float = 0.0) -> None:
        """`gather`: seconds after a wake in which more may come, before the work is done for all of it.

        `share`: how many times as long as long work took nothing is done after it, so that it never fills a core.
        """
        self._what, self._work, self._gather, self._share = what, work, gather, share
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something changed."""
        self._wake.set()

    async def keep(self) -> None:
        """Go on until cancelled."""
        clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE
        while True:
            self._wake.clear()
            began = clock()
            try:
                rest = await self._work()
                pause = FIRST_PAUSE
            except Exception:  # such as a full disk or a locked file: it must not end this for good
                log.exception("%s failed; trying again in %g s", self._what, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            took = clock() - began
            await asyncio.sleep(took * self._share if took > BREATH else BREATH)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if rest is None else min(rest, LONGEST_REST)):
                    await self._wake.wait()
            await asyncio.sleep(self._gather)
