"""The time of a run is one for all of its starts, however the daemon ended."""

import json
import os
import signal
import time
from datetime import datetime
from typing import Any

import pytest

from user import SETTINGS, User, bash, script

SECONDS = 30.0
LIMIT = 12


@pytest.fixture
def long(user: User) -> User:
    user.root.rmdir()
    settings = SETTINGS + f"[limits]\nseconds = {LIMIT}\n"
    spec = "## spec! Wait\n- [ ] x, check: `true`\n"
    turns = [bash("touch begun"), {"sleep": 60}]
    return user.make({"a.md": spec, "specwright.toml": settings, "script.json": script(turns)})


def events(user: User, task: str, kind: str) -> list[Any]:
    path = user.state / "runs" / task / "1" / "events.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [event for event in map(json.loads, lines) if event["event"] == kind]


def until(user: User, task: str, kind: str, count: int = 1) -> list[Any]:
    deadline = time.monotonic() + SECONDS
    while len(found := events(user, task, kind)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_restart_gives_no_new_time(long: User, how: signal.Signals) -> None:
    [task] = long.queue("a.md")
    until(long, task, "checkpoint")
    time.sleep(LIMIT / 2)
    os.kill(int((long.state / "daemon.lock").read_text()), how)
    while long.type("daemon", "start").code:
        time.sleep(0.1)
    again = until(long, task, "started", 2)[-1]
    ended = until(long, task, "concluded")[-1]
    took = datetime.fromisoformat(ended["at"]) - datetime.fromisoformat(again["at"])
    assert took.total_seconds() < LIMIT * 0.9
    [run] = long.show(task)["runs"]
    assert run["reason"] == f"It used all of its {LIMIT} s; `[limits] seconds` sets them."
