import asyncio
from collections.abc import Callable

import pytest

from specwright.engine import cancelling, room
from specwright.engine.context import Context
from specwright.engine.embedded import Embedded
from specwright.errors import SpecwrightError
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import Outcome, State, Wish
from specwright.tasks.states import Event

SECONDS = 20.0


async def test_a_cancel_that_can_not_be_finished_holds_up_nothing_and_is_finished_later(
    context_of: Callable[..., Context], wish_of: Callable[..., Wish], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, tries = context_of(), 0
    engine, store = Embedded(context), context.store
    task = (await store.write(task_rows.submit, wish_of())).task
    await store.write(runs.begin, task)

    async def finish(_context: Context, _task: str) -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise SpecwrightError("The repository is gone.")
        start = await store.write(runs.take_over, task)
        assert start
        await store.write(runs.conclude, start, runs.Ending(Outcome.STOPPED, Event.CANCEL))

    monkeypatch.setattr(cancelling, "finish", finish)
    monkeypatch.setattr(room, "AGAIN_SECONDS", 0.01)
    with pytest.raises(SpecwrightError, match="is gone"):
        await engine.cancel(task)
    engine.start()
    async with asyncio.timeout(SECONDS):
        while (await store.read(task_rows.load, task)).state is not State.CANCELLED:
            assert engine.trouble is None
            await asyncio.sleep(0.01)
    await engine.stop()
    assert tries == 4
