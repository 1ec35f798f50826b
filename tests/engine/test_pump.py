import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from specwright.engine import pump
from specwright.engine.pump import Pump

SECONDS = 10.0
"""Far more than any of it takes."""


@asynccontextmanager
async def going_on(made: Pump) -> AsyncIterator[None]:
    keeping = asyncio.create_task(made.keep())
    try:
        async with asyncio.timeout(SECONDS):
            yield
    finally:
        keeping.cancel()


def counted(work: Callable[[int], Awaitable[float | None]]) -> tuple[Callable[[], Awaitable[float | None]], list[int]]:
    done: list[int] = []

    async def numbered() -> float | None:
        done.append(len(done) + 1)
        return await work(done[-1])

    return numbered, done


async def reaches(done: list[int], number: int) -> None:
    while len(done) < number:
        await asyncio.sleep(0.001)


async def test_changes_that_come_while_the_work_is_done_cost_one_more_piece() -> None:
    gate = asyncio.Event()

    async def work(_number: int) -> None:
        await gate.wait()

    numbered, done = counted(work)
    made = Pump("testing", numbered)
    async with going_on(made):
        await reaches(done, 1)
        for _ in range(5):
            made.wake()
        gate.set()
        await reaches(done, 2)
        await asyncio.sleep(5 * pump.BREATH)
    assert done == [1, 2]


async def test_it_is_done_again_when_the_time_that_it_named_is_over() -> None:
    async def work(number: int) -> float | None:
        return 0.01 if number < 3 else None

    numbered, done = counted(work)
    async with going_on(Pump("testing", numbered)):
        await reaches(done, 3)
        await asyncio.sleep(5 * pump.BREATH)
    assert done == [1, 2, 3]


async def test_a_clock_that_is_set_or_stood_still_delays_it_by_a_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pump, "LONGEST_REST", 0.01)

    async def work(_number: int) -> float:
        return 86_400.0

    numbered, done = counted(work)
    async with going_on(Pump("testing", numbered)):
        await reaches(done, 3)


async def test_a_failure_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "FIRST_PAUSE", 0.01)

    async def work(number: int) -> None:
        if number < 3:
            raise OSError(28, "No space left on device")

    numbered, done = counted(work)
    made = Pump("testing", numbered)
    async with going_on(made):
        await reaches(done, 3)
        made.wake()
        await reaches(done, 4)


async def test_a_change_while_it_failed_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "FIRST_PAUSE", 0.01)
    seen: list[bool] = []
    changed = False

    async def work(number: int) -> None:
        nonlocal changed
        if number == 1:
            changed = True
            made.wake()
            raise OSError(5, "Input/output error")
        seen.append(changed)

    numbered, done = counted(work)
    made = Pump("testing", numbered)
    async with going_on(made):
        await reaches(done, 2)
    assert seen == [True]
