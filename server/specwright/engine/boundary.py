"""Where runs stop to make place for a newer daemon: behind what is durable, so that nothing is paid or done twice."""

import asyncio
from collections.abc import Set as AbstractSet


class Boundary:
    """Open until a newer daemon wants the place; then no run passes it, and none is admitted."""

    def __init__(self) -> None:
        self._closed = False
        self._stopped: set[str] = set()

    @property
    def closed(self) -> bool:
        """Whether this daemon begins nothing more."""
        return self._closed

    @property
    def stopped(self) -> AbstractSet[str]:
        """The runs that stand here."""
        return self._stopped

    def close(self) -> None:
        """Let nobody pass any more; it never opens again."""
        self._closed = True

    async def passing(self, run: str) -> None:
        """Go on, or stand here until the daemon ends."""
        if self._closed:
            self._stopped.add(run)
            try:
                await asyncio.Event().wait()
            finally:
                self._stopped.discard(run)
