"""A home folder for one command, and the run of one where no box gives it an empty one."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from specwright import process
from specwright.sandbox import limits
from specwright.sandbox.doors import NOT_RUN
from specwright.sandbox.visible import Visible, reading
from specwright.tasks.protocols import NOTHING, Done, Reach

SECONDS = 60.0
"""For what is nested deeper than Python can delete."""
NO_DOORS = (
    "What it asks to reach needs the full sandbox; `specwright doctor` says why this machine has a partial one.\n"
)


class HomeBox(ABC):
    """Runs each command with a private temporary folder that is its home too; how it is held in is the backend's."""

    mode: str
    tied: ClassVar[bool] = True
    """Whether commands must be made to die with us; false where the backend sees to it."""

    is_open: ClassVar[bool] = False
    """Whether commands reach everything that the user does."""

    def __init__(self, visible: Visible) -> None:
        self.slot = visible.slot
        self._visible = visible

    @abstractmethod
    def held(self, argv: Sequence[str], writable: Sequence[Path]) -> list[str]:
        """The words that run a command held in; `writable` are all folders that it may write."""

    async def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: Sequence[Path] = (),
        reach: Reach = NOTHING,
    ) -> Done:
        """Run one command in the slot's root; `writable` are further folders that it may write."""
        visible = self._visible
        if reach != NOTHING and not self.is_open:
            return Done(NOT_RUN, b"", NO_DOORS.encode(), 0.0)
        async with private_home() as home:
            own = [home, *([visible.slot] if visible.is_slot else [])]
            return await limits.run(
                self.held(argv, [*own, *writable]),
                cwd=own[-1],
                env={**visible.command_environment(), "HOME": str(home), "TMPDIR": str(home), **(env or {})},
                timeout=timeout,
                stdin=stdin,
                most=visible.most,
                tied=self.tied,
            )

    def reader(self) -> Self:
        """A box that sees our own program alone."""
        return type(self)(reading(self._visible))


@contextlib.asynccontextmanager
async def private_home() -> AsyncIterator[Path]:
    """An empty folder for us alone, gone at the end, whatever a command made of it; its real path."""
    home = Path(os.path.realpath(tempfile.mkdtemp(prefix="specwright-home-")))
    try:
        yield home
    finally:
        try:
            await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
        except RecursionError:
            await process.run(["rm", "-rf", "--", str(home)], cwd="/", env={"PATH": os.defpath}, timeout=SECONDS)
