"""A Messages API on loopback that plays scenarios instead of a model; keeps no conversation, only a log of requests."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from specwright.testing.replies import Asked, Message, Refusal, Reply, Silence, Spoilt
from specwright.testing.scenarios import SCENARIOS, Scenario
from specwright.testing.stream import as_json, play
from specwright.testing.strict import blocks, fault
from specwright.testing.usage import BYTES, PrefixCache
from specwright.testing.wire import Request, answer, chunk, read_request, stream_head

_NAMED = re.compile(r"\[\[fake:([\w-]+)\]\]")


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it came, with the scenario that answered it."""

    path: str
    scenario: str
    headers: Mapping[str, str]
    body: Mapping[str, object]
    size: int

    @property
    def key(self) -> str | None:
        """The API key, from whichever header."""
        return self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ") or None


class MessagesServer:
    """The server as a context manager: `async with MessagesServer() as server: … server.url`.

    A scenario is named by the header `x-fake-scenario`, or by `[[fake:NAME]]` in the user's text; else `default` plays.
    `pace` is the pause in seconds before each event of a slow stream.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Scenario] | None = None,
        *,
        default: str = "edit",
        port: int = 0,
        pace: float = 0.7,
    ) -> None:
        self.scenarios: dict[str, Scenario] = {**SCENARIOS, **(scenarios or {})}
        self.requests: list[Logged] = []
        self.hits: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        """What clients were told to have used, by scenario."""
        self.url = ""
        self._default = default
        self._port = port
        self._pace = pace
        self._cache = PrefixCache()
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            while (request := await read_request(reader)) and await self._serve(request, writer):
                pass
        except (ConnectionError, ValueError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass  # by our own end; asyncio would report it as an error of the connection
        finally:
            writer.transport.abort()

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection is good for another request."""
        body = _json(request.body)
        scenario = self._scenario(request, body)
        self.requests.append(Logged(request.path, scenario, request.headers, body, len(request.body)))
        if (request.method, request.path) != ("POST", "/v1/messages"):
            return await self._other(request, body, writer)
        self.hits[scenario] += 1
        reply = self._reply(scenario, body)
        match reply:
            case Refusal():
                return await _send(writer, answer(reply.status, reply.body(), reply.headers))
            case Silence.HANG:
                await asyncio.Event().wait()
            case Message():
                return await self._message(reply, body, writer)
        return False

    async def _other(self, request: Request, body: Mapping[str, object], writer: asyncio.StreamWriter) -> bool:
        if request.path == "/v1/messages/count_tokens":
            return await _send(writer, answer(200, {"input_tokens": len(request.body) // BYTES}, {}))
        if request.path == "/v1/models":
            model = {
                "type": "model",
                "id": "scripted",
                "display_name": "Scripted",
                "created_at": "2026-01-01T00:00:00Z",
            }
            return await _send(writer, answer(200, {"data": [model], "has_more": False}, {}))
        refusal = Refusal(404, "not_found_error", f"{request.method} {request.path} is not here")
        return await _send(writer, answer(404, refusal.body(), {}))

    def _scenario(self, request: Request, body: Mapping[str, object]) -> str:
        named = _NAMED.search(_user_text(body))
        return request.headers.get("x-fake-scenario") or (named[1] if named else self._default)

    def _reply(self, name: str, body: Mapping[str, object]) -> Reply:
        wrong = fault(body)
        if wrong:
            return Refusal(400, "invalid_request_error", wrong)
        scenario = self.scenarios.get(name)
        if scenario is None:
            known = ", ".join(sorted(self.scenarios))
            return Refusal(400, "invalid_request_error", f"there is no scenario {name!r}; there are {known}")
        max_tokens = body.get("max_tokens")
        turn = sum(message.get("role") == "assistant" for message in _messages(body))
        return scenario(Asked(turn, self.hits[name], max_tokens if isinstance(max_tokens, int) else 0))

    async def _message(self, message: Message, body: Mapping[str, object], writer: asyncio.StreamWriter) -> bool:
        model, usage = str(body.get("model")), self._cache.count(body, message.usage)
        if not body.get("stream"):
            return await _send(writer, answer(200, as_json(replace(message, spoilt=None), model, usage), {}))
        played = play(message, model, usage)
        self.tokens[self.requests[-1].scenario] += played.tokens
        writer.write(stream_head({"request-id": f"req_{len(self.requests)}"}))
        for event in played.events:
            await asyncio.sleep(self._pace if message.spoilt is Spoilt.SLOW else 0)
            await _send(writer, chunk(event))
        if played.stalls:
            await asyncio.Event().wait()
        if played.reset:
            await asyncio.sleep(0.05)  # the client shall have read what was sent before the reset
            return False
        return await _send(writer, chunk(b""))


async def _send(writer: asyncio.StreamWriter, data: bytes) -> bool:
    writer.write(data)
    await writer.drain()
    return True


def _json(data: bytes) -> Mapping[str, object]:
    content = json.loads(data) if data else {}
    if not isinstance(content, dict):
        raise ValueError("the body is no object")
    return content


def _messages(body: Mapping[str, object]) -> list[Mapping[str, object]]:
    messages = body.get("messages")
    return messages if isinstance(messages, list) else []


def _user_text(body: Mapping[str, object]) -> str:
    users = [message for message in _messages(body) if message.get("role") == "user"]
    return "\n".join(str(block.get("text", "")) for message in users for block in blocks(message))
