"""A run's events are followed: every line once, across daemons, and never at the price of the daemon's memory."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from specwright.api import messages as m
from specwright.api import news
from specwright.api.client import connect
from specwright.api.codec import encode
from specwright.errors import Refused
from specwright.paths.places import places
from user import SETTINGS, User, bash, script

SECONDS = 30.0
SPEC = "## spec! Count\n- [ ] x, check: `test -f 6.txt`\n"


@pytest.fixture
def counting(user: User) -> User:
    """An agent that takes some seconds over a dozen turns."""
    user.root.rmdir()
    turns = [turn for number in range(1, 7) for turn in (bash(f"touch {number}.txt"), {"sleep": 0.3})]
    return user.make({"a.md": SPEC, "specwright.toml": SETTINGS, "script.json": script(turns)})


def events_file(user: User, task: str) -> Path:
    return user.state / "runs" / task / "1" / "events.jsonl"


def follow(user: User, task: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "specwright", "log", "-f", *words, task]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=user.root, env=user.environment, text=True, **pipes)  # type: ignore[call-overload]


def until_turn(user: User, task: str, number: int) -> None:
    deadline = time.monotonic() + SECONDS
    path = events_file(user, task)
    while not path.exists() or f'"turn": {number},' not in path.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def whole_lines(user: User, task: str) -> list[str]:
    return [line for line in events_file(user, task).read_text().splitlines() if line.endswith("}")]


def test_following_ends_with_the_run_and_shows_every_line(counting: User) -> None:
    [task] = counting.queue("a.md")
    with follow(counting, task, "--json") as following:
        told, _ = following.communicate(timeout=SECONDS)
    assert told.splitlines() == whole_lines(counting, task)
    assert json.loads(told.splitlines()[-1])["event"] == "concluded"
    assert following.returncode == 0
    assert counting.ok("log", "--json", task).out == told


def test_following_survives_kill_9_without_losing_or_repeating_a_line(counting: User) -> None:
    [task] = counting.queue("a.md")
    with follow(counting, task, "--json") as following:
        for turn in (3, 8):
            until_turn(counting, task, turn)
            os.kill(int((counting.state / "daemon.lock").read_text()), signal.SIGKILL)
        told, _ = following.communicate(timeout=SECONDS)
    assert told.splitlines() == whole_lines(counting, task)
    assert json.loads(told.splitlines()[-1])["event"] == "concluded"
    assert len([line for line in told.splitlines() if '"event": "started"' in line]) == 3


def test_following_waits_for_a_daemon_that_was_stopped(counting: User) -> None:
    [task] = counting.queue("a.md")
    with follow(counting, task, "--json") as following:
        until_turn(counting, task, 4)
        counting.ok("daemon", "stop")
        time.sleep(2)
        assert counting.type("daemon", "status").code == 1, "it was started again"
        counting.ok("daemon", "start")
        told, said = following.communicate(timeout=SECONDS)
    assert told.splitlines() == whole_lines(counting, task)
    assert said == "The daemon was stopped; the run, and this, go on at its next start.\n"


def test_following_begins_before_the_run_does(user: User) -> None:
    user.root.rmdir()
    spec = "# spec! One\n# - [ ] x, check: `true`\n\n# spec! Two\n# - [ ] x, check: `true`\n"
    limits = "[limits]\nrunning = 1\n"
    turns = [bash("touch x"), {"sleep": 1.5}]
    user.make({"a.py": spec, "specwright.toml": SETTINGS + limits, "script.json": script(turns)})
    first, second = user.queue("a.py")
    assert user.type("log", second).err == f"specwright: Task {second} is waiting: no run of it has begun.\n"
    with follow(user, second) as following:
        told, _ = following.communicate(timeout=SECONDS)
    assert "phase        name=preparing" in told.splitlines()[0]
    assert "concluded" in told.splitlines()[-1]
    assert user.show(first)["state"] == "review"


async def test_a_request_that_waits_is_answered_by_the_next_event(counting: User) -> None:
    [task] = await asyncio.to_thread(counting.queue, "a.md")
    async with await connect(places(counting.environment), "cli", start=False) as client:
        at, answers = 0, 0
        while not (found := await client.ask("events", news.EventsOf(task, None, at, 60.0), news.Events)).over:
            at, answers = found.offset, answers + 1
        assert found.run == f"{task}/1"
        assert answers > 6
        with pytest.raises(Refused, match="no run of it has begun"):
            await client.ask("events", news.EventsOf(task, 7, 0, 60.0), news.Events)


def memory_of(pid: int) -> int:
    """Bytes that a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


async def say(writer: asyncio.StreamWriter, number: int, method: str, params: Any) -> None:
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": encode(params)}
    writer.write(json.dumps(message).encode() + b"\n")
    await asyncio.wait_for(writer.drain(), 2)


async def test_a_client_that_does_not_read_costs_no_memory(counting: User) -> None:
    [task] = await asyncio.to_thread(counting.queue, "a.md")
    await asyncio.to_thread(counting.ok, "wait", task)
    line = json.dumps({"at": "2026-01-02T03:04:05.000Z", "event": "text", "text": "x" * 9000}) + "\n"
    events_file(counting, task).write_text(line * 10_000)
    pid = await asyncio.to_thread(counting.pid)
    before = memory_of(pid)
    reader, writer = await asyncio.open_unix_connection(places(counting.environment).socket, limit=1)
    await say(writer, 1, "hello", m.Hello(1, 1, "0", "cli"))
    for number in range(2, 2000):
        try:
            await say(writer, number, "events", news.EventsOf(task, 1, number * 40_000))
        except TimeoutError:
            break
    await asyncio.sleep(2)
    assert memory_of(pid) - before < 64 * 2**20
    assert await asyncio.to_thread(counting.pid) == pid
    writer.close()
    assert reader
