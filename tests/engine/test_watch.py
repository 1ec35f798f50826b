"""Agents that give no sign: told once, not while they pause, and not for what the machine slept."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from specwright.engine import watch
from specwright.engine.watch import Watch
from specwright.store.runs import Outdated, Start

START = Start("k7f3qa", 1, 1)
PATIENCE = 0.2


class Told:
    """A watch, and what it tells."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.stalled: list[str] = []
        self.fails = False

    async def stall(self, start: Start) -> None:
        self.stalled.append(start.key)
        if self.fails:
            raise Outdated(start.key)


@pytest.fixture
async def told() -> AsyncIterator[Told]:
    made = Told()
    keeping = asyncio.create_task(made.watch.keep(made.stall, lambda _task: None))
    yield made
    assert not keeping.done()
    keeping.cancel()


async def test_a_silent_agent_is_told_once_and_marked_until_it_gives_a_sign(told: Told) -> None:
    with told.watch.over(START, PATIENCE):
        assert told.watch.silence("k7f3qa") is None
        await asyncio.sleep(5 * PATIENCE)
        assert told.stalled == ["k7f3qa/1"]
        assert (told.watch.silence("k7f3qa") or 0) > PATIENCE
        assert told.watch.sign("k7f3qa")
        assert told.watch.silence("k7f3qa") is None
        assert not told.watch.sign("k7f3qa")
    assert told.watch.silence("k7f3qa") is None


async def test_signs_and_pauses_that_were_told_are_no_silence(told: Told) -> None:
    with told.watch.over(START, PATIENCE):
        for _ in range(8):
            await asyncio.sleep(PATIENCE / 4)
            told.watch.sign("k7f3qa")
        told.watch.sign("k7f3qa", pause=60.0)
        await asyncio.sleep(3 * PATIENCE)
    assert told.stalled == []


async def test_nothing_is_watched_behind_the_end_or_without_patience(told: Told) -> None:
    with told.watch.over(START, 0):
        await asyncio.sleep(PATIENCE)
    with told.watch.over(START, PATIENCE):
        pass
    await asyncio.sleep(3 * PATIENCE)
    assert told.stalled == []


async def test_a_run_that_is_owned_elsewhere_ends_no_watch(told: Told) -> None:
    told.fails = True
    for _ in range(2):
        with told.watch.over(START, PATIENCE):
            await asyncio.sleep(3 * PATIENCE)
    assert len(told.stalled) == 2


async def test_the_machines_sleep_is_nobodys_silence(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock goes on by an hour while the loop's stands still."""
    monkeypatch.setattr(watch, "LONGEST_PAUSE", PATIENCE)
    now = time.time
    with told.watch.over(START, 20 * PATIENCE):
        await asyncio.sleep(PATIENCE / 2)
        monkeypatch.setattr("time.time", lambda: now() + 3600.0)
        await asyncio.sleep(3 * PATIENCE)
        assert told.stalled == []
