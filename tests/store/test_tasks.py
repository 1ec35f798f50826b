from collections.abc import Callable

import pytest

from specwright.errors import Refused, WrongUse
from specwright.store import ids, runs, tasks
from specwright.store.admitting import Held, Rules, admit
from specwright.store.database import Store
from specwright.tasks.model import Reason, State, Wish
from specwright.tasks.states import Event

Wishes = Callable[..., Wish]


async def admitted(store: Store, live: frozenset[str], held: dict[str, Held], running: int) -> list[runs.Start]:
    return list((await store.write(admit, live, held, Rules(running))).start)


async def begun(store: Store, wish: Wish) -> runs.Start:
    """A run of a new task."""
    task = (await store.write(tasks.submit, wish)).task
    return next(s for s in await admitted(store, frozenset(), {task: ()}, 99) if s.task == task)


async def test_a_wish_comes_back_as_it_was(store: Store, wish: Wishes) -> None:
    wanted = wish()
    submitted = await store.write(tasks.submit, wanted)
    loaded = await store.read(tasks.load, submitted.task)
    assert (loaded.wish, loaded.state, loaded.reasons) == (wanted, State.WAITING, (Reason.LIMIT,))


async def test_the_same_revision_is_the_same_task_while_it_is_open(store: Store, wish: Wishes) -> None:
    first = await store.write(tasks.submit, wish("A", "d1", base="1" * 40))
    second = await store.write(tasks.submit, wish("A", "d1", base="2" * 40))
    assert (second.task, second.new) == (first.task, False)
    assert (await store.read(tasks.load, first.task)).wish.base == "2" * 40


async def test_a_started_task_keeps_its_base(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish("A", "d1", base="1" * 40))
    await store.write(tasks.submit, wish("A", "d1", base="2" * 40))
    assert (await store.read(tasks.load, start.task)).wish.base == "1" * 40


async def test_after_an_end_the_same_revision_is_a_new_task(store: Store, wish: Wishes) -> None:
    first = await store.write(tasks.submit, wish("A", "d1"))
    await store.write(tasks.ask_cancel, first.task)
    assert (await store.write(tasks.submit, wish("A", "d1"))).new


async def test_a_new_revision_supersedes_the_one_that_waits(store: Store, wish: Wishes) -> None:
    old = await store.write(tasks.submit, wish("A", "d1"))
    await store.write(tasks.submit, wish("a", "d2"))
    assert (await store.read(tasks.load, old.task)).state is State.CANCELLED


@pytest.mark.parametrize(
    ("old", "new"), [("Add retry.", "Add retry"), ("Änderung", "ÄNDERUNG"), ("ОШИБКА входа", "ошибка входа")]
)
async def test_titles_are_the_same_whatever_their_case_and_punctuation(
    store: Store, wish: Wishes, old: str, new: str
) -> None:
    first = await store.write(tasks.submit, wish(old, "d1"))
    await store.write(tasks.submit, wish(new, "d2"))
    assert (await store.read(tasks.load, first.task)).state is State.CANCELLED


async def test_of_two_specs_of_a_title_that_were_edited_each_supersedes_its_own(store: Store, wish: Wishes) -> None:
    first, second = await queued(store, wish, "one", "d1", "d2")
    await store.write(tasks.submit, wish("A", "d4", action="two", namesakes=("d3", "d4")))
    assert (await store.read(tasks.load, first)).state is State.WAITING
    assert (await store.read(tasks.load, second)).state is State.CANCELLED


async def test_where_it_is_not_sure_which_spec_was_edited_none_is_superseded_and_both_are_told_of(
    store: Store, wish: Wishes
) -> None:
    old = await queued(store, wish, "one", "d1", "d2")
    new = (await store.write(tasks.submit, wish("A", "d3", action="two", namesakes=("d3",)))).task
    assert [(await store.read(tasks.load, task)).state for task in old] == [State.WAITING] * 2
    assert sorted(await store.read(tasks.versions_of, new)) == sorted((task, "A") for task in old)
    await store.write(tasks.ask_cancel, old[0])
    assert await store.read(tasks.versions_of, new) == [(old[1], "A")]


async def test_a_guess_supersedes_nothing_and_is_told_of(store: Store, wish: Wishes) -> None:
    sure, guess = [(await store.write(tasks.submit, wish(title))).task for title in ("Sing", "Song")]
    new = (await store.write(tasks.submit, wish("A", "d1", earlier=(sure,), guessed=(guess,)))).task
    states = [(await store.read(tasks.load, task)).state for task in (sure, guess)]
    assert states == [State.CANCELLED, State.WAITING]
    assert await store.read(tasks.versions_of, new) == [(guess, "Song")]


async def test_a_guess_of_the_same_text_is_told_of_whether_it_waits_or_has_begun(store: Store, wish: Wishes) -> None:
    begun_one = (await begun(store, wish("A", "d1"))).task
    waits = (await store.write(tasks.submit, wish("A", "d1", path="c.py"))).task
    there = wish("A", "d1", path="b.py", namesakes=("d1",), guessed=(begun_one, waits))
    new = (await store.write(tasks.submit, there)).task
    assert await store.read(tasks.versions_of, new) == [(waits, "A")]
    assert await store.read(tasks.doubles_of, new) == [(begun_one, "A")]


async def test_what_stands_beside_it_is_not_told_of(store: Store, wish: Wishes) -> None:
    for task in await queued(store, wish, "one", "d1", "d2", "d1"):
        assert await store.read(tasks.versions_of, task) == []


async def test_a_new_revision_leaves_a_running_one_alone(store: Store, wish: Wishes) -> None:
    start = await begun(store, wish("A", "d1"))
    await store.write(tasks.submit, wish("A", "d2"))
    assert (await store.read(tasks.load, start.task)).state is State.RUNNING


async def queued(store: Store, wish: Wishes, action: str, *digests: str) -> list[str]:
    """The tasks of a file whose specs all have one title, queued by one act."""
    wishes = [
        wish("A", digest, action=action, occurrence=digests[:number].count(digest), namesakes=digests)
        for number, digest in enumerate(digests)
    ]
    return [(await store.write(tasks.submit, each)).task for each in wishes]


@pytest.mark.parametrize("digests", [("d1", "d2"), ("d2", "d1"), ("d1", "d1"), ("d1", "d2", "d1")])
async def test_specs_beside_each_other_are_a_task_each(store: Store, wish: Wishes, digests: tuple[str, ...]) -> None:
    first = await queued(store, wish, "one", *digests)
    assert len(set(first)) == len(digests)
    assert await queued(store, wish, "another", *digests) == first
    assert {(await store.read(tasks.load, task)).state for task in first} == {State.WAITING}


@pytest.mark.parametrize("edited", [0, 1])
@pytest.mark.parametrize("digests", [("d1", "d2"), ("d1", "d1")])
async def test_an_edited_spec_supersedes_its_own_task_alone(
    store: Store, wish: Wishes, digests: tuple[str, ...], edited: int
) -> None:
    old = await queued(store, wish, "one", *digests)
    new = await queued(store, wish, "another", *digests[:edited], "d3", *digests[edited + 1 :])
    kept = set(old) & set(new)
    assert len(kept) == 1
    assert [(await store.read(tasks.load, task)).state for task in {*old} - kept] == [State.CANCELLED]


@pytest.mark.parametrize("began", [False, True])
async def test_equal_specs_keep_their_tasks_when_the_one_above_them_is_gone(
    store: Store, wish: Wishes, began: bool
) -> None:
    first, *others = await queued(store, wish, "one", "d1", "d1", "d1")
    await store.write(tasks.ask_cancel, first)
    if began:
        await admitted(store, frozenset(), dict.fromkeys(others, ()), 99)
    again = await queued(store, wish, "another", "d1", "d1")
    assert set(again) == set(others)
    assert await queued(store, wish, "a third", "d1", "d1") == again


async def test_an_event_that_the_table_lacks_is_refused_with_a_sentence(store: Store, wish: Wishes) -> None:
    task = (await store.write(tasks.submit, wish())).task
    with pytest.raises(Refused, match="is waiting; accepting is not possible now"):
        await store.write(tasks.decide, task, Event.ACCEPT)


async def test_an_unknown_task_is_wrong_use(store: Store) -> None:
    with pytest.raises(WrongUse, match="no task k7f3qa"):
        await store.read(tasks.load, "k7f3qa")


async def test_lists_are_newest_first_and_bounded(store: Store, wish: Wishes) -> None:
    made = [(await store.write(tasks.submit, wish())).task for _ in range(5)]
    listed = await store.read(tasks.newest, "/nowhere/project", 3)
    assert [brief.id for brief in listed] == made[::-1][:3]
    assert await store.read(tasks.newest, "/elsewhere", 3) == []


def test_ids_are_a_letter_and_five_without_look_alikes() -> None:
    drawn = {ids.draw() for _ in range(500)}
    assert all(len(task) == 6 and task[0].isalpha() and not set(task) & set("ilou") for task in drawn)
    assert len(drawn) == 500
