"""Keeps the machine from falling asleep by itself while tasks run; not from a closed lid, and not on battery."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from specwright import process
from specwright.engine.power import SUPPLIES, on_battery

LOOK_SECONDS = 30.0
"""Between two looks at the plug while tasks run."""
LINUX = (
    "systemd-inhibit", "--what=idle:sleep", "--mode=block", "--who=Specwright", "--why=Tasks run", "cat",
)  # fmt: skip
MACOS = ("caffeinate", "-i", "cat")

log = logging.getLogger(__name__)


class Awake:
    """Holds a child that keeps the machine awake; the child ends with its standard input, however this process ends."""

    def __init__(
        self,
        supplies: Path = SUPPLIES,
        environment: Mapping[str, str] = os.environ,
        argv: Sequence[str] = MACOS if sys.platform == "darwin" else LINUX,
    ) -> None:
        self._supplies, self._environment, self._argv = supplies, environment, argv
        self._held: process.Held | None = None
        self._lock = asyncio.Lock()
        self._refused = False

    async def set(self, wanted: bool) -> None:
        """Hold while tasks run and the machine is on mains; let go otherwise. What is refused is tried once."""
        async with self._lock:
            wanted = wanted and not self._refused and not on_battery(self._supplies)
            if wanted and self._held is None:
                self._held = await process.hold(self._argv, self._environment)
                self._refused = self._held is None
            if self._held and self._held.has_ended:
                log.info("nothing keeps this machine awake: %s was refused or ended", self._argv[0])
                self._refused, wanted = True, False
            if self._held and not wanted:
                await self._held.release()
                self._held = None

    @property
    def pid(self) -> int | None:
        """The child's; None while none is held."""
        return self._held.pid if self._held else None
