"""Texts of a task that are shown read-only: its diff, and its log as a person reads it."""

import asyncio
from pathlib import Path

from specwright.api import editor as e
from specwright.api import messages as m
from specwright.api.events import event_of, text_of
from specwright.lsp.link import Link
from specwright.paths.files import write_whole


async def diff_file(link: Link, task: str) -> Path:
    """The unified diff of a task's last run."""
    return Path((await link.ask("diff", m.DiffOf(task), m.AsFile)).path)


async def log_file(link: Link, task: str) -> Path:
    """The events of a task's last run as text, in a file beside them."""
    files = await link.ask("log", m.LogOf(task), m.LogFiles)
    return await asyncio.to_thread(_written, Path(files.events))


async def document(link: Link, of: e.DocumentOf) -> e.Document:
    """Either as a text."""
    is_diff = of.kind is e.DocumentKind.DIFF
    path = await (diff_file if is_diff else log_file)(link, of.task)
    text = await asyncio.to_thread(path.read_text, errors="replace")
    return e.Document(text, "diff" if is_diff else "log")


def _written(events: Path) -> Path:
    lines = events.read_text(errors="replace").split("\n")[:-1] if events.exists() else []
    path = events.with_name("events.log")
    write_whole(path, "".join(f"{text_of(event)}\n" for line in lines if (event := event_of(line))).encode())
    return path
