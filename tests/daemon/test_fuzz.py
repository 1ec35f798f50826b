"""Whatever a client sends: each request is answered, nothing of it is a bug, and the daemon goes on."""

import asyncio
import dataclasses
import json
import random
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from specwright.api.methods import DAEMON
from specwright.api.wire import LIMIT
from specwright.paths.places import places
from user import User

SECONDS = 20.0
EACH = 14
"""Requests of a method."""
ENDS = {"stop", "replace"}
"""Methods that end the daemon when they are asked well; they are asked badly."""
UNKEPT = ("a\0b", "half \ud83d", "/\udcff", 2**63, -(2**200), 10**4000)
"""What has the right type, and must be refused all the same."""
HOSTILE = (
    None, True, False, 0, -1, 2**63 - 1, 1.5, 1e308, float("nan"), float("inf"), "", " ", "\n", "x" * 100_000,
    "../..", "-h", "/", "/proc/self/mem", "/dev/zero", "~", "a'; DROP TABLE task; --", "\x1b[2J\u202e", "%s%n{0}",
    "2026-01-01", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00",
    [], [[]], [None], {}, {"": ""}, {"key": []}, json.loads("[" * 400 + "]" * 400), *UNKEPT,
)  # fmt: skip
RUBBISH = (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\n", b"[" * 200_000 + b"\n", b"\0\n")


def right(kind: Any, name: str, known: dict[str, Any]) -> Any:
    """A value of a type, as JSON; fields of known names have values that mean something."""
    if name in known:
        return known[name]
    inner = [one for one in get_args(kind) if one not in {type(None), ...}]
    if dataclasses.is_dataclass(kind):
        return {field: right(hint, field, known) for field, hint in get_type_hints(kind).items()}
    if get_origin(kind) is tuple:
        return [right(inner[0], "", known)]
    if get_origin(kind) is dict:
        return {"k": right(inner[1], "", known)}
    if inner:
        return right(inner[0], name, known)
    if issubclass(kind, Enum):
        return next(iter(kind)).value
    return {str: "x", int: 1, float: 0.0, bool: False, datetime: "2026-01-02T03:04:05Z"}[kind]


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in a value, with each key of it."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places_in(value[key])


def spoilt(rng: random.Random, kind: Any, known: dict[str, Any]) -> tuple[Any, bool]:
    """Parameters with one thing in them that is hostile, and whether they have to be refused."""
    value = right(kind, "", known)
    spots = list(places_in(value))
    hostile = rng.choice(HOSTILE)
    if not spots or rng.random() < 0.1:
        return hostile, any(hostile is one for one in UNKEPT)
    container, key = rng.choice(spots)
    container[key] = hostile
    return value, hostile in UNKEPT[:2] or hostile in UNKEPT[3:]


def requests(known: dict[str, Any]) -> list[tuple[str, Any, bool]]:
    rng = random.Random(7)  # noqa: S311  # no secret
    made = [(method, *spoilt(rng, kind, known)) for method, (kind, _) in DAEMON.items() for _ in range(EACH)]
    return [(method, [params] if (bad := method in ENDS) else params, must or bad) for method, params, must in made]


async def answers(path: Path, asked: list[tuple[str, Any, bool]]) -> dict[int, Any]:
    """The answers by number, of one connection."""
    reader, writer = await asyncio.open_unix_connection(path, limit=LIMIT)
    for number, (method, params, _) in enumerate(asked):
        writer.write(json.dumps({"id": number, "method": method, "params": params}).encode() + b"\n")
    found: dict[int, Any] = {}
    while len(found) < len(asked):
        answer = json.loads(await reader.readline())
        if "id" in answer and "method" not in answer:
            found[answer["id"]] = answer
    writer.close()
    return found


async def still_works(path: Path) -> bool:
    hello = {"oldest": 1, "newest": 1, "version": "0", "client": "cli"}
    found = await answers(path, [("hello", hello, False), ("status", {}, False)])
    return (found[0]["result"]["protocol"], found[1]["result"]["pid"] > 0) == (1, True)


def log_of(user: User) -> str:
    return (user.state / "daemon.log").read_text()


async def test_each_method_answers_whatever_it_is_asked(project: User) -> None:
    task = await asyncio.to_thread(project.run, "a.py")
    path = places(project.environment).socket
    known = {"task": task, "folder": str(project.root), "path": "a.py", "client": "cli", "apply": False, "wait": 0.0}
    asked = requests(known)
    async with asyncio.timeout(SECONDS):
        shares = [asked[start::8] for start in range(8)]
        found = await asyncio.gather(*(answers(path, share) for share in shares))
        assert await still_works(path)
    assert len(asked) > 350
    wrong = []
    for share, answered in zip(shares, found, strict=True):
        for number, (method, params, must) in enumerate(share):
            code = answered[number].get("error", {}).get("code")
            if code not in ({-32602} if must else {None, -32602, -32000}):
                wrong.append((method, str(params)[:300], str(answered[number])[:300]))
    assert not wrong
    assert "Traceback" not in log_of(project)


async def said_before_the_end(reader: asyncio.StreamReader) -> bytes:
    """All that comes; who hangs up with something unread resets the connection."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("line", RUBBISH, ids=lambda line: str(line[:12]))
async def test_what_is_no_message_is_hung_up_on_at_once(user: User, line: bytes) -> None:
    await asyncio.to_thread(user.ok, "daemon", "start")
    path = places(user.environment).socket
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(line)
    async with asyncio.timeout(5):
        assert await said_before_the_end(reader) == b""
    writer.close()
    assert await still_works(path)
    assert log_of(user).count("WARNING") == 1
    assert "Traceback" not in log_of(user)


async def test_random_bytes_hurt_nobody(user: User) -> None:
    await asyncio.to_thread(user.ok, "daemon", "start")
    path, rng = places(user.environment).socket, random.Random(7)  # noqa: S311  # no secret
    async with asyncio.timeout(SECONDS):
        for _ in range(100):
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(rng.randbytes(rng.randrange(1, 2000)))
            writer.write_eof()
            assert await said_before_the_end(reader) == b""
            writer.close()
        assert await still_works(path)
    assert "Traceback" not in log_of(user)
