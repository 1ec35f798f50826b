"""Deleting what commands made."""

import asyncio
import contextlib
import os
import shutil
from pathlib import Path

from specwright import process

SECONDS = 60.0
OPENED = 'chmod -R u+rwX -- "$1" 2>/dev/null; rm -rf -- "$1"'
"""Text for `sh`; a module of Go's, for one, is made of folders that can't be written."""


async def delete(folder: Path) -> None:
    """A folder with all that it holds, also what forbids it, and what is nested deeper than Python can delete."""
    with contextlib.suppress(RecursionError):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    if folder.exists():
        await process.run(["sh", "-c", OPENED, "sh", str(folder)], cwd="/", env={"PATH": os.defpath}, timeout=SECONDS)
