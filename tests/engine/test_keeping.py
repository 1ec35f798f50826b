"""What no cancel cuts in half."""

import asyncio
import threading

import pytest

from specwright.engine import keeping

SECONDS = 20.0


async def test_a_cancel_is_heard_when_the_thread_is_done() -> None:
    began, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        assert go_on.wait(SECONDS)
        done.set()

    waiting = asyncio.create_task(keeping.whole(asyncio.to_thread(work)))
    assert await asyncio.to_thread(began.wait, SECONDS)
    waiting.cancel()
    assert (await asyncio.wait({waiting}, timeout=0.2))[0] == set()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert done.is_set()


async def test_a_fault_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        await keeping.whole(asyncio.to_thread(lambda: 1 // 0))
