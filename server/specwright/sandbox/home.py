"""A home folder for one command, where no box gives it an empty one."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from specwright import process

SECONDS = 60.0
"""For what is nested deeper than Python can delete."""


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
