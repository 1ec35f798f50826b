"""JSON-RPC 2.0, one message per line, in both directions over one stream. Knows no method of ours."""

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from specwright import errors
from specwright.api.codec import Malformed
from specwright.tasks.wording import cut

LIMIT = 16 * 2**20
"""Bytes of the longest line; what is larger goes as the path of a file."""
MOST_AT_ONCE = 64
"""Requests of one side that are answered at the same time; more are not read yet: a flood holds up its sender."""
MOST_BYTES = 64 * 2**20
"""Bytes of the requests of one side that are answered at the same time; beyond them nothing more is read, too."""
LONGEST_ID, LONGEST_NAME, LONGEST_SENTENCE = 100, 100, 1000
"""Characters: of a request's id, and of what an error repeats."""
NO_REQUEST, UNKNOWN_METHOD, BAD_PARAMS, SAID_NO, BUG = -32600, -32601, -32602, -32000, -32603

Answer = Callable[[str, Any], Awaitable[Any]]
"""Answers a request or takes a notification: (method, params) to the JSON result."""

log = logging.getLogger(__name__)


class UnknownMethod(Exception):
    """The other side asked for something that this side does not offer."""


class Lost(errors.SpecwrightError):
    """The connection ended before the answer came."""

    def __init__(self) -> None:
        super().__init__("The daemon went away before it answered. Try again; what was queued is kept.")


class TooLong(errors.Refused):
    """A message that the other side would not read."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"That holds {size / 2**20:.0f} MB, and {LIMIT // 2**20} MB is the most that goes to or from the daemon "
            "at once. A smaller file, or the command line, can do it."
        )


class Connection:
    """One side of a stream. `serve` must run for requests to be answered, in either direction."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
        self._reader, self._writer, self._answer = reader, writer, answer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._answering: dict[asyncio.Task[None], int] = {}
        """With the bytes of each request."""

    async def serve(self) -> None:
        """Read messages until the other side ends or sends what is no message."""
        try:
            while line := await self._reader.readline():
                self._take(_parse(line), len(line))
                while len(self._answering) >= MOST_AT_ONCE or sum(self._answering.values()) > MOST_BYTES:
                    await asyncio.wait(self._answering, return_when=asyncio.FIRST_COMPLETED)
        except (ValueError, ConnectionError, Malformed) as error:
            log.warning("connection closed: %s", error)
        finally:
            await self._end()

    async def request(self, method: str, params: Any, timeout: float | None = None) -> Any:
        """The other side's JSON result; `timeout` in seconds. Raises what it said, `Lost`, or `TimeoutError`."""
        number = next(self._numbers)
        self._waiting[number] = future = asyncio.get_running_loop().create_future()
        try:
            self._send({"id": number, "method": method, "params": params})
            async with asyncio.timeout(timeout):
                return await future
        finally:
            self._waiting.pop(number, None)

    def notify(self, method: str, params: Any) -> None:
        """Tell the other side something, without an answer; nothing happens when it is gone.

        One that has not read for so long that a whole line's worth waits for it is left: it asks anew when it comes.
        """
        if self._writer.transport.get_write_buffer_size() > LIMIT:
            log.warning("%s was not told, and the connection ends: the other side does not read", method)
            self._writer.transport.abort()
            return
        try:
            self._send({"method": method, "params": params})
        except Lost:
            pass
        except TooLong as error:
            log.warning("%s was not told: %s", method, error)

    def close(self) -> None:
        """End the stream; `serve` returns."""
        self._writer.close()

    def _send(self, message: dict[str, Any]) -> None:
        if self._writer.is_closing():
            raise Lost
        line = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if len(line) > LIMIT:
            raise TooLong(len(line))
        self._writer.write(line + b"\n")

    def _take(self, message: Any, size: int) -> None:
        if not isinstance(message, dict):
            raise Malformed("is no object")
        if "method" in message:
            answering = asyncio.create_task(self._respond(message))
            self._answering[answering] = size
            answering.add_done_callback(self._answering.pop)
        elif isinstance(number := message.get("id"), int) and (future := self._waiting.get(number)):
            _settle(future, message)

    async def _respond(self, message: dict[str, Any]) -> None:
        method, number = message["method"], message.get("id")
        if not isinstance(method, str) or not _is_id(number):
            said = f"a method is a text; an id a whole number of 64 bits, or a text of {LONGEST_ID} characters at most"
            number, reply = None, _error(NO_REQUEST, said)
        else:
            reply = await self._outcome(method, message.get("params"))
        if "id" in message:
            with contextlib.suppress(Lost, ConnectionError):
                self._reply(number, reply)
                await self._writer.drain()  # who does not read is not answered further: `serve` reads no more of it

    async def _outcome(self, method: str, params: Any) -> dict[str, Any]:
        try:
            return {"result": await self._answer(method, params)}
        except UnknownMethod:
            return _error(UNKNOWN_METHOD, f"unknown method {cut(method, LONGEST_NAME)}")
        except Malformed as error:
            return _error(BAD_PARAMS, str(error))
        except errors.SpecwrightError as error:
            return _refusal(error)
        except Exception as bug:  # the boundary of one request: a bug in it must not end the others
            log.exception("request %s failed", cut(method, LONGEST_NAME))
            return _error(BUG, f"{type(bug).__name__}: {bug}")

    def _reply(self, number: Any, reply: dict[str, Any]) -> None:
        try:
            self._send({"id": number, **reply})
        except TooLong as error:
            self._send({"id": number, **_refusal(errors.Refused(error.sentence))})

    async def _end(self) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Lost())
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line)
    except RecursionError as error:
        raise Malformed("is nested too deeply") from error


def _is_id(number: Any) -> bool:
    """Whether an answer may carry it: no float or list, and nothing that would fill the answer."""
    if isinstance(number, str):
        return len(number) <= LONGEST_ID
    return number is None or (isinstance(number, int) and not isinstance(number, bool) and number.bit_length() < 64)


def _error(code: int, said: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": cut(said, LONGEST_SENTENCE)}}


def _refusal(error: errors.SpecwrightError) -> dict[str, Any]:
    return {"error": {"code": SAID_NO, "message": error.sentence, "data": type(error).__name__}}


def _settle(future: asyncio.Future[Any], message: dict[str, Any]) -> None:
    if future.done():
        return
    error = message.get("error")
    if not isinstance(error, dict):
        future.set_result(message.get("result"))
    elif error.get("code") == SAID_NO:
        kind = errors.KINDS.get(str(error.get("data")), errors.SpecwrightError)
        future.set_exception(kind(str(error.get("message"))))
    else:
        sentence = f"The daemon could not do that: {error.get('message')}. Its log says more."
        future.set_exception(errors.SpecwrightError(sentence))
