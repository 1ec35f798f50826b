"""What a person is to be told: written with the transition, once for each run and need."""

from collections.abc import Callable

import pytest

from specwright.store import outbox, runs, tasks
from specwright.store.admitting import Held
from specwright.store.database import Store
from specwright.tasks.model import Outcome, Reason, Wish
from specwright.tasks.states import Event
from store.test_runs import NONE, admitted, begun

Wishes = Callable[..., Wish]
TRUST: Held = ((Reason.TRUST, "agree"),)


async def keys(store: Store, holds: bool = True) -> list[str]:
    return [notice.key for notice in await store.read(outbox.unshown) if notice.holds is holds]


@pytest.mark.parametrize(
    ("outcome", "event", "need"),
    [
        (Outcome.PASSED, Event.RESULT, "review"),
        (Outcome.FAILED, Event.RESULT, "review"),
        (Outcome.BLOCKED, Event.RESULT, "blocked"),
        (Outcome.EMPTY, Event.NOTHING, "failed"),
        (Outcome.STOPPED, Event.CANCEL, ""),
    ],
)
async def test_an_end_needs_a_person_but_a_cancel(
    store: Store, wish: Wishes, outcome: Outcome, event: Event, need: str
) -> None:
    start = await begun(store, wish())
    assert await keys(store) == []
    await store.write(runs.conclude, start, runs.Ending(outcome, event, head="1" * 40))
    assert await keys(store) == ([f"{start.key}/{need}"] if need else [])


async def test_it_is_undone_with_its_transition(store: Store, wish: Wishes) -> None:
    old = await begun(store, wish())
    await admitted(store, NONE, {}, 99)
    with pytest.raises(runs.Outdated):
        await store.write(runs.conclude, old, runs.Ending(Outcome.PASSED, Event.RESULT))
    with pytest.raises(runs.Outdated):
        await store.write(runs.stall, old)
    assert await store.read(outbox.unshown) == []


async def test_a_wait_that_no_time_mends_is_told_once(store: Store, wish: Wishes) -> None:
    task = (await store.write(tasks.submit, wish())).task
    for held in (TRUST, (), TRUST):
        await admitted(store, NONE, {task: held}, 0)
    await admitted(store, NONE, {task: ((Reason.TRUST, ""), (Reason.KEY, ""))}, 0)
    assert await keys(store) == [f"{task}/1/trust", f"{task}/1/key"]
    [start] = await admitted(store, NONE, {task: ()}, 99)
    assert await keys(store, holds=False) == [f"{task}/1/trust", f"{task}/1/key"]
    await store.write(runs.hold, start, Reason.KEY, "refused")
    assert await keys(store) == [f"{task}/1/key"]


async def test_a_limit_and_a_provider_that_throttles_need_nobody(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.hold, start, Reason.RATE, "later")
    await admitted(store, NONE, {start.task: ()}, 0)
    assert await store.read(outbox.unshown) == []


async def test_a_stall_is_told_once(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.stall, start)
    await store.write(outbox.shown, await store.read(outbox.unshown))
    await store.write(runs.stall, start)
    assert await store.read(outbox.unshown) == []


async def test_what_was_decided_meanwhile_holds_no_more(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.conclude, start, runs.Ending(Outcome.PASSED, Event.RESULT, head="1" * 40))
    await store.write(tasks.revise, start.task, "shorter")
    assert await keys(store) == []
    assert await keys(store, holds=False) == [f"{start.key}/review"]


async def test_each_way_of_telling_has_its_own_end(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.stall, start)
    await store.write(outbox.shown, await store.read(outbox.unshown))
    [notice] = await store.read(outbox.unposted)
    await store.write(outbox.later, notice, 7.0)
    [notice] = await store.read(outbox.unposted)
    assert (notice.tries, notice.next_at) == (1, 7.0)
    await store.write(outbox.posted, [notice])
    assert await store.read(outbox.unposted) == []
