"""The one pass of admission: what may start is started, why the rest waits is kept, all in one transaction."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select, update

from specwright.config import read
from specwright.config.hours import Hours
from specwright.spec.facts import folded
from specwright.spec.identity import slug
from specwright.store import ordering, outbox, runs
from specwright.store import tasks as task_rows
from specwright.store.database import Writing
from specwright.store.rows import reasons_text, to_task, to_time
from specwright.store.schema import IS_OPEN, RUN, TASK
from specwright.tasks import admission, recovering
from specwright.tasks.admission import Candidate, Needed, Snapshot, Why
from specwright.tasks.model import After, Outcome, Reason, State, Task
from specwright.tasks.schedule import quiet_until

TROUBLE_SECONDS = timedelta(seconds=60)
"""After which it is looked again whether something may start on this machine, as its disk and files are now."""
Held = tuple[Why, ...]
"""What keeps a task waiting that the store does not know of."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all tasks of this daemon."""

    running: int
    """Most runs at once."""
    quiet: tuple[Hours, ...] = ()
    trouble: str = ""
    """Why nothing may start on this machine now, such as a full disk; empty while it may."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Runs to perform now, runs that are given up, and when to look again by the clock."""

    start: tuple[runs.Start, ...]
    give_up: tuple[runs.Start, ...] = ()
    look_again: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    task: Task
    held_for: Reason | None
    held_why: str
    held_until: datetime | None


def admit(writing: Writing, live: frozenset[str], held: Mapping[str, Held], rules: Rules) -> Admitted:
    """Runs of a dead daemon and what admission picks, in one path; `live` names the runs of this daemon.

    A waiting task that `held` does not name was not looked at yet, and is left for the next pass.
    """
    now = datetime.fromtimestamp(time.time(), UTC)
    running = task_rows.in_states(writing.connection, frozenset({State.RUNNING}))
    resumed = _resume(writing, running, live, now)
    starts = [runs.restart(writing, task) for task in resumed.go_on]
    if starts:
        writing.free()  # which of the others go on is known when these do
    given_up = tuple(runs.restart(writing, task) for task in resumed.give_up)
    waiting = {} if resumed.others_wait else _waiting(writing.connection, held)
    picked = admission.admit(_snapshot(writing.connection, waiting, running, held, rules, now))
    starts += [runs.begin(writing, task) for task in picked.start]
    _keep_waiting(writing, [(waiting[task].task, why) for task, why in picked.wait])
    again = now + TROUBLE_SECONDS if waiting and (rules.trouble or _hang_on_files(held)) else None
    times = [time for time in (again, resumed.look_again, picked.look_again, *_ends(waiting, now)) if time]
    return Admitted(tuple(starts), given_up, min(times, default=None))


def _hang_on_files(held: Mapping[str, Held]) -> bool:
    """Whether consent is missing: to what files hold that may be as before by now, of which nobody tells."""
    return any(reason is Reason.TRUST for found in held.values() for reason, _ in found)


def why(connection: Connection, held: Mapping[str, Held], rules: Rules) -> dict[str, Held]:
    """Why each task that waits now would go on waiting, without changing anything."""
    now = datetime.fromtimestamp(time.time(), UTC)
    running = task_rows.in_states(connection, frozenset({State.RUNNING}))
    seen = _snapshot(connection, _waiting(connection, held), running, held, rules, now)
    return dict(admission.admit(seen).wait)


def needed(connection: Connection, task: Task) -> tuple[Needed, ...]:
    """The tasks that one comes after, as they stand."""
    return tuple(_needed(connection, task, other) for other in task.wish.after)


def _resume(writing: Writing, running: list[Task], live: frozenset[str], now: datetime) -> recovering.Resumed:
    last = {task.id: _last_run(writing.connection, task.id) for task in running}
    ours = {task.id for task in running if f"{task.id}/{last[task.id][0]}" in live}
    lost = tuple(
        recovering.Lost(task.id, last[task.id][1], last[task.id][2])
        for task in running
        if task.id not in ours and not task.cancel_requested
    )
    suspect_lives = any(last[task][1] > recovering.SUSPECT for task in ours)
    return recovering.resume(lost, len(ours), suspect_lives, now)


def _last_run(connection: Connection, task: str) -> tuple[int, int, datetime]:
    """Number, starts without progress, and last start."""
    query = select(RUN.c.number, RUN.c.starts, func.coalesce(RUN.c.last_start, RUN.c.started, 0.0))
    row = connection.execute(query.where(RUN.c.task == task).order_by(RUN.c.number.desc()).limit(1)).one()
    return row[0], row[1], datetime.fromtimestamp(row[2], UTC)


def _waiting(connection: Connection, held: Mapping[str, Held]) -> dict[str, _Waiting]:
    query = select(TASK).where(IS_OPEN, TASK.c.state == State.WAITING).order_by(TASK.c.created, TASK.c.id)
    return {
        row["id"]: _Waiting(
            to_task(row),
            Reason(row["held_for"]) if row["held_for"] else None,
            row["held_why"] or "",
            to_time(row["held_until"]),
        )
        for row in connection.execute(query).mappings()
        if row["id"] in held and not row["cancel_requested"]
    }


def _snapshot(
    connection: Connection,
    waiting: Mapping[str, _Waiting],
    running: list[Task],
    held: Mapping[str, Held],
    rules: Rules,
    now: datetime,
) -> Snapshot:
    candidates = (
        _candidate(connection, each.task, (*held[task], *_put_back(each, now))) for task, each in waiting.items()
    )
    return Snapshot(
        waiting=tuple(candidates),
        running=tuple(admission.Place(task.wish.checkout.common_dir, task.wish.agent) for task in running),
        limit=rules.running,
        now=now,
        paused=admission.PAUSED if ordering.is_paused(connection) else rules.trouble,
        quiet_until=quiet_until(rules.quiet, now),
        undecided=_undecided(connection),
        begun=_begun(connection, {each.task.wish.action for each in waiting.values()}),
    )


def _candidate(connection: Connection, task: Task, held: Held) -> Candidate:
    settings, _ = read.project(task.wish.settings)
    return Candidate(
        id=task.id,
        created=task.created,
        project=task.wish.checkout.common_dir,
        project_limit=settings.limits.running,
        priority=task.wish.revision.priority,
        rank=task.rank,
        held=held,
        agent=task.wish.agent,
        agent_limit=settings.agent_settings(task.wish.agent).running or admission.NO_LIMIT,
        action=task.wish.action,
        review_limit=settings.limits.review,
        has_run=settings.limits.review > 0 and _has_run(connection, task.id),
        not_before=task.wish.not_before,
        needs=needed(connection, task),
    )


def _put_back(each: _Waiting, now: datetime) -> Held:
    if each.held_for is None or (each.held_until and not _holds(each.held_until, now)):
        return ()
    return ((each.held_for, each.held_why),)


def _ends(waiting: Mapping[str, _Waiting], now: datetime) -> list[datetime]:
    return [each.held_until for each in waiting.values() if each.held_until and _holds(each.held_until, now)]


def _holds(until: datetime, now: datetime) -> bool:
    """No longer than it was meant to, for the clock may have been set back since."""
    return now < until <= now + timedelta(seconds=runs.RATE_SECONDS)


def _undecided(connection: Connection) -> dict[str, int]:
    query = select(TASK.c.common_dir, func.count()).where(IS_OPEN, TASK.c.state == State.REVIEW)
    return {project: count for project, count in connection.execute(query.group_by(TASK.c.common_dir))}


def _begun(connection: Connection, actions: set[str]) -> frozenset[str]:
    query = select(TASK.c.action).join(RUN, RUN.c.task == TASK.c.id).where(TASK.c.action.in_(sorted(actions - {""})))
    return frozenset(connection.execute(query.distinct()).scalars())


def _has_run(connection: Connection, task: str) -> bool:
    return connection.execute(select(RUN.c.number).where(RUN.c.task == task).limit(1)).first() is not None


def _needed(connection: Connection, task: Task, other: After) -> Needed:
    """The newest task of the other spec in this checkout: of just this title, else of one that is nearly spelled so."""
    row = _newest(connection, task, other, _is_called(func.slug, slug(other.title)))
    if row is not None and folded(row.title) != (name := folded(other.title)):
        row = _newest(connection, task, other, _is_called(func.folded, name)) or row
    if row is None:
        return Needed(other.name, other.stacked)
    return Needed(other.name, other.stacked, row.id, row.title, State(row.state), row.outcome == Outcome.PASSED)


def _newest(
    connection: Connection, task: Task, other: After, same: ColumnElement[bool]
) -> Row[Any, Any, Any, Any] | None:
    """A handle may be younger than its task."""
    if other.name.startswith("#"):
        same = or_(and_(same, TASK.c.handle.is_(None)), TASK.c.handle == other.name[1:])
    here = (TASK.c.checkout == task.wish.checkout.root, TASK.c.id != task.id, same)
    query = select(TASK.c.id, TASK.c.title, TASK.c.state, TASK.c.outcome).where(*here)
    return connection.execute(query.order_by(TASK.c.created.desc()).limit(1)).first()


def _is_called(function: Callable[..., ColumnElement[str]], title: str) -> ColumnElement[bool]:
    """Whether a title, as SQL's function makes it, is that of a task's spec, at queueing or now."""
    now = and_(TASK.c.spec_title.is_not(None), function(TASK.c.spec_title) == title)  # few have one: it takes time
    return or_(function(TASK.c.title) == title, now)


def _keep_waiting(writing: Writing, found: Iterable[tuple[Task, Held]]) -> None:
    """Store the reasons of those of which they are others now: many at once, for a dozen is queued at once."""
    fresh = {task.id: why for task, why in found if (task.reasons, task.detail) != (_reasons(why), _detail(why))}
    if not fresh:
        return
    query = update(TASK).where(TASK.c.id == bindparam("of_task"))
    rows = [
        {"of_task": task, "reasons": reasons_text(_reasons(why)), "detail": _detail(why)} for task, why in fresh.items()
    ]
    writing.connection.execute(query, rows)
    outbox.add_waits(writing, {task: _reasons(why) for task, why in fresh.items()})
    writing.mark(fresh)


def _reasons(why: Held) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for reason, _ in why))


def _detail(why: Held) -> str | None:
    return " ".join(dict.fromkeys(sentence for _, sentence in why if sentence)) or None
