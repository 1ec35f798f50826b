"""Texts of a task that are shown read-only: its diff, and its log as a person reads it."""

import asyncio
from pathlib import Path

from specwright.api import editor as e
from specwright.api import messages as m
from specwright.api.events import event_of, text_of
from specwright.lsp.link import Link
from specwright.paths.files import write_whole
from specwright.tasks.harmless import harmless


async def diff_file(link: Link, task: str) -> Path:
    """The unified diff of a task's last run, in which what would hide in an editor is shown."""
    path = Path((await link.ask("diff", m.DiffOf(task), m.AsFile)).path)
    return await asyncio.to_thread(_seen, path)


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


def _seen(path: Path) -> Path:
    data = path.read_bytes()
    seen = harmless(data.decode(errors="replace").replace("\r\n", "\n")).encode()
    if seen == data:
        return path
    beside = path.with_name(f"shown-{path.name}")
    write_whole(beside, seen)
    return beside


def _written(events: Path) -> Path:
    lines = events.read_text(errors="replace").split("\n")[:-1] if events.exists() else []
    path = events.with_name("events.log")
    write_whole(path, "".join(f"{text_of(event)}\n" for line in lines if (event := event_of(line))).encode())
    return path
