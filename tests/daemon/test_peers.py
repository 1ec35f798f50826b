"""What clients may do to a daemon, and to each other."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client, Listener, connect
from specwright.api.wire import LIMIT
from specwright.errors import SpecwrightError, WrongUse
from specwright.paths.places import places
from user import User

SECONDS = 30.0


async def client_of(user: User, listener: Listener | None = None) -> Client:
    return await connect(places(user.environment), "lsp", listener, environment=user.environment)


async def raw(user: User) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_unix_connection(places(user.environment).socket, limit=LIMIT)


async def say(user: User, line: bytes) -> bytes:
    """What the daemon says to a line that is no request, until it hangs up."""
    reader, writer = await raw(user)
    writer.write(line + b"\n")
    writer.write_eof()
    try:
        return await asyncio.wait_for(reader.read(), SECONDS)
    finally:
        writer.close()


async def ask(user: User, method: str, params: Any) -> Any:
    """The answer to one request."""
    reader, writer = await raw(user)
    writer.write(json.dumps({"id": 7, "method": method, "params": params}).encode() + b"\n")
    try:
        return json.loads(await asyncio.wait_for(reader.readline(), SECONDS))
    finally:
        writer.close()


async def works(client: Client) -> bool:
    return (await client.ask("status", m.Empty(), m.DaemonStatus, SECONDS)).pid > 0


PROTOCOLS = [(1, 1, 1), (0, 1, 1), (1, 99, 1), (99, 99, None), (0, 0, None)]


async def test_the_newest_common_protocol_is_spoken(user: User) -> None:
    user.ok("daemon", "start")
    for oldest, newest, protocol in PROTOCOLS:
        answer = await ask(user, "hello", {"oldest": oldest, "newest": newest, "version": "x", "client": "lsp"})
        assert answer["result"]["protocol"] == protocol, (oldest, newest)


BROKEN = [
    b"not json",
    b"[]",
    b"7",
    b"\xff\xfe",
    b'{"method": 1}',
    b'{"id": 99, "result": 1}',
    b'{"id": [], "result": 1}',
]


async def test_malformed_lines_do_not_hurt_other_clients(user: User) -> None:
    async with await client_of(user) as other:
        for line in BROKEN:
            await say(user, line)
        assert await works(other)
    assert "Traceback" not in (user.state / "daemon.log").read_text()


BAD = [("fly", {}, -32601), ("list", {"folder": 1}, -32602), ("list", {"folder": "/"}, -32000), ("show", None, -32602)]


async def test_a_bad_request_is_answered_with_an_error(user: User) -> None:
    user.ok("daemon", "start")
    for method, params, code in BAD:
        answer = await ask(user, method, params)
        assert (answer["id"], answer["error"]["code"]) == (7, code), method


async def test_a_peer_that_floods_does_not_keep_others_waiting(user: User) -> None:
    async with await client_of(user) as other:
        reader, writer = await raw(user)
        status = json.dumps({"id": 1, "method": "status", "params": {}}).encode() + b"\n"
        writer.write(status * 2_000)
        assert await works(other)
        writer.transport.abort()
        del reader
        assert await works(other)


async def test_a_line_without_an_end_is_cut_off(user: User) -> None:
    async with await client_of(user) as other:
        reader, writer = await raw(user)
        with suppress(ConnectionError):
            for _ in range(LIMIT // 2**20 + 2):
                writer.write(b"x" * 2**20)
                await writer.drain()
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), SECONDS) == b""
        writer.close()
        assert await works(other)


async def test_a_peer_that_vanishes_in_the_middle_of_a_request_is_forgotten(user: User) -> None:
    async with await client_of(user) as other:
        for _ in range(20):
            _, writer = await raw(user)
            writer.write(b'{"id": 1, "method": "status", "params": {}}\n')
            writer.transport.abort()
        assert await works(other)


async def test_each_client_is_told_of_each_change(project: User) -> None:
    told: asyncio.Queue[m.Changed] = asyncio.Queue()
    async with await client_of(project, Listener(changed=told.put_nowait)):
        [task] = await asyncio.to_thread(project.queue, "a.py")
        async with asyncio.timeout(SECONDS):
            while not (change := await told.get()).status.review:
                assert set(change.tasks) <= {task}


@pytest.fixture
def in_review(project: User) -> str:
    return project.run("a.py")


async def decided_through(project: User, task: str, answer: m.AppliedInWindow) -> tuple[Any, list[m.ApplyInWindow]]:
    """What an accept from the terminal comes to while a window holds the file, and what the window was asked."""
    asked = []

    async def apply(wanted: m.ApplyInWindow) -> m.AppliedInWindow:
        asked.append(wanted)
        return answer

    async with await client_of(project, Listener(apply=apply)) as window:
        await window.ask("window/open", m.OpenFile(str(project.root / "a.py"), dirty=True), m.Empty)
        return await asyncio.to_thread(project.type, "accept", "--json", task), asked


async def test_an_accept_goes_through_the_window_that_holds_the_file(project: User, in_review: str) -> None:
    before = (project.root / "a.py").read_text()
    done, asked = await decided_through(project, in_review, m.AppliedInWindow(("1.1",), ()))
    assert (done.code, done.json["in_editor"], done.json["written"]) == (0, ["a.py"], [])
    assert asked[0] == m.ApplyInWindow(in_review, True, ("1.1",))
    assert (project.root / "a.py").read_text() == before


async def test_what_the_window_could_not_apply_is_a_conflict(project: User, in_review: str) -> None:
    done, _ = await decided_through(project, in_review, m.AppliedInWindow((), ("1.1",)))
    assert (done.code, done.json["conflicts"], done.json["state"]) == (1, ["1.1"], "review")


async def test_a_window_that_closed_the_file_is_not_asked(project: User, in_review: str) -> None:
    async with await client_of(project) as window:
        path = str(project.root / "a.py")
        await window.ask("window/open", m.OpenFile(path, dirty=False), m.Empty)
        await window.ask("window/close", m.ClosedFile(path), m.Empty)
        done = await asyncio.to_thread(project.type, "accept", "--json", in_review)
    assert (done.code, done.json["written"]) == (0, ["a.py"])


async def test_a_sentence_and_its_kind_come_through(project: User, tmp_path: Path) -> None:
    async with await client_of(project) as client:
        with pytest.raises(WrongUse, match="There is no task nosuch"):
            await client.ask("show", m.TaskNamed("nosuch"), v.TaskView)
        with pytest.raises(SpecwrightError, match="is not in a git repository"):
            await client.ask("list", m.ListTasks("/"), v.Listing)


async def until_pending(project: User, task: str) -> None:
    async with asyncio.timeout(SECONDS):
        while (await asyncio.to_thread(project.show, task))["files"][0]["hunks"][0]["state"] != "pending":
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(("hunk", "state"), [("1.1", "accepted"), ("7.1", "review")])
async def test_a_save_tells_of_what_lapsed_with_a_broken_connection(
    project: User, in_review: str, hunk: str, state: str
) -> None:
    async with await client_of(project) as window:
        record = m.Record(in_review, 1, accept=True, hunks=("1.1",), viewer="lsp", final=False)
        await window.ask("record", record, m.Decided)
    await until_pending(project, in_review)
    async with await client_of(project) as window:
        saved = m.SavedFile(str(project.root / "a.py"), {in_review: (hunk,)}, {})
        await window.ask("window/saved", saved, m.Empty)
    assert (await asyncio.to_thread(project.show, in_review))["state"] == state


async def test_a_pause_is_told_though_no_task_waits(project: User) -> None:
    told: asyncio.Queue[m.Changed] = asyncio.Queue()
    async with await client_of(project, Listener(changed=told.put_nowait)):
        for verb, paused in (("pause", True), ("resume", False)):
            await asyncio.to_thread(project.ok, verb)
            async with asyncio.timeout(SECONDS):
                while (await told.get()).status.paused is not paused:
                    continue
