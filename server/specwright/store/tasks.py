"""Tasks: submitting, finding, listing, and the transitions that a person makes."""

import json
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, or_, select, update

from specwright.api.messages import SpecSeen
from specwright.errors import Refused, WrongUse
from specwright.spec.identity import slug
from specwright.store import ids
from specwright.store.database import Writing
from specwright.store.rows import TaskBrief, reasons_text, to_brief, to_task, to_wish, wish_text
from specwright.store.schema import IS_OPEN, RUN, TASK, VERDICT
from specwright.tasks.model import GOING_ON, OPEN, Checkout, Reason, State, Task, Wish
from specwright.tasks.states import Event, after, allows
from specwright.tasks.versions import Fit, fit, is_gone

NOT_HELD: dict[str, None] = {"held_for": None, "held_why": None, "held_until": None}
"""Columns of a task that nothing has put back."""
BRIEF = [
    column
    for column in TASK.c
    if column.name not in {"wish", "remarks", "held_for", "held_why", "held_until", "action", "spec_title", "spec_goal"}
]
"""The columns that lists need."""
SPEC_TITLE = func.coalesce(TASK.c.spec_title, TASK.c.title)
"""What the spec of a task is called by now."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The task of a wish, and whether it was made for it."""

    task: str
    new: bool


def submit(writing: Writing, wish: Wish) -> Submitted:
    """The open task of this checkout, place and revision, or a new one; one that has not started takes the new base.

    A waiting task of an older revision of the same spec is superseded: its run never begins. Specs that stand in
    the file beside each other, be their titles or their texts the same, are different ones and get a task each.
    """
    writing.free()
    known = _open_of_revision(writing.connection, wish)
    if known is not None:
        seen = {"path": wish.place.path, "line": wish.place.line, "handle": wish.revision.handle}
        _set(writing, known, spec_title=None, spec_goal=None, **seen)
        if not _has_runs(writing.connection, known):
            _set(writing, known, base=wish.base, wish=wish_text(wish), action=wish.action)
        else:
            _let_go(writing, known, wish)
        return Submitted(known, new=False)
    _supersede(writing, wish)
    task = _free_id(writing.connection)
    writing.connection.execute(TASK.insert().values(_columns(task, wish)))
    writing.mark([task])
    return Submitted(task, new=True)


def submit_all(writing: Writing, wishes: Iterable[Wish]) -> list[Submitted]:
    """All of them, or none."""
    return [submit(writing, wish) for wish in wishes]


def load(connection: Connection, task: str) -> Task:
    """One task. Raises `WrongUse` for an id that the store does not hold."""
    row = connection.execute(select(TASK).where(TASK.c.id == task)).mappings().first()
    if row is None:
        raise unknown(task)
    return to_task(row)


def unknown(task: str) -> WrongUse:
    """What is said to an id that the store does not hold."""
    return WrongUse(f"There is no task {task}. `specwright list` shows those of this checkout.")


def origin(connection: Connection, task: str, number: int) -> str | None:
    """The commit that a run goes on from: the result of the run before it, unless the task begins at its base again."""
    if connection.execute(select(TASK.c.fresh).where(TASK.c.id == task)).scalar_one():
        return None
    query = select(RUN.c.head).where(RUN.c.task == task, RUN.c.number < number, RUN.c.head.is_not(None))
    return connection.execute(query.order_by(RUN.c.number.desc()).limit(1)).scalar_one_or_none()


def newest(connection: Connection, checkout: str, limit: int) -> list[TaskBrief]:
    """A checkout's tasks, newest first."""
    query = select(*BRIEF).where(TASK.c.checkout == checkout).order_by(TASK.c.created.desc(), TASK.c.id).limit(limit)
    return [to_brief(row) for row in connection.execute(query).mappings()]


@dataclass(frozen=True, slots=True)
class OpenWish:
    """An open task's wish, when it was queued, and the title and goal that its spec has now."""

    wish: Wish
    queued: datetime
    title: str
    goal: str
    state: State
    path: str
    """Of its spec's file; where that is queued again from another place, it is told here alone."""


def open_wishes(connection: Connection, checkout: str) -> dict[str, OpenWish]:
    """By the ids of a checkout's open tasks."""
    columns = (TASK.c.id, TASK.c.created, TASK.c.wish, TASK.c.state, TASK.c.path, TASK.c.spec_goal, SPEC_TITLE)
    query = select(*columns).where(IS_OPEN, TASK.c.checkout == checkout)
    return {
        task: OpenWish(
            wish := to_wish(text),
            datetime.fromtimestamp(created, UTC),
            title,
            wish.revision.goal if goal is None else goal,
            State(state),
            path,
        )
        for task, created, text, state, path, goal, title in connection.execute(query)
    }


@dataclass(frozen=True, slots=True)
class OpenSpec:
    """What an open task's spec is known by; the goal of one in the files asked for alone."""

    path: str
    title: str
    handle: str | None
    digest: str
    base: str
    goal: str = ""
    language: str | None = None
    """What its file was read as."""


def open_specs(connection: Connection, checkout: str, paths: Collection[str]) -> dict[str, OpenSpec]:
    """By the ids of a checkout's open tasks. Only wishes of these files are read: there may be thousands."""
    wish = case((TASK.c.path.in_(paths), TASK.c.wish), else_=None)
    language = func.json_extract(TASK.c.wish, "$.place.language")
    columns = (TASK.c.id, TASK.c.path, SPEC_TITLE, TASK.c.handle, TASK.c.digest, TASK.c.base, TASK.c.spec_goal)
    query = select(*columns, language, wish).where(IS_OPEN, TASK.c.checkout == checkout)
    return {
        task: OpenSpec(
            path,
            spec_title,
            handle,
            digest,
            base,
            to_wish(text).revision.goal if goal is None and text else goal or "",
            read,
        )
        for task, path, spec_title, handle, digest, base, goal, read, text in connection.execute(query)
    }


def keep_seen(writing: Writing, checkout: str, specs: Iterable[SpecSeen]) -> None:
    """Keep how the specs of open tasks are found again; others are passed over."""
    for spec in specs:
        values = {"path": spec.path, "line": spec.line, "handle": spec.handle}
        query = update(TASK).where(TASK.c.id == spec.task, TASK.c.checkout == checkout, IS_OPEN)
        if writing.connection.execute(query.values(spec_title=spec.title, spec_goal=spec.goal, **values)).rowcount:
            writing.mark([spec.task])


def brief(connection: Connection, task: str) -> TaskBrief:
    """One task. Raises `WrongUse` for an id that the store does not hold."""
    row = connection.execute(select(*BRIEF).where(TASK.c.id == task)).mappings().first()
    if row is None:
        raise unknown(task)
    return to_brief(row)


def in_states(connection: Connection, states: frozenset[State]) -> list[Task]:
    """All tasks in some states, oldest first."""
    query = select(TASK).where(TASK.c.state.in_(sorted(states))).order_by(TASK.c.created, TASK.c.id)
    if states <= OPEN:
        query = query.where(IS_OPEN)
    return [to_task(row) for row in connection.execute(query).mappings()]


def checkouts(connection: Connection, tasks: Collection[str]) -> list[Checkout]:
    """The checkouts of some tasks; an id that the store does not hold is passed over."""
    query = select(TASK.c.wish).where(TASK.c.id.in_(sorted(tasks)))
    return [to_wish(text).checkout for text in connection.execute(query).scalars()]


def counts(connection: Connection) -> dict[State, int]:
    """How many tasks are in each open state, and how many have failed."""
    query = select(TASK.c.state, func.count()).where(TASK.c.state.in_([*OPEN, State.FAILED])).group_by(TASK.c.state)
    return {State(state): number for state, number in connection.execute(query)}


def step(writing: Writing, task: str, event: Event, **values: object) -> State:
    """Apply an event by the state table and return the new state. Raises `Refused` where the table has no such pair."""
    state = _state(writing.connection, task)
    if not allows(state, event):
        raise Refused(f"Task {task} {state.said}; {_what(event)} is not possible now.")
    new = after(state, event)
    _set(writing, task, state=new, decided=None if new in OPEN else time.time(), **values)
    if event is not Event.ADMIT:  # a task that begins leaves less room, one that ends or waits again more
        writing.free()
    return new


def revise(writing: Writing, task: str, remark: str) -> None:
    """Remarks or an answer: the next run goes on from this tree. Verdicts given so far belong to the old result."""
    remarks = [*load(writing.connection, task).remarks, remark]
    step(writing, task, Event.REVISE)
    _wait_again(writing, task, remarks=json.dumps(remarks, ensure_ascii=False), question=None, fresh=False)


def retry(writing: Writing, task: str) -> None:
    """The next run begins at the base again."""
    step(writing, task, Event.RETRY)
    _wait_again(writing, task, question=None, fresh=True)


def ask_cancel(writing: Writing, task: str) -> State:
    """Record the wish to cancel; a task without a run to end is cancelled at once. Its new state."""
    state = _state(writing.connection, task)
    if state is State.WAITING and not _has_runs(writing.connection, task, RUN.c.ended.is_(None)):
        _set(writing, task, reasons="")
        return step(writing, task, Event.CANCEL)
    if state not in GOING_ON:
        raise Refused(f"Task {task} {state.said}; only what waits or runs can be cancelled.")
    _set(writing, task, cancel_requested=True)
    return state


def decide(writing: Writing, task: str, event: Event) -> State:
    """All hunks are decided: accepted or rejected."""
    return step(writing, task, event)


def _state(connection: Connection, task: str) -> State:
    found = connection.execute(select(TASK.c.state).where(TASK.c.id == task)).scalar()
    if found is None:
        raise unknown(task)
    return State(found)


def _columns(task: str, wish: Wish) -> dict[str, object]:
    return {
        "id": task,
        "created": time.time(),
        "checkout": wish.checkout.root,
        "common_dir": wish.checkout.common_dir,
        "path": wish.place.path,
        "line": wish.place.line,
        "title": wish.revision.title,
        "handle": wish.revision.handle,
        "digest": wish.revision.digest,
        "base": wish.base,
        "agent": wish.agent,
        "wish": wish_text(wish),
        "action": wish.action,
        "state": State.WAITING,
        "reasons": reasons_text((Reason.LIMIT,)),
    }


def _open_of_revision(connection: Connection, wish: Wish) -> str | None:
    """The task of just this occurrence; else one whose own is gone, as when an equal spec above it was landed."""
    same_place = or_(TASK.c.path == wish.place.path, TASK.c.id.in_(wish.earlier))
    query = select(TASK.c.id, TASK.c.wish).where(
        TASK.c.checkout == wish.checkout.root,
        TASK.c.digest == wish.revision.digest,
        TASK.c.state.in_(sorted(OPEN)),
        same_place,
    ).order_by(TASK.c.path == wish.place.path)  # fmt: skip
    known: dict[int, str] = {to_wish(text).occurrence: task for task, text in connection.execute(query)}
    if wish.occurrence in known:
        return known[wish.occurrence]
    there = max(wish.occurrence + 1, wish.namesakes.count(wish.revision.digest))
    without = [number for number in range(there) if number not in known]
    left = [known[number] for number in sorted(known) if number >= there]
    return dict(zip(without, left, strict=False)).get(wish.occurrence)


def _let_go(writing: Writing, task: str, wish: Wish) -> None:
    """Queued again while it is held: it goes on, under the limits that hold now."""
    found = load(writing.connection, task)
    if found.state is State.WAITING:
        _set(writing, task, wish=wish_text(replace(found.wish, settings=wish.settings)), **NOT_HELD)


def _supersede(writing: Writing, wish: Wish) -> None:
    for task, _, found in _versions(writing.connection, wish):
        if found is Fit.SAME:
            step(writing, task, Event.CANCEL)
            _set(writing, task, reasons="", detail="Its spec was edited and queued again before it began.")


def versions_of(connection: Connection, task: str) -> list[tuple[str, str]]:
    """The ids and titles of tasks that never began and may be of another version of a task's spec."""
    found = _versions(connection, load(connection, task).wish, task)
    return [(other, title) for other, title, kind in found if kind is not Fit.OTHER]


def doubles_of(connection: Connection, task: str) -> list[tuple[str, str]]:
    """The ids and titles of tasks that have begun with the same text elsewhere, and may be of the same spec."""
    wish = load(connection, task).wish
    same = and_(TASK.c.id.in_(wish.guessed), TASK.c.digest == wish.revision.digest, IS_OPEN)
    rows = connection.execute(select(TASK.c.id, TASK.c.title).where(same)).all()
    return [(other, title) for other, title in rows if _has_runs(connection, other)]


def _versions(connection: Connection, wish: Wish, task: str = "") -> list[tuple[str, str, Fit]]:
    """The tasks that never began and whose text is gone, but for one: how sure it is that a wish is for their spec."""
    named = and_(TASK.c.path == wish.place.path, func.slug(SPEC_TITLE) == slug(wish.revision.title))
    same: ColumnElement[bool] = TASK.c.id.in_(wish.earlier)
    if wish.revision.handle:
        same = or_(same, TASK.c.handle == wish.revision.handle)
    # a plain column would have SQLite look through all of the checkout's tasks, most of which are over
    checkout = func.coalesce(TASK.c.checkout, "") == wish.checkout.root
    guessed = TASK.c.id.in_(wish.guessed)
    labelled = named.label("named"), same.label("same"), guessed.label("guessed")
    query = select(TASK.c.id, TASK.c.title, TASK.c.state, TASK.c.wish, *labelled)
    known = or_(named, same, guessed)
    rows = connection.execute(query.where(IS_OPEN, checkout, TASK.c.id != task, known)).all()
    namesakes = [to_wish(row.wish) for row in rows if row.named]
    waiting = (row for row in rows if row.state == State.WAITING and not _has_runs(connection, row.id))
    return [
        (row.id, row.title, _fit(row, wish, namesakes))
        for row in waiting
        if row.guessed or is_gone(to_wish(row.wish), wish)
    ]


def _fit(row: Row[Any], wish: Wish, namesakes: Sequence[Wish]) -> Fit:
    if row.same:
        return Fit.SAME
    return fit(to_wish(row.wish), wish, namesakes) if row.named else Fit.MAYBE


def _wait_again(writing: Writing, task: str, **values: object) -> None:
    writing.connection.execute(delete(VERDICT).where(VERDICT.c.task == task, VERDICT.c.final.is_(False)))
    _set(
        writing, task, reasons=reasons_text((Reason.LIMIT,)), detail=None, cancel_requested=False, **NOT_HELD, **values
    )


def _has_runs(connection: Connection, task: str, *which: ColumnElement[bool]) -> bool:
    return connection.execute(select(RUN.c.number).where(RUN.c.task == task, *which).limit(1)).first() is not None


def _free_id(connection: Connection) -> str:
    while True:
        drawn = ids.draw()
        if connection.execute(select(TASK.c.id).where(TASK.c.id == drawn)).first() is None:
            return drawn


def _set(writing: Writing, task: str, **values: object) -> None:
    writing.connection.execute(update(TASK).where(TASK.c.id == task).values(**values))
    writing.mark([task])


def _what(event: Event) -> str:
    words = {Event.REVISE: "requesting changes", Event.RETRY: "a retry", Event.ACCEPT: "accepting"}
    return words.get(event, f"to {event} it")
