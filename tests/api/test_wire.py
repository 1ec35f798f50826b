import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from specwright.api.wire import LIMIT, MOST_AT_ONCE, MOST_BYTES, Connection, Lost, UnknownMethod
from specwright.errors import Refused, SpecwrightError, WrongUse


async def answer(method: str, params: Any) -> Any:
    match method:
        case "echo":
            return params
        case "grow":
            return "x" * LIMIT
        case "refuse":
            raise Refused("No.")
        case "wrong":
            raise WrongUse("Wrong.")
        case "break":
            raise ZeroDivisionError
        case "sleep":
            await asyncio.sleep(60)
    raise UnknownMethod


@asynccontextmanager
async def pair(folder: Path) -> AsyncIterator[Connection]:
    """A connection to a server that answers with `answer`."""
    served = []

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(writer)
        await Connection(reader, writer, answer).serve()

    server = await asyncio.start_unix_server(welcome, folder / "s", limit=LIMIT)
    reader, writer = await asyncio.open_unix_connection(folder / "s", limit=LIMIT)
    connection = Connection(reader, writer, answer)
    serving = asyncio.create_task(connection.serve())
    try:
        yield connection
    finally:
        connection.close()
        await serving
        server.close()
        for other in served:
            other.close()


@pytest.mark.parametrize("value", [None, 1, "line\nbreak\u2028\ud83d", {"jsonrpc": [1, {"a": None}]}, "x" * 200_000])
async def test_a_value_comes_back_as_it_went(tmp_path: Path, value: object) -> None:
    async with pair(tmp_path) as connection:
        assert await connection.request("echo", value) == value


@pytest.mark.parametrize(("method", "kind"), [("refuse", Refused), ("wrong", WrongUse), ("break", SpecwrightError)])
async def test_an_error_arrives_as_its_kind(tmp_path: Path, method: str, kind: type[SpecwrightError]) -> None:
    async with pair(tmp_path) as connection:
        with pytest.raises(SpecwrightError) as raised:
            await connection.request(method, None)
        assert type(raised.value) is kind


async def test_a_request_has_a_deadline(tmp_path: Path) -> None:
    async with pair(tmp_path) as connection:
        with pytest.raises(TimeoutError):
            await connection.request("sleep", None, timeout=0.05)
        assert await connection.request("echo", 1) == 1


async def test_a_cancel_that_comes_with_the_answer_is_a_cancel(tmp_path: Path) -> None:
    async with pair(tmp_path) as connection:
        asked = asyncio.create_task(connection.request("sleep", None, timeout=60))
        await asyncio.sleep(0.05)
        [future] = connection._waiting.values()
        future.set_result(None)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked


async def test_many_requests_at_once_get_their_own_answers(tmp_path: Path) -> None:
    async with pair(tmp_path) as connection:
        answers = await asyncio.gather(*(connection.request("echo", number) for number in range(200)))
    assert answers == list(range(200))


async def test_what_is_asked_is_lost_with_the_connection(tmp_path: Path) -> None:
    async with pair(tmp_path) as connection:
        asked = asyncio.create_task(connection.request("sleep", None))
        await asyncio.sleep(0.05)
        connection.close()
        with pytest.raises(Lost):
            await asked


@pytest.mark.parametrize("line", [b"no json\n", b"[1]\n", b"3\n", b"\xff\xfe\n"])
async def test_a_line_that_is_no_message_closes_the_connection(tmp_path: Path, line: bytes) -> None:
    async with pair(tmp_path):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(line)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


async def test_a_message_is_one_line(tmp_path: Path) -> None:
    async with pair(tmp_path):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(json.dumps({"id": 7, "method": "echo", "params": "a\nb"}).encode() + b"\n")
        assert json.loads(await reader.readline()) == {"jsonrpc": "2.0", "id": 7, "result": "a\nb"}
        writer.close()


async def test_more_requests_than_may_be_answered_at_once_are_not_read_yet(tmp_path: Path) -> None:
    gate, begun = asyncio.Event(), []

    async def slow(method: str, _params: Any) -> None:
        begun.append(method)
        await gate.wait()

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Connection(reader, writer, slow).serve()

    async with await asyncio.start_unix_server(welcome, tmp_path / "s"):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        wanted = MOST_AT_ONCE * 3
        writer.write(b"".join(b'{"id": %d, "method": "m"}\n' % number for number in range(wanted)))
        async with asyncio.timeout(30):
            while len(begun) < MOST_AT_ONCE:
                await asyncio.sleep(0)
            await asyncio.sleep(0.1)
            assert len(begun) == MOST_AT_ONCE
            gate.set()
            assert [await reader.readline() for _ in range(wanted)][-1]
        writer.close()


@pytest.mark.parametrize("text", ["я" * (LIMIT // 2 - 1_000), "\ud83d" * 1_000, "\ud83d\ude00"], ids=len)
async def test_a_long_text_that_is_no_ascii_comes_back(tmp_path: Path, text: str) -> None:
    async with pair(tmp_path) as connection:
        assert await connection.request("echo", text) == text


async def test_what_is_too_long_is_refused_and_the_connection_lives(tmp_path: Path) -> None:
    async with pair(tmp_path) as connection:
        for method, params in (("echo", "x" * LIMIT), ("grow", None)):
            with pytest.raises(Refused, match="16 MB is the most"):
                await connection.request(method, params)
        connection.notify("echo", "x" * LIMIT)
        assert await connection.request("echo", 1) == 1


async def test_a_side_that_does_not_read_is_left_before_it_costs_much() -> None:
    """What is told by itself piles up nowhere: the other side comes again and asks anew."""
    ours, theirs = socket.socketpair()
    with theirs:
        connection = Connection(*await asyncio.open_unix_connection(sock=ours), answer)
        for _ in range(100):
            connection.notify("changed", "x" * 500_000)
        kept = connection._writer.transport
        assert (kept.is_closing(), kept.get_write_buffer_size() < 2 * LIMIT) == (True, True)


def deep(depth: int) -> bytes:
    """A request that is nested so deep."""
    return b'{"id": 1, "method": "echo", "params": ' + b"[" * depth + b"]" * depth + b"}\n"


@pytest.mark.parametrize("line", [b"[" * 100_000 + b"\n", deep(100_000), b'{"id": ' + b"9" * 5000 + b"}\n"], ids=len)
async def test_what_is_nested_too_deep_ends_the_connection(
    tmp_path: Path, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with pair(tmp_path) as other:
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(line)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        assert await other.request("echo", 1) == 1
    [record] = caplog.records
    assert (record.levelname, record.exc_info, len(record.getMessage()) < 200) == ("WARNING", None, True)


async def exchange(folder: Path, line: bytes) -> Any:
    """What a line is answered with."""
    reader, writer = await asyncio.open_unix_connection(folder / "s", limit=LIMIT)
    writer.write(line + b"\n")
    try:
        return json.loads(await asyncio.wait_for(reader.readline(), 5))
    finally:
        writer.close()


LONG = "x" * 1_000_000
NESTED = json.loads("[" * 300 + "]" * 300)


@pytest.mark.parametrize(
    "message",
    [
        *({"id": number, "method": "echo"} for number in (1.5, True, [], {}, NESTED, LONG, 2**64, 10**4000, "y" * 101)),
        *({"id": 1, "method": method} for method in (None, 1, [], NESTED, {LONG: 1})),
    ],
    ids=lambda message: repr(message)[:30],
)
async def test_what_is_no_request_is_told_so(
    tmp_path: Path, message: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with pair(tmp_path):
        answer = await exchange(tmp_path, json.dumps(message).encode())
    assert (answer["id"], answer["error"]["code"]) == (None, -32600)
    assert not caplog.records


@pytest.mark.parametrize("number", [None, 0, -1, 2**63 - 1, "", "a" * 100, "я\n"])
async def test_an_answer_has_the_id_of_its_request(tmp_path: Path, number: object) -> None:
    async with pair(tmp_path):
        answer = await exchange(tmp_path, json.dumps({"id": number, "method": "echo", "params": 5}).encode())
    assert answer == {"jsonrpc": "2.0", "id": number, "result": 5}


async def test_an_error_repeats_little_of_what_was_asked(tmp_path: Path) -> None:
    async with pair(tmp_path):
        answer = await exchange(tmp_path, json.dumps({"id": 1, "method": LONG}).encode())
    assert answer["error"]["code"] == -32601
    assert answer["error"]["message"].startswith("unknown method xxx")
    assert len(answer["error"]["message"]) < 130


async def test_requests_of_so_many_bytes_are_not_read_beyond(tmp_path: Path) -> None:
    gate, begun = asyncio.Event(), []

    async def slow(method: str, _params: Any) -> None:
        begun.append(method)
        await gate.wait()

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Connection(reader, writer, slow).serve()

    size = LIMIT - 100
    async with await asyncio.start_unix_server(welcome, tmp_path / "s", limit=LIMIT):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        line = json.dumps({"id": 1, "method": "m", "params": "x" * size}).encode() + b"\n"
        writing = asyncio.create_task(_write(writer, line, 8))
        async with asyncio.timeout(30):
            while len(begun) * size <= MOST_BYTES:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)
            assert len(begun) == MOST_BYTES // size + 1
            gate.set()
            assert [await reader.readline() for _ in range(8)][-1]
            await writing
        writer.close()


async def _write(writer: asyncio.StreamWriter, line: bytes, times: int) -> None:
    for _ in range(times):
        writer.write(line)
        await writer.drain()
