"""What is long over takes less room, and an older store is brought along without losing a row."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from specwright.errors import SpecwrightError
from specwright.store import retention, runs, tasks
from specwright.store.admitting import Rules, admit
from specwright.store.database import Store
from specwright.tasks.model import Outcome, Phase, State, Wish
from specwright.tasks.states import Event

Wishes = Callable[..., Wish]
LATER = time.time() + 1_000_000


async def admitted(store: Store, task: str) -> runs.Start:
    found = await store.write(admit, frozenset(), {task: ()}, Rules(99))
    return next(start for start in found.start if start.task == task)


async def worked(store: Store, wish: Wish) -> runs.Start:
    """A run with two rounds, under way."""
    start = await admitted(store, (await store.write(tasks.submit, wish)).task)
    for step in ((0, Phase.PREPARING), (0, Phase.AGENT), (0, Phase.GATES), (1, Phase.REPAIRING)):
        await store.write(runs.record, start, step, {"commit": "1" * 40})
    await store.write(runs.record_turn, start, 0, runs.LastTurn(1, 10, "2" * 40))
    return start


async def fail(store: Store, start: runs.Start) -> None:
    await store.write(runs.conclude, start, runs.Ending(Outcome.ERROR, Event.NOTHING, "It broke."))


async def test_steps_of_a_decided_task_are_folded_and_rounds_are_counted_on(store: Store, wish: Wishes) -> None:
    start = await worked(store, wish())
    await fail(store, start)
    assert await store.read(retention.foldable, LATER) == 1
    assert await store.write(retention.fold, LATER) == 1
    assert await store.write(retention.fold, LATER) == 0
    assert await store.read(runs.recorded, start) == {}
    assert await store.read(runs.last_turn, start, 0) is None
    await store.write(tasks.retry, start.task)
    again = await admitted(store, start.task)
    assert await store.read(runs.rounds_before, again) == 2


async def test_nothing_open_or_young_is_folded(store: Store, wish: Wishes) -> None:
    running = await worked(store, wish())
    young = await worked(store, wish())
    await fail(store, young)
    assert await store.write(retention.fold, time.time() - 60) == 0
    assert len(await store.read(runs.recorded, running)) == 4
    await store.write(tasks.retry, young.task)
    assert await store.write(retention.fold, LATER) == 0  # it waits: what it did is looked at again


async def test_a_task_is_decided_since_its_last_end(store: Store, wish: Wishes) -> None:
    start = await worked(store, wish())
    assert (await store.read(retention.standings))[start.task].decided is None
    await fail(store, start)
    decided = (await store.read(retention.standings))[start.task].decided
    assert decided is not None
    assert abs(decided - time.time()) < 60
    await store.write(tasks.retry, start.task)
    assert (await store.read(retention.standings))[start.task] == retention.Standing(start.task, State.WAITING, None)


async def test_projects_are_known_by_their_newest_task(store: Store, wish: Wishes) -> None:
    await store.write(tasks.submit, wish())
    await store.write(tasks.submit, wish())
    assert list(await store.read(retention.projects)) == ["/nowhere/project/.git"]


async def test_space_of_deleted_rows_is_given_back(store: Store, wish: Wishes) -> None:
    await store.write(tasks.submit, wish())
    for _ in range(20):
        start = await worked(store, wish())
        await store.write(runs.record, start, (2, Phase.AGENT), {"note": "x" * 20_000})
        await fail(store, start)
    await store.write(retention.fold, LATER)
    await store.compact()
    before = store.path.stat().st_size
    assert store.path.with_name(f"{store.path.name}-wal").stat().st_size == 0
    assert before < 300_000
    await store.write(tasks.submit, wish())


async def test_an_older_store_is_brought_along(store: Store, wish: Wishes, tmp_path: Path) -> None:
    start = await worked(store, wish())
    await fail(store, start)
    store.close()
    connection = sqlite3.connect(store.path)
    later = {"task": ("decided", "spec_title", "spec_goal"), "run": ("rounds", "seconds")}
    for table, column in [(table, column) for table, columns in later.items() for column in columns]:
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    connection.execute("DROP TABLE outbox")
    connection.execute("PRAGMA user_version = 2")
    connection.commit()
    connection.close()
    again = Store(store.path)
    decided = (await again.read(retention.standings))[start.task].decided
    assert decided is not None  # not older than this program has known of it
    assert abs(decided - time.time()) < 60
    assert len(await again.read(runs.recorded, start)) == 4
    again.close()
    assert (tmp_path / "specwright.schema-2.bak").is_file()


async def test_a_store_that_cannot_be_read_is_told(store: Store) -> None:
    await store.write(lambda writing: writing.connection.exec_driver_sql("ALTER TABLE task RENAME TO elsewhere"))
    with pytest.raises(SpecwrightError, match="can't be read"):
        await store.read(retention.standings)
