"""What may be deleted and what is kept: only what is proved to be decided, or to hold no work, ever goes."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import update

from git_project import Project, make
from specwright.config.settings import SandboxMode, UserSettings
from specwright.engine import retention, storage, tending
from specwright.engine.context import Context
from specwright.engine.embedded import Embedded
from specwright.errors import SpecwrightError
from specwright.git import pool, refs, slots, trash
from specwright.git.private import PrivateRepository
from specwright.paths.places import places
from specwright.sandbox.probe import Probe
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.store.admitting import Rules, admit
from specwright.store.database import Store, Writing
from specwright.store.schema import TASK
from specwright.tasks.model import After, Outcome, Place, Revision, State, Wanted, Wish
from specwright.tasks.states import Event

DAY = 86_400.0
SPEC = "# spec! Greet\n# - [ ] it works\n"


@dataclass
class World:
    """A project, its store, and what tasks left there."""

    context: Context
    project: Project

    @property
    def repository(self) -> PrivateRepository:
        return self.project.repository

    async def queue(self, after: tuple[After, ...] = ()) -> str:
        """A task that waits."""
        number, checkout = time.monotonic_ns(), self.project.checkout
        revision = Revision(f"{number:064d}", "Greet", SPEC, (Wanted(1, "it works"),), ())
        wish = Wish(checkout, Place("a.py", 1, 2), revision, self.project.head, "scripted", "", after=after)
        return (await self.context.store.write(task_rows.submit, wish)).task

    async def task(self, state: State, days: float, text: str = SPEC) -> str:
        """A task whose one run made `made.py`, decided so many days ago."""
        store, task = self.context.store, await self.queue()
        (start,) = (await store.write(admit, frozenset(), {task: ()}, Rules(99))).start
        slot = self.project.take(start.key)
        (slot.path / "made.py").write_text("made\n")
        (slot.path / "a.py").write_text(text)
        commit = slots.checkpoint(slot, self.project.head, self.repository.ref(task, 1), "m", None)
        slots.release(slot)
        self.context.files(task, 1).append("began", {})
        await self.end(start, state, commit)
        await store.write(_since, task, days if state is not State.REVIEW else None)
        return task

    async def end(self, start: runs.Start, state: State, commit: str) -> None:
        event = Event.NOTHING if state is State.FAILED else Event.RESULT
        await self.context.store.write(runs.conclude, start, runs.Ending(Outcome.PASSED, event, head=commit))
        if state in {State.ACCEPTED, State.REJECTED}:
            verdict = Event.ACCEPT if state is State.ACCEPTED else Event.REJECT
            await self.context.store.write(task_rows.decide, start.task, verdict)

    def refs(self, task: str) -> set[str]:
        found = {**refs.list_refs(self.repository, task), **refs.list_refs(self.repository, task, refs.TRASH)}
        return {ref.removeprefix("refs/specwright/") for ref in found}

    def record(self) -> list[tuple[str, str]]:
        path = self.context.places.deletions
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [(line["kind"], line["what"]) for line in lines]

    async def gc(self) -> None:
        await storage.collect(self.context, apply=True)


def _since(writing: Writing, task: str, days: float | None) -> None:
    at = None if days is None else time.time() - days * DAY
    writing.connection.execute(update(TASK).where(TASK.c.id == task).values(decided=at))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    here = places({"SPECWRIGHT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)})
    here.state.mkdir(parents=True)
    project = make(tmp_path / "project", here.slots)
    project.write("a.py", SPEC)
    project.commit()
    store = Store(here.database)
    yield World(Context(here, store, UserSettings(), Probe(SandboxMode.FULL)), project)
    store.close()


def age(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


def age_refs(world: World, task: str, days: float) -> None:
    for ref in refs.list_refs(world.repository, task, refs.TRASH):
        age(world.repository.path / ref, days)


async def test_refs_of_a_task_decided_long_ago_go_by_way_of_the_trash(world: World) -> None:
    task = await world.task(State.REJECTED, days=31)
    await world.gc()
    assert world.refs(task) == {f"trash/{task}/base", f"trash/{task}/1"}
    await world.gc()
    assert world.refs(task) == {f"trash/{task}/base", f"trash/{task}/1"}
    age_refs(world, task, 8)
    await world.gc()
    assert world.refs(task) == set()
    assert world.record().count(("refs", task)) == 2


async def test_refs_in_the_trash_can_be_brought_back(world: World) -> None:
    task = await world.task(State.FAILED, days=31)
    before = refs.list_refs(world.repository, task)
    await world.gc()
    refs.bring_back(world.repository, task)
    assert refs.list_refs(world.repository, task) == before
    assert refs.list_refs(world.repository, task, refs.TRASH) == {}


@pytest.mark.parametrize(("state", "days"), [(State.REJECTED, 29), (State.FAILED, 29), (State.REVIEW, 400)])
async def test_nothing_young_or_undecided_goes(world: World, state: State, days: float) -> None:
    task = await world.task(state, days)
    await world.gc()
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}
    assert world.context.files(task, 1).events.is_file()


async def test_what_an_open_task_may_begin_at_is_kept(world: World) -> None:
    task = await world.task(State.REJECTED, days=400)
    await world.queue(after=(After("another", "Another"),))
    await world.gc()
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}


async def test_task_that_the_store_does_not_know_is_kept(world: World) -> None:
    task = await world.task(State.REJECTED, days=400)
    await world.context.store.write(lambda writing: writing.connection.execute(TASK.delete().where(TASK.c.id == task)))
    await world.task(State.REVIEW, days=0)  # else the project is not known either
    await world.gc()
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}
    assert world.context.files(task, 1).events.is_file()
    kept = (await retention.plan(world.context)).kept
    assert {(thing.kind, thing.what) for thing in kept} == {("refs", task), ("files", task)}


async def test_ref_is_kept_when_ancestry_cannot_be_proved(world: World) -> None:
    task = await world.task(State.ACCEPTED, days=400)
    await world.gc()
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}
    world.project.write("made.py", "made by hand\n")
    world.project.commit()
    await world.gc()
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}
    assert [thing.why for thing in (await retention.plan(world.context)).kept if thing.kind == "refs"] == [
        "accepted, and nothing proves that its change is in the history"
    ]


@pytest.mark.parametrize("later", [False, True])
async def test_ref_goes_when_the_history_holds_what_was_accepted(world: World, later: bool) -> None:
    task = await world.task(State.ACCEPTED, days=400)
    world.project.write("made.py", "made\n")
    world.project.write("a.py", "another file may be what it likes\n")
    world.project.commit()
    if later:
        world.project.write("made.py", "gone on\n")
        world.project.commit()
    await world.gc()
    assert world.refs(task) == {f"trash/{task}/base", f"trash/{task}/1"}


@pytest.mark.parametrize(("text", "gone"), [("x = 1\n", True), (f"{SPEC}x = 1\n", True), ("x = 2\n", False)])
async def test_own_spec_that_went_with_the_accept_is_no_difference(world: World, text: str, gone: bool) -> None:
    task = await world.task(State.ACCEPTED, days=400, text=f"{SPEC}x = 1\n")
    world.project.write("made.py", "made\n")
    world.project.write("a.py", text)
    world.project.commit()
    await world.gc()
    assert (world.refs(task) == {f"trash/{task}/base", f"trash/{task}/1"}) is gone


async def test_gc_without_apply_deletes_nothing(world: World) -> None:
    task = await world.task(State.REJECTED, days=31)
    idle = [world.project.take(f"idle/{number}") for number in range(8)]
    for slot in idle:
        slots.release(slot)
    before = sorted(str(path) for path in world.context.places.state.parent.rglob("*"))
    shown = await storage.collect(world.context, apply=False)
    assert {thing.kind for thing in shown.deletions} == {"refs", "files", "slot"}
    assert sorted(str(path) for path in world.context.places.state.parent.rglob("*")) == before
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}
    assert world.record() == []


async def test_gc_stops_when_the_store_is_unreadable(world: World) -> None:
    task = await world.task(State.REJECTED, days=31)
    slots.release(world.project.take("idle/1"))
    await world.context.store.write(
        lambda writing: writing.connection.exec_driver_sql("ALTER TABLE task RENAME TO elsewhere")
    )
    with pytest.raises(SpecwrightError, match="can't be read"):
        await world.gc()
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}
    assert world.record() == []


async def test_files_go_by_way_of_the_trash(world: World) -> None:
    task = await world.task(State.REJECTED, days=31)
    state = world.context.places.state
    await world.gc()
    assert not world.context.files(task, 1).folder.exists()
    (put,) = (state / "trash").iterdir()
    assert (put / "1" / "events.jsonl").is_file()
    put.rename(put.with_name(f"{int(time.time() - 8 * DAY)}-{task}"))
    (state / "trash" / "mine").mkdir()
    await world.gc()
    assert [path.name for path in (state / "trash").iterdir()] == ["mine"]


async def test_files_above_the_limit_go_oldest_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old, young = await world.task(State.REJECTED, days=9), await world.task(State.REJECTED, days=2)
    review = await world.task(State.REVIEW, days=0)
    monkeypatch.setattr(retention, "FILES_LIMIT", 5_000)
    await world.gc()
    assert not world.context.files(old, 1).folder.exists()
    assert world.context.files(young, 1).events.is_file()
    assert world.context.files(review, 1).events.is_file()


async def test_dependencies_go_before_slots_where_the_disk_limit_is_met(world: World) -> None:
    await world.task(State.REVIEW, days=0)
    slot = world.project.take("idle/1")
    (slot.path / "node_modules").mkdir()
    (slot.path / "node_modules" / "big.js").write_text("x" * 2_000_000)
    slot.mark_ready("key")
    slots.release(slot)
    settings = "[slots]\ndisk_gb = 0\n"
    found = await _planned(world, settings, spare=1_500_000)
    assert [(thing.kind, thing.what) for thing in found.deletions] == [("dependencies", slot.name)]
    await tending.apply(world.context, found)
    assert slot.path.is_dir()
    assert not (slot.path / "node_modules").exists()
    assert not world.project.take("next/1").ready_for("key")


async def _planned(world: World, settings: str, spare: int) -> retention.Plan:
    """A plan with so many bytes below the limit that a slot without its dependencies would fit."""
    found = await retention.plan(world.context)
    project = await retention._project(
        world.context, world.project.checkout, settings, await world.context.store.read(_no_standings)
    )
    assert project is not None
    room = found.places[0].bytes - spare
    plan = retention.Plan()
    retention._look_at(plan, replace(project, disk=room))
    return plan


def _no_standings(_connection: object) -> dict[str, object]:
    return {}


async def test_task_that_is_retried_after_the_plan_was_made_keeps_all(world: World) -> None:
    task = await world.task(State.REJECTED, days=31)
    plan = await retention.plan(world.context)
    await world.context.store.write(task_rows.retry, task)
    assert await tending.apply(world.context, plan) == []
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}
    assert world.context.files(task, 1).events.is_file()


async def test_busy_slots_never_go(world: World) -> None:
    await world.task(State.REVIEW, days=0)
    busy = [world.project.take(f"busy/{number}") for number in range(8)]
    plan = await _planned(world, "", spare=10**9)
    assert {thing.what for thing in plan.deletions if thing.kind == "slot"}.isdisjoint(slot.name for slot in busy)
    await tending.apply(world.context, plan)
    assert all(slot.path.is_dir() for slot in busy)


async def test_so_many_at_once_are_not_deleted_by_the_daemon(world: World) -> None:
    for _ in range(3):
        await world.task(State.REVIEW, days=0)
    tasks = [await world.task(State.REJECTED, days=31) for _ in range(2)]
    stamp = world.context.places.state / "tended"
    stamp.touch()
    age(stamp, 8)
    await tending.Tending(world.context, Embedded(world.context)).once()
    assert all(world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"} for task in tasks)


async def test_the_daemon_deletes_once_a_week_what_is_certain(world: World) -> None:
    for _ in range(3):
        await world.task(State.REVIEW, days=0)
    task = await world.task(State.REJECTED, days=31)
    tend = tending.Tending(world.context, Embedded(world.context))
    await tend.once()
    assert world.refs(task) == {f"tasks/{task}/base", f"tasks/{task}/1"}  # the first week begins
    age(world.context.places.state / "tended", 8)
    await tend.once()
    assert world.refs(task) == {f"trash/{task}/base", f"trash/{task}/1"}


async def test_idle_slots_that_are_too_many_are_put_away_and_deleted(world: World) -> None:
    await world.task(State.REVIEW, days=0)
    for slot in [world.project.take(f"idle/{number}") for number in range(9)]:
        slots.release(slot)
    await tending.tidy(world.context)
    folder = world.repository.slots
    assert len(list(folder.glob("sw-*.json"))) == world.context.user.running + pool.SPARE
    assert list((folder / "trash").iterdir()) == []


async def test_work_of_a_lost_slot_is_saved_before_its_tree_may_go(world: World) -> None:
    task = await world.task(State.REVIEW, days=0)
    slot = world.project.take(f"{task}/2")
    (slot.path / "unsaved.py").write_text("unsaved\n")
    slots.put_away(slot)
    (put,) = trash.entries(world.repository.slots, world.repository.project)
    with pytest.raises(SpecwrightError, match="nowhere else"):
        trash.empty(world.repository, put)
    await tending.tidy(world.context)
    commit = world.repository.oid(put.ref)
    assert commit is not None
    assert world.project.git("show", f"{commit}:unsaved.py", folder=world.repository.path) == "unsaved"
    await world.gc()
    assert (world.repository.slots / "trash" / put.name).is_dir()
    record = world.repository.slots / "trash" / f"{put.name}.json"
    record.write_text(record.read_text().replace(put.since[:4], "2001"))
    await world.gc()
    assert not (world.repository.slots / "trash" / put.name).exists()
    assert world.repository.oid(put.ref) == commit


async def test_tree_that_no_commit_can_hold_stays(world: World) -> None:
    task = await world.task(State.REVIEW, days=0)
    slot = world.project.take(f"{task}/2")
    world.project.git("init", "-q", "inner", folder=slot.path)
    (slot.path / "inner" / "x").write_text("x")
    slots.put_away(slot)
    (put,) = trash.entries(world.repository.slots, world.repository.project)
    record = world.repository.slots / "trash" / f"{put.name}.json"
    record.write_text(record.read_text().replace(put.since[:4], "2001"))
    await world.gc()
    assert (world.repository.slots / "trash" / put.name / "inner" / "x").is_file()


async def test_what_has_no_record_in_the_trash_stays(world: World, tmp_path: Path) -> None:
    await world.task(State.REVIEW, days=0)
    mine = world.repository.slots / "trash" / "mine"
    mine.mkdir(parents=True)
    await world.gc()
    assert mine.is_dir()
    assert ("tree", "mine") in {(thing.kind, thing.what) for thing in (await retention.plan(world.context)).kept}
