import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from specwright.api.messages import SpecSeen
from specwright.errors import SpecwrightError
from specwright.store import runs, tasks
from specwright.store.admitting import Admitted, Held, Rules, admit, needed
from specwright.store.database import Store, Writing
from specwright.store.schema import RUN, TASK
from specwright.tasks.model import (
    After,
    Finding,
    GateResult,
    GateRun,
    Level,
    Outcome,
    Phase,
    Reason,
    State,
    Tokens,
    Wish,
)
from specwright.tasks.states import Event

Wishes = Callable[..., Wish]
NONE = frozenset[str]()


async def admitted(store: Store, live: frozenset[str], held: dict[str, Held], running: int) -> list[runs.Start]:
    return list((await store.write(admit, live, held, Rules(running))).start)


async def begun(store: Store, wish: Wish) -> runs.Start:
    task = (await store.write(tasks.submit, wish)).task
    return next(s for s in await admitted(store, NONE, {task: ()}, 99) if s.task == task)


async def test_admission_and_recovery_are_one_path(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    again = await admitted(store, NONE, {}, 99)
    assert again == [runs.Start(start.task, 1, start.epoch + 1)]
    assert await admitted(store, frozenset({start.key}), {}, 99) == []


async def test_a_run_whose_epoch_moved_on_writes_nothing_more(store: Store, wish: Wishes) -> None:
    old = await begun(store, wish())
    [new] = await admitted(store, NONE, {}, 99)
    with pytest.raises(runs.Outdated):
        await store.write(runs.record, old, (0, Phase.AGENT), {"a": 1})
    assert await store.read(runs.recorded, new) == {}
    await store.write(runs.record, new, (0, Phase.AGENT), {"a": 1})
    assert await store.read(runs.recorded, new) == {(0, Phase.AGENT): {"a": 1}}


async def test_a_run_is_concluded_once(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    ending = runs.Ending(Outcome.PASSED, Event.RESULT, head="1" * 40)
    await store.write(runs.conclude, start, ending)
    with pytest.raises(runs.Outdated):
        await store.write(runs.conclude, start, ending)
    task = await store.read(tasks.load, start.task)
    assert (task.state, task.outcome) == (State.REVIEW, Outcome.PASSED)


async def test_a_held_run_goes_on_under_its_number(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.hold, start, Reason.KEY, "no key")
    held = await store.read(tasks.load, start.task)
    assert (held.state, held.reasons, held.detail) == (State.WAITING, (Reason.KEY,), "no key")
    [again] = await admitted(store, NONE, {start.task: ()}, 99)
    assert (again.number, again.epoch) == (1, start.epoch + 1)


async def test_a_revised_task_gets_a_new_run_from_the_last_result(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.conclude, start, runs.Ending(Outcome.FAILED, Event.RESULT, head="a" * 40))
    await store.write(tasks.revise, start.task, "shorter")
    [second] = await admitted(store, NONE, {start.task: ()}, 99)
    assert second.number == 2
    assert await store.read(tasks.origin, start.task, 2) == "a" * 40


async def test_a_cancel_that_comes_too_late_hits_nothing_later(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(tasks.ask_cancel, start.task)
    await store.write(runs.conclude, start, runs.Ending(Outcome.PASSED, Event.RESULT, head="a" * 40))
    assert await store.write(runs.take_over, start.task) is None
    await store.write(tasks.revise, start.task, "shorter")
    [second] = await admitted(store, NONE, {start.task: ()}, 99)
    assert await admitted(store, NONE, {}, 99) == [runs.Start(start.task, 2, second.epoch + 1)]


async def test_a_cancelled_task_that_was_put_back_ends_with_its_run(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.hold, start, Reason.KEY, "no key")
    assert await store.write(tasks.ask_cancel, start.task) is State.WAITING
    assert await admitted(store, NONE, {start.task: ()}, 99) == []
    taken = await store.write(runs.take_over, start.task)
    assert taken is not None
    await store.write(runs.conclude, taken, runs.Ending(Outcome.STOPPED, Event.CANCEL))
    assert (await store.read(tasks.load, start.task)).state is State.CANCELLED
    assert await store.read(runs.unended) == frozenset()


async def test_a_run_that_made_nothing_leaves_the_result_before_it(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.conclude, start, runs.Ending(Outcome.FAILED, Event.RESULT, head="a" * 40))
    await store.write(tasks.revise, start.task, "shorter")
    [second] = await admitted(store, NONE, {start.task: ()}, 99)
    await store.write(runs.conclude, second, runs.Ending(Outcome.ERROR, Event.NOTHING))
    assert (await store.read(tasks.brief, start.task)).head == "a" * 40


async def test_a_retried_task_begins_at_its_base(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    await store.write(runs.conclude, start, runs.Ending(Outcome.FAILED, Event.RESULT, head="a" * 40))
    await store.write(tasks.retry, start.task)
    await admitted(store, NONE, {start.task: ()}, 99)
    assert await store.read(tasks.origin, start.task, 2) is None


async def test_what_waits_is_told_all_its_reasons(store: Store, wish: Wishes) -> None:
    task = (await store.write(tasks.submit, wish())).task
    held = ((Reason.TRUST, "`specwright trust` asks"),)
    assert await admitted(store, NONE, {task: held}, 0) == []
    waiting = await store.read(tasks.load, task)
    assert (waiting.reasons, waiting.detail) == ((Reason.TRUST, Reason.LIMIT), "`specwright trust` asks")


async def test_a_pass_that_changes_nothing_wakes_nobody(store: Store, wish: Wishes) -> None:
    task = (await store.write(tasks.submit, wish())).task
    woken: list[tuple[frozenset[str], bool]] = []
    store.on_commit = lambda tasks, look: woken.append((tasks, look))
    for _ in range(3):
        await admitted(store, NONE, {task: ((Reason.KEY, "x"),)}, 4)
    assert woken == [(frozenset({task}), False)]


async def test_gates_and_findings_come_back_and_a_repeated_round_replaces_them(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    finding = Finding("lint", "E1", Level.MEDIUM, "bad", "a.py", 1, 2, 1, 3)
    gates = (GateRun("lint", GateResult.FAILED, None, 0.5, (finding,), 1, tree="t"),)
    for _ in range(2):
        await store.write(runs.record_gates, start, 0, gates)
    assert await store.read(runs.gates_of, start.task, 1) == gates


async def test_a_turn_is_recorded_with_what_it_used_and_an_unknown_price_makes_the_cost_unknown(
    store: Store, wish: Wishes
) -> None:
    start = await begun(store, wish())
    await store.write(runs.record_turn, start, 0, runs.LastTurn(1, 0, "1" * 40), Tokens(1, 2, 3, 4), 0.5)
    [run] = await store.read(runs.load, start.task)
    assert (run.tokens, run.cost_usd) == (Tokens(1, 2, 3, 4), 0.5)
    await store.write(runs.record_turn, start, 0, runs.LastTurn(2, 0, "2" * 40), Tokens(1, 0, 0, 1), None)
    [run] = await store.read(runs.load, start.task)
    assert (run.tokens, run.cost_usd) == (Tokens(2, 2, 3, 5), None)


async def test_a_writer_in_between_is_shut_out(store: Store, tmp_path: Path) -> None:
    """The begin hook is there: a transaction holds the write lock before it has written."""

    def peek(writing: Writing) -> None:
        other = sqlite3.connect(tmp_path / "specwright.db", timeout=0.05)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    await store.write(peek)


def test_a_newer_store_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Store(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(SpecwrightError, match="newer Specwright"):
        Store(path)
    assert path.read_bytes() == before


def test_a_store_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("this is no database, but long enough to be looked at by SQLite" * 50)
    with pytest.raises(SpecwrightError, match="can't be opened"):
        Store(tmp_path / "s.db")


@pytest.mark.parametrize(
    ("worked", "turned", "rounds"), [([], [], 1), ([], [0], 1), ([0], [0], 1), ([0], [0, 1], 2), ([0, 1], [], 2)]
)
async def test_a_later_run_counts_the_rounds_that_earlier_ones_began(
    store: Store, wish: Wishes, worked: list[int], turned: list[int], rounds: int
) -> None:
    start = await begun(store, wish())
    for round in worked:
        await store.write(runs.record, start, (round, Phase.REPAIRING if round else Phase.AGENT), {})
    for round in turned:
        await store.write(runs.record_turn, start, round, runs.LastTurn(1, 0, "1" * 40))
    await store.write(runs.conclude, start, runs.Ending(Outcome.STOPPED, Event.CANCEL))
    await store.write(tasks.retry, start.task)
    [later] = await admitted(store, NONE, {start.task: ()}, 99)
    assert await store.read(runs.rounds_before, later) == rounds


async def look(store: Store, *live: str) -> Admitted:
    return await store.write(admit, frozenset(live), {}, Rules(9))


async def long_ago(store: Store) -> None:
    """As if each run had last started an hour ago."""
    await store.write(lambda writing: writing.connection.execute(update(RUN).values(last_start=time.time() - 3600)))


async def test_a_run_that_kills_its_daemon_goes_alone_and_is_given_up_in_the_end(store: Store, wish: Wishes) -> None:
    bad = (await begun(store, wish())).task
    for _ in range(2):
        assert [start.task for start in (await look(store)).start] == [bad]
    waits = await look(store)
    assert (waits.start, waits.look_again is not None) == ((), True)
    for _ in range(7):
        await long_ago(store)
        assert [start.task for start in (await look(store)).start] == [bad]
    assert [start.task for start in (await look(store)).give_up] == [bad]


async def test_while_a_suspect_runs_nothing_else_begins(store: Store, wish: Wishes) -> None:
    bad = await begun(store, wish())
    for _ in range(2):
        [start] = (await look(store)).start
    await long_ago(store)
    [start] = (await look(store)).start
    other = (await store.write(tasks.submit, wish())).task
    assert await admitted(store, frozenset({start.key}), {other: ()}, 9) == []
    await store.write(runs.record, start, (0, Phase.PREPARING), {})
    [begins] = await admitted(store, frozenset({start.key}), {other: ()}, 9)
    assert (begins.task, start.task) == (other, bad.task)


async def test_a_planned_stop_is_not_taken_for_a_crash(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish())
    for _ in range(12):
        await store.write(runs.give_back, start)
        [start] = (await look(store)).start


async def test_the_other_task_is_found_by_its_handle_or_by_its_title_from_before_it_had_one(
    store: Store, wish: Wishes
) -> None:
    async def queued(title: str, handle: str | None) -> str:
        made = wish(title)
        revision = replace(made.revision, handle=handle)
        return (await store.write(tasks.submit, replace(made, revision=revision))).task

    waiting = replace(wish(), after=(After("#b2c3d4", "Parse"),))
    task = await store.read(tasks.load, (await store.write(tasks.submit, waiting)).task)
    found = []
    for title, handle in ((None, None), ("Parse", None), ("Parse", "x2y3z4"), ("Renamed", "b2c3d4")):
        made = await queued(title, handle) if title else None
        [need] = await store.read(needed, task)
        found.append(need.task == made)
    assert found == [True, True, False, True]


@pytest.mark.parametrize(
    ("titles", "named", "found"),
    [
        (["Änderung speichern"], "änderung  speichern", 0),
        (["Add retry."], "Add retry", 0),
        (["Port it to C", "Port it to C++"], "Port it to C", 0),
        (["Port it to C++"], "Port it to Rust", None),
    ],
)
async def test_the_other_task_is_found_by_its_title_whatever_its_case_the_same_punctuation_first(
    store: Store, wish: Wishes, titles: list[str], named: str, found: int | None
) -> None:
    made = [(await store.write(tasks.submit, wish(title, path=f"{title}.py"))).task for title in titles]
    assert await needs(store, wish, named) == (None if found is None else made[found])


async def test_the_other_task_is_found_by_the_title_that_its_spec_has_now_and_by_the_one_it_had(
    store: Store, wish: Wishes
) -> None:
    made = (await store.write(tasks.submit, wish("Add it"))).task
    await store.write(tasks.keep_seen, "/nowhere/project", [SpecSeen(made, "a.py", 1, "Add it now", "")])
    assert [await needs(store, wish, title) for title in ("Add it", "Add it now", "Add")] == [made, made, None]


async def needs(store: Store, wish: Wishes, title: str) -> str | None:
    """The task that one comes after which names this title."""
    submitted = await store.write(tasks.submit, replace(wish(path="z.py"), after=(After(title, title),)))
    [need] = await store.read(needed, await store.read(tasks.load, submitted.task))
    return need.task or None


@pytest.mark.parametrize("clock", [3600, -3600], ids=["later", "set back"])
@pytest.mark.parametrize(("reason", "returns"), [(Reason.RATE, True), (Reason.BUDGET, False)])
async def test_what_was_put_back_waits_for_the_clock_or_for_a_person(
    store: Store, wish: Wishes, reason: Reason, returns: bool, clock: float
) -> None:
    wanted = wish()
    start = await begun(store, wanted)
    await store.write(runs.hold, start, reason, "Too much.")
    held = await store.write(admit, NONE, {start.task: ()}, Rules(9))
    assert (held.start, held.look_again is not None) == ((), returns)
    waiting = await store.read(tasks.load, start.task)
    assert (waiting.reasons, waiting.detail) == ((reason,), "Too much.")
    await store.write(
        lambda writing: writing.connection.execute(update(TASK).values(held_until=TASK.c.held_until - clock))
    )
    assert bool(await admitted(store, NONE, {start.task: ()}, 9)) == returns


@pytest.mark.parametrize(("reason", "again"), [(Reason.TRUST, True), (Reason.KEY, False)])
async def test_what_files_hold_is_looked_at_again(store: Store, wish: Wishes, reason: Reason, again: bool) -> None:
    task = (await store.write(tasks.submit, wish())).task
    found = await store.write(admit, NONE, {task: ((reason, "It waits."),)}, Rules(9))
    assert (found.start, found.look_again is not None) == ((), again)


async def test_queueing_again_lets_go_what_a_spent_budget_holds(store: Store, wish: Wishes) -> None:
    wanted = wish()
    start = await begun(store, wanted)
    await store.write(runs.hold, start, Reason.BUDGET, "It used 9 of its 8 tokens.")
    more = replace(wanted, settings="[budget]\ntask_tokens = 99\n", base="1" * 40)
    again = await store.write(tasks.submit, more)
    kept = await store.read(tasks.load, again.task)
    assert (again.task, kept.wish.settings, kept.wish.base) == (start.task, more.settings, wanted.base)
    [goes_on] = await admitted(store, NONE, {start.task: ()}, 9)
    assert goes_on.number == 1
