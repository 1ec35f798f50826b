"""One call of the Messages API, streamed and without the SDK's retries; every way to fail becomes a `Fault`."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from specwright.agents.faults import Fault, FaultKind, Patience, of_status
from specwright.agents.prompt import SYSTEM
from specwright.agents.schemas import TOOLS
from specwright.agents.transcript import Block
from specwright.tasks.model import Tokens

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

ANTHROPIC_URL = "https://api.anthropic.com"


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the model answers, and the key for it. `cache`: whether it caches prompts; None goes by its host."""

    key: str
    base_url: str = ANTHROPIC_URL
    cache: bool | None = None

    @property
    def provider(self) -> str | None:
        """The name that price tables have for it; None when they have none."""
        host = urlsplit(self.base_url).hostname or ""
        return "anthropic" if host == "anthropic.com" or host.endswith(".anthropic.com") else None

    def __repr__(self) -> str:
        return f"Connection(key=…, base_url={self.base_url!r})"


@dataclass(frozen=True, slots=True)
class Request:
    """One call."""

    model: str
    messages: Sequence[Block]
    max_tokens: int
    read_timeout: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back whole; `stop` is empty when the stream ended early, `category` says why the model refused."""

    content: tuple[Block, ...]
    stop: str
    category: str = ""


class Listener(Protocol):
    """Is told of a call while it lasts."""

    def text(self, delta: str) -> None:
        """A piece of what the model says."""

    def charge(self, tokens: Tokens) -> None:
        """Once for each call that cost something, however it ended."""


class CallFailed(Exception):
    """A call that brought no answer."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.note)
        self.fault = fault


class Caller:
    """Calls one provider. The SDK is imported and its client made at the first call; close it in the same loop."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection = connection
        self._patience = patience
        self._client: AsyncAnthropic | None = None
        self._making = asyncio.Lock()
        self.cache = connection.provider is not None if connection.cache is None else connection.cache

    async def call(self, request: Request, listener: Listener) -> Answer:
        """One answer. Raises `CallFailed`; a cancel gets through once what was used is charged."""
        client = await self._ready()
        seen = _Seen()
        try:
            async with asyncio.timeout(self._patience.call):
                return await _stream(client, self._arguments(request), seen, listener)
        except TimeoutError:
            fault = Fault(FaultKind.NETWORK, f"The answer took longer than {self._patience.call:g} s.")
            raise CallFailed(fault) from None
        finally:
            if seen.tokens.total:
                listener.charge(seen.tokens)

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client:
            await client.close()

    async def _ready(self) -> "AsyncAnthropic":
        async with self._making:
            if self._client is None:
                self._client = await asyncio.to_thread(_client, self._connection, self._patience)
            return self._client

    def _arguments(self, request: Request) -> dict[str, Any]:
        system: Block = {"type": "text", "text": SYSTEM}
        mark: Block = {"cache_control": {"type": "ephemeral"}} if self.cache else {}
        return {
            "model": request.model,
            "max_tokens": request.max_tokens,
            "system": [{**system, **mark}],
            "tools": list(TOOLS),
            "messages": list(request.messages),
            "timeout": _timeout(request.read_timeout, self._patience.connect),
            **mark,
        }


def invalid(answer: Answer) -> Fault | None:
    """Why an answer can't be used and the call is made again; tool calls are judged elsewhere."""
    if not answer.stop:
        return Fault(FaultKind.NETWORK, "The answer ended early.")
    if not answer.content and answer.stop not in ("refusal", "model_context_window_exceeded"):
        return Fault(FaultKind.SERVER, "The model answered nothing.")
    return None


class _Seen:
    """Tokens as the stream tells of them: inputs first, the output's count growing."""

    def __init__(self) -> None:
        self.tokens = Tokens()

    def add(self, usage: object) -> None:
        def count(name: str, before: int) -> int:
            value = getattr(usage, name, None)
            return value if isinstance(value, int) else before

        self.tokens = Tokens(
            count("input_tokens", self.tokens.input),
            count("cache_read_input_tokens", self.tokens.cache_read),
            count("cache_creation_input_tokens", self.tokens.cache_write),
            count("output_tokens", self.tokens.output),
        )


async def _stream(client: "AsyncAnthropic", arguments: Mapping[str, Any], seen: _Seen, listener: Listener) -> Answer:
    import anthropic  # loaded by now
    import httpx2

    try:
        async with client.messages.stream(**arguments) as stream:
            async for event in stream:
                if event.type == "message_start":
                    seen.add(event.message.usage)
                elif event.type == "message_delta":
                    seen.add(event.usage)
                elif event.type == "text":
                    listener.text(event.text)
            message = await stream.get_final_message()
    except anthropic.APIStatusError as error:
        text = error.api_message or error.message
        raise CallFailed(of_status(error.status_code, error.type, text, error.response.headers)) from error
    except (anthropic.APITimeoutError, httpx2.ReadTimeout) as error:
        raise CallFailed(Fault(FaultKind.STALL, "The model's server fell silent.")) from error
    except (anthropic.APIError, httpx2.HTTPError) as error:
        note = f"The connection to the model's server failed: {error.__cause__ or error}"
        raise CallFailed(Fault(FaultKind.NETWORK, note)) from error
    except (ValueError, LookupError, AssertionError) as error:  # the SDK on a stream that is none
        raise CallFailed(Fault(FaultKind.SERVER, f"The answer could not be read: {error}"[:300])) from error
    category = message.stop_details.category if message.stop_details else None
    blocks = (block.to_dict(mode="json") for block in message.content)
    content = tuple(block for block in blocks if block.get("type") != "text" or str(block.get("text", "")).strip())
    return Answer(content, message.stop_reason or "", category or "")


def _client(connection: Connection, patience: Patience) -> "AsyncAnthropic":
    from anthropic import AsyncAnthropic  # takes over a second, hence in a thread and once

    return AsyncAnthropic(
        api_key=connection.key,
        base_url=connection.base_url.removesuffix("/").removesuffix("/v1"),  # the SDK adds it
        max_retries=0,
        timeout=_timeout(patience.read, patience.connect),
        open_telemetry=False,
    )


def _timeout(read: float, connect: float) -> Any:
    import httpx2  # comes with the SDK

    return httpx2.Timeout(read, connect=connect)
