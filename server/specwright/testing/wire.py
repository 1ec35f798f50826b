"""As much of HTTP/1.1 and of server-sent events as the scripted server speaks."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import responses

BODY_LIMIT = 64 * 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when there is none. Raises `ValueError` for what is no HTTP."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = int(headers.get("content-length", "0"))
    if length > BODY_LIMIT:
        raise ValueError("the body is too long")
    return Request(method, path.split("?")[0], headers, await reader.readexactly(length))


def answer(status: int, content: Mapping[str, object], headers: Mapping[str, str]) -> bytes:
    """A whole response with a JSON body."""
    body = json.dumps(content).encode()
    return _head(status, {"content-type": "application/json", "content-length": str(len(body)), **headers}) + body


def stream_head(headers: Mapping[str, str]) -> bytes:
    """The head of a response whose chunks are events."""
    return _head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked", **headers})


def chunk(data: bytes) -> bytes:
    """One chunk; the empty one ends the response."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(kind: str, **content: object) -> bytes:
    """One server-sent event of the Messages API."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **content})}\n\n".encode()


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} {responses.get(status, 'Overloaded')}\r\n{lines}\r\n".encode("latin-1")
