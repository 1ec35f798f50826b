"""A home folder for one command, and the run of one where no box gives it an empty one."""

import asyncio
import contextlib
import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Self

from specwright.paths.deleting import delete
from specwright.sandbox import caches, limits
from specwright.sandbox.caches import Cache
from specwright.sandbox.doors import NOT_RUN
from specwright.sandbox.visible import Visible, reading
from specwright.tasks.protocols import NOTHING, Done, Reach

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
            caches.make_links(self.caches, home)
            own = [home, *([visible.slot] if visible.is_slot else [])]
            folders = [*own, *caches.writable(self.caches), *writable]
            ours = {"HOME": str(home), "TMPDIR": str(home), **caches.variables(self.caches, home)}
            return await limits.run(
                self.held(argv, folders),
                cwd=own[-1],
                env={**visible.command_environment(), **ours, **(env or {})},
                timeout=timeout,
                stdin=stdin,
                most=visible.most,
                folders=tuple(folders),
                tied=self.tied,
            )

    def reader(self) -> Self:
        """A box that sees our own program alone."""
        return type(self)(reading(self._visible))

    @property
    def caches(self) -> tuple[Cache, ...]:
        """The package caches that commands see."""
        return self._visible.caches

    @contextlib.asynccontextmanager
    async def installing(self) -> AsyncIterator[Self]:
        """The box for set-up."""
        visible = self._visible
        if not (visible.has_copies and visible.caches):
            yield self
            return
        async with caches.folder_beside(visible.slot) as folder:
            yield type(self)(replace(visible, caches=await caches.copied(visible.caches, folder)))


@contextlib.asynccontextmanager
async def private_home() -> AsyncIterator[Path]:
    """An empty folder for us alone, gone at the end, whatever a command made of it; its real path."""
    home = Path(os.path.realpath(tempfile.mkdtemp(prefix="specwright-home-")))
    try:
        yield home
    finally:
        await asyncio.to_thread(delete, home)
