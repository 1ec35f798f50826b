"""What the verbs share: a connection to the daemon, questions to the person, words."""

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from specwright.api.client import Client, Listener, connect
from specwright.cli.output import echo
from specwright.paths.places import places
from specwright.tasks.harmless import harmless

Answer = TypeVar("Answer")
PATIENCE = 1.0
"""Seconds."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON of a documented, stable shape.")
"""For each verb that prints."""


def with_daemon(ask: Callable[[Client], Awaitable[Answer]], listener: Listener | None = None) -> Answer:
    """The result of talking to the daemon, which is started where none runs."""

    async def talk() -> Answer:
        with patience("Starting the daemon …"):
            client = await connect(places(), "cli", listener)
        async with client:
            return await ask(client)

    gc.enable()
    return asyncio.run(talk())


@contextmanager
def patience(text: str) -> Iterator[None]:
    """Say at the terminal what is waited for, where that takes over a second; a pipe is told nothing."""
    timer = threading.Timer(PATIENCE, echo, (text,), {"err": True})
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def confirm(question: str, default: bool) -> bool:
    """The answer to a question; no where nobody can be asked."""
    try:
        return click.confirm(harmless(question), default=default)
    except click.Abort:
        echo("")
        return False


def plural(number: int, noun: str) -> str:
    """`1 hunk`, `2 hunks`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def here() -> str:
    """The current folder."""
    return str(Path.cwd())


def seen(path: Path) -> str:
    """A path from where the user stands; the whole one where that is shorter."""
    return min(os.path.relpath(path), str(path.absolute()), key=len)
