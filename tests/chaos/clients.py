"""Clients that behave badly, and verdicts of several at once."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pygls.exceptions import PyglsError

from chaos import parts
from chaos.project import Project
from chaos.stored import Row
from chaos.yard import STILL, Yard
from lsp.editor import VSCODE, Editor
from specwright.api import messages as m
from specwright.api.wire import LIMIT
from specwright.errors import SpecwrightError

GARBAGE = (
    b"not json", b"[]", b"\xff\xfe\x00", b'{"id": 1}', b'{"id": 1, "method": 7, "params": []}', b"{" * 5000,
    b'{"id": 1, "method": "decide", "params": {"task": "../../x", "accept": true}}', b'{"id": 9, "result": {}}',
    b'{"id": 1, "method": "record", "params": {"task": "aaaaaa", "run": -1}}', b"\0" * 70_000,
)  # fmt: skip
STATUS = b'{"id": 1, "method": "status", "params": {}}\n'
FLOOD = 5_000
ANSWERS = 30.0
"""Seconds in which others must be answered meanwhile."""
UNRULY = (SpecwrightError, PyglsError, TimeoutError, ConnectionError, AssertionError, OSError)
"""What a client may meet while daemons and servers are killed: it is told, and the state is what counts."""


async def vanish(yard: Yard) -> None:
    """Twenty that are gone in the middle of a request, some of them one that writes."""
    task = yard.rng.choice(sorted(yard.acknowledged) or ["aaaaaa"])
    asked = [("status", {}), ("show", {"task": task}), ("list", {"folder": str(yard.projects[STILL].root)})]
    for _ in range(20):
        method, params = yard.rng.choice(asked)
        async with _raw(yard) as (_, writer):
            line = json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\n"
            writer.write(line[: yard.rng.randint(1, len(line))])
            writer.transport.abort()
    yard.did["20 clients vanished"] += 1
    await _others_are_answered(yard)


async def flood(yard: Yard) -> None:
    """Thousands of requests whose answers nobody reads."""
    async with _raw(yard) as (_, writer):
        writer.write(STATUS * FLOOD)
        yard.did[f"flood of {FLOOD}"] += 1
        await _others_are_answered(yard)
        writer.transport.abort()
    await _others_are_answered(yard)


async def garbage(yard: Yard) -> None:
    """Lines that are no requests, and one without an end."""
    for line in GARBAGE:
        async with _raw(yard) as (reader, writer):
            writer.write(line + b"\n")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.readline(), 0.2)
            writer.transport.abort()
    async with _raw(yard) as (_, writer):
        writer.write(b"x" * (LIMIT + 1000))
        with contextlib.suppress(TimeoutError, ConnectionError):
            await asyncio.wait_for(writer.drain(), 5)
        writer.transport.abort()
    yard.did["garbage"] += 1
    await _others_are_answered(yard)


async def race(yard: Yard, editors: list[Editor], project: Project, number: int, row: Row) -> None:
    """Two windows, a terminal and another client decide on the same task at once."""
    yard.raced.add(row.task)
    path = parts.spec_path(number)
    for editor in editors:
        editor.open(path)
    accept = yard.rng.random() < 0.8
    verb = "accept" if accept else "reject"
    given = [editor.run(verb, task=row.task) for editor in editors]
    given.append(yard.ask("decide", m.Decide(row.task, accept), m.Decided))
    typed = yard.rng.choice(["accept", verb])
    given.append(asyncio.to_thread(project.type, typed, row.task))
    yard.rng.shuffle(given)
    await asyncio.gather(*(_bounded(yard, one) for one in given))
    if yard.rng.random() < 0.4:
        await freeze_windows(yard, editors)
    if yard.rng.random() < 0.3:
        await kill_windows(yard, editors)
        return
    for editor in editors:
        editor.save(path)
        editor.close(path)
    yard.did["races of verdicts"] += 1


async def windows(yard: Yard, over: asyncio.Event) -> None:
    """Two windows on one checkout for as long as the play lasts, started again when they were killed."""
    project = yard.projects[STILL]
    editors: list[Editor] = []
    seen: set[str] = set()
    while not over.is_set():
        await asyncio.sleep(yard.rng.uniform(0.2, 1))
        try:
            if not editors:
                editors = [await asyncio.wait_for(Editor(project).start(VSCODE), 30) for _ in range(2)]
            ready = [(n, row) for n, row in yard.of_project(STILL) if row.state == "review" and row.task not in seen]
            if ready:
                number, row = yard.rng.choice(ready)
                seen.add(row.task)
                await race(yard, editors, project, number, row)
        except UNRULY as error:
            yard.did[f"a window met {type(error).__name__}"] += 1
        if any(editor.client._server.returncode is not None for editor in editors):
            await _close(editors)
            editors = []
    await _close(editors)


async def freeze_windows(yard: Yard, editors: list[Editor]) -> None:
    """The servers stand still for a while, one of them at a time."""
    for editor in editors:
        os.kill(editor.client._server.pid, signal.SIGSTOP)
        yard.did["window frozen"] += 1
        await asyncio.sleep(yard.rng.uniform(0.2, 1.5))
        os.kill(editor.client._server.pid, signal.SIGCONT)


async def kill_windows(yard: Yard, editors: list[Editor]) -> None:
    """SIGKILL of the servers of open documents with hunks, undecided or not saved."""
    for editor in editors:
        await editor.die()
        yard.did["kill window"] += 1


async def _close(editors: list[Editor]) -> None:
    for editor in editors:
        with contextlib.suppress(*UNRULY):
            if editor.client._server.returncode is None:
                await editor.die()
            await asyncio.wait_for(editor.client.stop(), 10)


async def _bounded(yard: Yard, asked: object) -> None:
    try:
        await asyncio.wait_for(asked, ANSWERS)
    except UNRULY as error:
        yard.did[f"a verdict met {type(error).__name__}"] += 1


async def _others_are_answered(yard: Yard) -> None:
    try:
        await yard.ask("status", m.Empty(), m.DaemonStatus, ANSWERS)
    except TimeoutError:
        yard.problems.append(f"beside a bad client nobody was answered for {ANSWERS:g} s")


@asynccontextmanager
async def _raw(yard: Yard) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection without manners."""
    async with await yard.client():
        reader, writer = await asyncio.open_unix_connection(yard.places.socket, limit=LIMIT)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
