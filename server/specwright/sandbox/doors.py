"""Openings of a full box: ports of its own loopback that this process answers. Nothing runs in the box for them.

bubblewrap tells the pid of the box and waits before the command begins. Meanwhile a program of ours enters the box's
network, listens there, and hands the listening sockets out. They are answered here: no other box has them, and
what runs inside can end neither them nor us.
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from specwright import process, processes
from specwright.sandbox import entering
from specwright.sandbox.proxy import Proxy
from specwright.sandbox.relay import Line, Relay
from specwright.tasks.protocols import NOTHING, Done, Reach

PROXY_PORT = 3128
"""On the box's loopback, which is its own; the next free one where a service has it."""
MOST_LINES = 100
"""Connections of one box at once."""
MOST_SAID = 1000
SECONDS = 10.0
"""For the doors to be open."""
LONGEST = 4096
"""Bytes of what bubblewrap tells."""
NOT_RUN = 126
"""As a shell says of what can't be run."""
Serve = Callable[[Line], Coroutine[Any, Any, None]]
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Doors:
    """The doors of one command."""

    arguments: Sequence[str] = ()
    """bubblewrap's words for them."""
    descriptors: Sequence[int] = ()
    """Of these words."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """They tell tools where the proxy is."""
    said: list[str] = field(default_factory=list)
    problem: str = ""
    """Why they are not open."""

    def told(self, done: Done) -> Done:
        """How the command ended, with what it reached; not to be believed where its doors were not open."""
        if self.problem:
            return replace(done, exit_code=NOT_RUN, stderr=done.stderr + f"\n{self.problem}\n".encode())
        return replace(done, reached=tuple(self.said))

    def say(self, sentence: str) -> None:
        """Note what a connection came to; one who tries again and again is told of once."""
        if len(self.said) < MOST_SAID and sentence not in self.said[-1:]:
            self.said.append(sentence)


@contextlib.asynccontextmanager
async def doors(reach: Reach) -> AsyncIterator[Doors]:
    """While it lasts, the box that is started with these words reaches what it may, and nothing else."""
    if reach == NOTHING:
        yield Doors()
        return
    told, telling = os.pipe()
    waiting, going_on = os.pipe()
    words = "--info-fd", str(telling), "--block-fd", str(waiting)
    port = next(number for number in range(PROXY_PORT, 2**16) if number not in reach.services)
    made = Doors(words, (telling, waiting), _variables(port) if reach.hosts else {})
    serves = _serves(reach, port, made)
    with os.fdopen(told, "rb", 0) as saying:
        opening = asyncio.create_task(_open(saying, going_on, serves, made))
        try:
            yield made
        finally:
            opening.cancel()
            await asyncio.wait([opening])
            for descriptor in (telling, waiting, going_on):
                os.close(descriptor)


def _variables(port: int) -> dict[str, str]:
    address = f"http://127.0.0.1:{port}"
    return {"HTTPS_PROXY": address, "https_proxy": address, "NO_PROXY": "localhost,127.0.0.1"}


def _serves(reach: Reach, proxy_port: int, made: Doors) -> dict[int, Serve]:
    serves: dict[int, Serve] = {port: _service(port, made.say) for port in reach.services}
    if reach.hosts:
        serves[proxy_port] = Proxy(reach.hosts, made.say).serve
    return serves


def _service(port: int, said: Callable[[str], None]) -> Serve:
    """Carries to one port of this machine's loopback."""

    async def serve(inside: Line) -> None:
        for address in ("127.0.0.1", "::1"):
            with contextlib.suppress(OSError):
                relay = Relay(inside, Line(*await asyncio.open_connection(address, port)))
                break
        else:
            said(f"localhost:{port}: nothing listens there")
            return
        try:
            await relay.carry()
        finally:
            said(f"localhost:{port}: {relay.sent:,} bytes sent, {relay.received:,} received")

    return serve


async def _open(saying: BinaryIO, going_on: int, serves: Mapping[int, Serve], made: Doors) -> None:
    """Open all doors, let the command begin, and serve until this is cancelled."""
    pid = 0
    async with _Lines() as lines:
        try:
            async with asyncio.timeout(SECONDS):
                pid = await _pid(saying)
                for listening, serve in zip(await _listening(pid, list(serves)), serves.values(), strict=True):
                    await lines.serve(listening, serve)
            os.write(going_on, b"!")
        except (OSError, ValueError, LookupError, EOFError, TimeoutError) as error:
            made.problem = f"What it may reach could not be opened: {str(error) or 'it took too long'}."
            if pid:
                processes.signal_all([pid], signal.SIGKILL)
        await asyncio.Event().wait()


async def _pid(saying: BinaryIO) -> int:
    """Of the box's first process, from the object that bubblewrap writes. Closes the pipe."""
    reader = asyncio.StreamReader(LONGEST)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, saying)
    try:
        return int(json.loads(await reader.readuntil(b"}"))["child-pid"])
    finally:
        transport.close()


async def _listening(pid: int, ports: Sequence[int]) -> list[socket.socket]:
    """Sockets that listen on these ports of the loopback of the network that a process has."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        words = [sys.executable, "-IS", entering.__file__, str(pid), str(theirs.fileno()), *map(str, ports)]
        done = await process.run(words, cwd="/", env={}, timeout=SECONDS, tied=False, descriptors=[theirs.fileno()])
        if done.exit_code != 0:
            raise OSError(done.stderr.decode(errors="replace").strip() or "the box has no network of its own")
        _, descriptors, _, _ = socket.recv_fds(ours, 16, len(ports))
    return [socket.socket(fileno=descriptor) for descriptor in descriptors]


class _Lines:
    """The connections of one box, and what answers them; all end together."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._lines: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "_Lines":
        return self

    async def __aexit__(self, *_error: object) -> None:
        for server in self._servers:
            server.close()
        for line in self._lines:
            line.cancel()
        if self._lines:
            await asyncio.wait(self._lines)

    async def serve(self, listening: socket.socket, serve: Serve) -> None:
        """Answer what connects there."""

        def begun(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if len(self._lines) >= MOST_LINES:
                writer.close()
                return
            task = asyncio.create_task(self._answer(serve, Line(reader, writer)))
            self._lines.add(task)
            task.add_done_callback(self._lines.discard)

        self._servers.append(await asyncio.start_server(begun, sock=listening))

    async def _answer(self, serve: Serve, inside: Line) -> None:
        try:
            await serve(inside)
        except OSError as error:
            log.info("a connection of a box broke: %s", error)
        finally:
            inside.writer.close()
