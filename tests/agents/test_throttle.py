import asyncio

from specwright.agents.faults import Patience
from specwright.agents.throttle import Throttle


async def test_while_it_is_open_all_call_at_once() -> None:
    throttle = Throttle(Patience())
    async with throttle.permit(_never), throttle.permit(_never):
        pass


async def test_after_a_hold_one_tries_first_and_the_others_follow_its_success() -> None:
    throttle, log, waits = Throttle(Patience(sleep=_yielding)), [], []
    throttle.hold(30)

    async def call(name: str) -> None:
        async with throttle.permit(waits.append):
            log.append(f"{name} in")
            await asyncio.sleep(0.01)
            log.append(f"{name} out")
        throttle.release()

    await asyncio.gather(call("a"), call("b"), call("c"))
    assert log[:2] == ["a in", "a out"]
    assert sorted(log[2:4]) == ["b in", "c in"]
    assert [round(seconds) for seconds in waits] == [30, 30, 30]


async def test_a_hold_that_grows_is_waited_for() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(round(seconds))
        if len(waits) == 1:
            throttle.hold(60)

    throttle = Throttle(Patience(sleep=sleep))
    throttle.hold(30)
    async with throttle.permit(lambda seconds: None):
        assert waits == [30, 60]


async def _yielding(seconds: float) -> None:
    await asyncio.sleep(0)


def _never(seconds: float) -> None:
    raise AssertionError("it waited")
