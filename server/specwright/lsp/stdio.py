"""Standard input and output for the server: read by the event loop itself where the system can, else as pygls does.

pygls asks a thread for each header line and each body, three hops of which one keystroke pays for two messages.
"""

import asyncio
import logging
import os
import stat
import sys
from collections.abc import Awaitable, Callable
from threading import Event

from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)
Leave = Callable[[], Awaitable[None]]
BUFFERED = 1 << 20
"""Bytes read ahead before the editor has to wait."""


class _Reader(asyncio.StreamReader):
    """Gives what there is at the end of input, as a file does."""

    async def readexactly(self, n: int) -> bytes:
        """The next `n` bytes, or fewer at the end."""
        try:
            return await super().readexactly(n)
        except asyncio.IncompleteReadError as error:
            return error.partial


def serve(server: LanguageServer, leave: Leave) -> bool:
    """Answer the editor until it says `exit` or is gone, then `leave`; whether it said so."""
    said = server._stop_event = Event()
    try:
        asyncio.run(_serve(server, said, leave))
    except (BrokenPipeError, ConnectionResetError):
        log.warning("the editor is gone")
    except KeyboardInterrupt:
        pass
    return said.is_set()


async def _serve(server: LanguageServer, said: Event, leave: Leave) -> None:
    server.protocol.set_writer(StdoutWriter(sys.stdout.buffer))
    try:
        await _answer(server, said)
    finally:
        await leave()
        await asyncio.sleep(0)  # the answer to a `shutdown` that waited for the same goes out


async def _answer(server: LanguageServer, said: Event) -> None:
    if _is_own_pipe():
        reader = _Reader(limit=BUFFERED)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer
        )
        await run_async(said, reader, server.protocol, log, server.report_server_error)
    else:
        threaded = StdinAsyncReader(sys.stdin.buffer, server.thread_pool)
        await run_async(said, threaded, server.protocol, log, server.report_server_error)


def _is_own_pipe() -> bool:
    """Whether standard input can be waited for, and may be made non-blocking without standard output being so too."""
    if sys.platform == "win32":
        return False
    given, shown = os.fstat(sys.stdin.fileno()), os.fstat(sys.stdout.fileno())
    waits = stat.S_ISFIFO(given.st_mode) or stat.S_ISSOCK(given.st_mode)
    return waits and (given.st_dev, given.st_ino) != (shown.st_dev, shown.st_ino)
