"""A daemon that meets a full disk as it starts: it answers, says so, and goes on when there is room."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chaos.disk import Disk
from specwright.paths.places import places
from specwright.review.hunks import Decision
from specwright.review.plan import Fact
from specwright.store import tasks as task_rows
from specwright.store import verdicts
from specwright.store.database import Store
from user import EDIT, SETTINGS, SPEC, User, bash, script, user_in

SECONDS = 60


@pytest.fixture
async def user(tmp_path: Path) -> AsyncIterator[User]:
    with user_in(tmp_path) as made:
        made.environment.update(disk_of(tmp_path).environment)
        yield made


def disk_of(folder: Path) -> Disk:
    disk = Disk(folder)
    if disk.why_not:
        pytest.skip(disk.why_not)
    return disk


def check_comes(user: User, task: str, state: str) -> None:
    end = time.monotonic() + SECONDS
    while (found := user.show(task))["state"] != state:
        assert time.monotonic() < end, found
        time.sleep(0.1)


def check_full_then_goes_on(user: User, task: str, state: str) -> None:
    """The daemon that starts while nothing can be written to the store; then there is room."""
    disk = disk_of(user.home.parent)
    disk.fail("ENOSPC", user.state / "specwright.db-wal")
    user.ok("daemon", "start")
    pid, end = user.pid(), time.monotonic() + SECONDS
    while "trouble: The disk is full; free some space" not in user.ok("daemon", "status").out:
        assert time.monotonic() < end
    while "Nothing is begun: The disk is full" not in user.type("doctor").out:  # between two tries there is no trouble
        assert time.monotonic() < end
    assert user.show(task)["state"] != state
    disk.heal()
    check_comes(user, task, state)
    assert user.pid() == pid
    assert user.ok("daemon", "status", "--json").json["trouble"] is None


async def in_store(user: User, function: Any, *words: Any) -> None:
    """What a daemon wrote just before it was killed."""
    store = Store(places(user.environment).database)
    await store.write(function, *words)
    store.close()


async def test_what_was_to_be_cancelled_is(user: User) -> None:
    turns = script([bash("touch begun"), {"sleep": 300}])
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": turns})
    [task] = await asyncio.to_thread(user.queue, "a.py")
    await asyncio.to_thread(check_comes, user, task, "running")
    os.kill(user.pid(), signal.SIGKILL)
    await in_store(user, task_rows.ask_cancel, task)
    await asyncio.to_thread(check_full_then_goes_on, user, task, "cancelled")


async def test_what_was_decided_moves_on(user: User) -> None:
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": script([EDIT])})
    task = await asyncio.to_thread(user.run, "a.py")
    await asyncio.to_thread(user.ok, "daemon", "stop")
    await in_store(user, verdicts.decide, task, 1, {"1.1": Fact(Decision.ACCEPTED, final=True)}, "cli")
    user.put({"a.py": (user.root / "a.py").read_text().replace("one", "two")})
    await asyncio.to_thread(check_full_then_goes_on, user, task, "accepted")


async def test_it_ends_when_it_is_asked_to(user: User) -> None:
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": script([EDIT])})
    task = await asyncio.to_thread(user.run, "a.py")
    await asyncio.to_thread(user.ok, "daemon", "stop")
    await in_store(user, verdicts.decide, task, 1, {"1.1": Fact(Decision.ACCEPTED, final=True)}, "cli")
    disk_of(user.home.parent).fail("ENOSPC", user.state / "specwright.db-wal")
    await asyncio.to_thread(user.ok, "daemon", "start")
    assert "The daemon ended" in user.ok("daemon", "stop").out
