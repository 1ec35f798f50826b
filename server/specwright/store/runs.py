"""Runs: their starts, recorded phases and turns, gates, the end. Every write is fenced by the run's epoch."""

import json
import time
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, select, update
from sqlalchemy.dialects.sqlite import insert

from specwright.store import outbox
from specwright.store import tasks as task_rows
from specwright.store.database import Writing
from specwright.store.retention import rounds_of
from specwright.store.rows import reasons_text, to_finding, to_gate, to_run, wish_text
from specwright.store.schema import FINDING, GATE_RUN, IS_OPEN, PHASE, RUN, TASK, TURN
from specwright.tasks import needs, recovering
from specwright.tasks.model import Finding, GateRun, Outcome, Phase, Reason, Run, State, Tokens
from specwright.tasks.states import Event

RATE_SECONDS = 900.0
"""How long a run waits that was put back because the provider throttles; the agent itself has backed off before."""
NO_TOKENS = Tokens()


class Outdated(Exception):
    """A later start owns the run: this one must have no further effect."""


@dataclass(frozen=True, slots=True)
class Start:
    """One run to perform now, under its new epoch."""

    task: str
    number: int
    epoch: int

    @property
    def key(self) -> str:
        """`k7f3qa/1`."""
        return f"{self.task}/{self.number}"


@dataclass(frozen=True, slots=True)
class LastTurn:
    """A durable turn of a round: its number from 1, the transcript's length in bytes, the commit of its tree."""

    number: int
    offset: int
    tree: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What a run came to; `event` is what that means for its task."""

    outcome: Outcome
    event: Event
    reason: str | None = None
    question: str | None = None
    head: str | None = None
    claim: str | None = None
    cost_usd: float | None = None


Step = tuple[int, Phase]
"""Round and phase."""
Recorded = dict[Step, dict[str, Any]]
"""What each phase that is done came to; its own JSON."""


def load(connection: Connection, task: str) -> list[Run]:
    """All runs of a task, oldest first."""
    query = select(RUN).where(RUN.c.task == task).order_by(RUN.c.number)
    return [to_run(row) for row in connection.execute(query).mappings()]


def recorded(connection: Connection, start: Start) -> Recorded:
    """The phases of a run that are done, with what they came to."""
    query = select(PHASE).where(PHASE.c.task == start.task, PHASE.c.run == start.number)
    rows = connection.execute(query).mappings()
    return {(row["round"], Phase(row["name"])): json.loads(row["value"]) for row in rows}


def rounds_before(connection: Connection, start: Start) -> int:
    """How many rounds of an agent the task's earlier runs began; each counts for one at least, however it ended."""
    earlier = select(RUN.c.number, RUN.c.rounds).where(RUN.c.task == start.task, RUN.c.number < start.number)
    return sum(
        max(1, len(rounds_of(connection, start.task, number)) if folded is None else folded)
        for number, folded in connection.execute(earlier).all()
    )


def record(writing: Writing, start: Start, step: Step, value: dict[str, Any]) -> dict[str, Any]:
    """Record a phase as done and return its value."""
    _prove(writing, start)
    row = {"task": start.task, "run": start.number, "round": step[0], "name": step[1], "epoch": start.epoch}
    writing.connection.execute(insert(PHASE).values(**row, value=json.dumps(value), at=time.time()))
    writing.mark([start.task])
    return value


def record_turn(
    writing: Writing, start: Start, round: int, turn: LastTurn, tokens: Tokens = NO_TOKENS, cost_usd: float | None = 0.0
) -> None:
    """Record a completed turn with what it used; its tree is already under the run's ref."""
    _prove(writing, start)
    _spend(writing, start, tokens, cost_usd)
    row = {"task": start.task, "run": start.number, "round": round, "number": turn.number}
    values = {"offset": turn.offset, "tree": turn.tree, "at": time.time()}
    writing.connection.execute(
        insert(TURN).values(**row, **values).on_conflict_do_update(index_elements=list(row), set_=values)
    )


def _prove(writing: Writing, start: Start) -> None:
    """Progress clears the count of starts without any; where others waited for it, they may go on."""
    same = (RUN.c.task == start.task, RUN.c.number == start.number)
    starts = writing.connection.execute(select(RUN.c.starts).where(*same)).scalar_one()
    fence(writing, start, starts=0)
    if starts > recovering.SUSPECT:
        writing.free()


def _spend(writing: Writing, start: Start, tokens: Tokens, cost_usd: float | None) -> None:
    """Add what a turn used; an unknown price makes the run's cost unknown."""
    fence(
        writing,
        start,
        input=RUN.c.input + tokens.input,
        cache_read=RUN.c.cache_read + tokens.cache_read,
        cache_write=RUN.c.cache_write + tokens.cache_write,
        output=RUN.c.output + tokens.output,
        cost_usd=None if cost_usd is None else RUN.c.cost_usd + cost_usd,
    )


def last_turn(connection: Connection, start: Start, round: int) -> LastTurn | None:
    """The round's last durable turn."""
    same = (TURN.c.task == start.task, TURN.c.run == start.number, TURN.c.round == round)
    query = select(TURN.c.number, TURN.c.offset, TURN.c.tree).where(*same).order_by(TURN.c.number.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else LastTurn(row.number, row.offset, row.tree)


def record_gates(writing: Writing, start: Start, round: int, gates: tuple[GateRun, ...]) -> None:
    """Keep what the gates of a round said; a repeated round replaces what a killed one left."""
    fence(writing, start)
    for table in (GATE_RUN, FINDING):
        same = (table.c.task == start.task, table.c.run == start.number, table.c.round == round)
        writing.connection.execute(table.delete().where(*same))
    for position, gate in enumerate(gates):
        place = {"task": start.task, "run": start.number, "round": round, "position": position}
        writing.connection.execute(GATE_RUN.insert().values(**place, **_gate_columns(gate)))
        for finding in gate.findings:
            writing.connection.execute(FINDING.insert().values(**place, **_finding_columns(finding)))


def gates_of(connection: Connection, task: str, number: int) -> tuple[GateRun, ...]:
    """The gates of a run's last round, in the order in which they ran."""
    last = select(func.max(GATE_RUN.c.round)).where(GATE_RUN.c.task == task, GATE_RUN.c.run == number).scalar_subquery()
    same = (GATE_RUN.c.task == task, GATE_RUN.c.run == number, GATE_RUN.c.round == last)
    rows = connection.execute(select(GATE_RUN).where(*same).order_by(GATE_RUN.c.position)).mappings().all()
    return tuple(to_gate(row, _findings(connection, task, number, row["round"], row["position"])) for row in rows)


def used(connection: Connection, start: Start) -> float:
    """Seconds that a run was performed, over all of its starts."""
    query = select(RUN.c.seconds).where(RUN.c.task == start.task, RUN.c.number == start.number)
    return float(connection.execute(query).scalar_one())


def use(writing: Writing, start: Start, seconds: float) -> None:
    """The run was performed for so much longer."""
    fence(writing, start, seconds=RUN.c.seconds + seconds)


def note_sandbox(writing: Writing, start: Start, mode: str) -> None:
    """Which sandbox held."""
    fence(writing, start, sandbox=mode)


def rebase(writing: Writing, start: Start, base: str) -> None:
    """The task starts from another commit than HEAD at queueing."""
    fence(writing, start)
    wish = replace(task_rows.load(writing.connection, start.task).wish, base=base)
    writing.connection.execute(update(TASK).where(TASK.c.id == start.task).values(base=base, wish=wish_text(wish)))
    writing.mark([start.task])


def conclude(writing: Writing, start: Start, ending: Ending) -> None:
    """The run is over, and its task moves on. Raises `Outdated` when it is over already or owned by a later start."""
    fence(
        writing,
        start,
        ended=time.time(),
        outcome=ending.outcome,
        reason=ending.reason,
        head=ending.head,
        claim=ending.claim,
    )
    task_rows.step(writing, start.task, ending.event)
    if need := needs.of_ending(ending.event, ending.outcome):
        outbox.add(writing, start.task, start.number, need)
    values: dict[str, object] = {
        "outcome": ending.outcome,
        "question": ending.question,
        "detail": ending.reason,
        # of a cancel that came too late: it must not hit the next run
        "cancel_requested": False,
    }
    if ending.head:  # else what an earlier run made is still there to look at
        values["head"] = ending.head
    writing.connection.execute(update(TASK).where(TASK.c.id == start.task).values(**values))


def hold(writing: Writing, start: Start, reason: Reason, detail: str) -> None:
    """Put a run back: its task waits, its tree and its recorded phases are kept.

    A provider that throttles is asked again after `RATE_SECONDS`; a spent budget holds until the task is queued again.
    """
    fence(writing, start)
    task_rows.step(writing, start.task, Event.HOLD)
    outbox.add_waits(writing, {start.task: (reason,)})
    values: dict[str, object] = {"reasons": reasons_text((reason,)), "detail": detail}
    if reason in {Reason.RATE, Reason.BUDGET}:
        until = time.time() + RATE_SECONDS if reason is Reason.RATE else None
        values |= {"held_for": reason, "held_why": detail, "held_until": until}
    writing.connection.execute(update(TASK).where(TASK.c.id == start.task).values(**values))


def stall(writing: Writing, start: Start) -> None:
    """The agent of a run gives no sign: its task is shown so, and a person is told once."""
    fence(writing, start)
    outbox.add(writing, start.task, start.number, needs.Need.STALLED)
    writing.mark([start.task])


def give_back(writing: Writing, start: Start) -> None:
    """A planned stop is no crash: the start is not counted."""
    same = (RUN.c.task == start.task, RUN.c.number == start.number, RUN.c.epoch == start.epoch)
    writing.connection.execute(update(RUN).where(*same, RUN.c.starts > 0).values(starts=RUN.c.starts - 1))


def fence(writing: Writing, start: Start, **values: object) -> None:
    """Change a run's row if this start still owns it, else raise `Outdated`, which undoes the whole transaction."""
    same = (RUN.c.task == start.task, RUN.c.number == start.number, RUN.c.epoch == start.epoch, RUN.c.ended.is_(None))
    changed = writing.connection.execute(update(RUN).where(*same).values(**(values or {"epoch": start.epoch})))
    if changed.rowcount != 1:
        raise Outdated(start.key)


def spent_today(connection: Connection) -> float | None:
    """USD of all runs that began in the last 24 hours; None when a price is unknown."""
    since = time.time() - 86_400
    costs = connection.execute(select(RUN.c.cost_usd).where(RUN.c.started >= since)).scalars().all()
    return None if None in costs else float(sum(cost for cost in costs if cost))


def unended(connection: Connection) -> frozenset[str]:
    """Keys of the runs that go on, or will: those of open tasks."""
    query = select(RUN.c.task, RUN.c.number).join(TASK, TASK.c.id == RUN.c.task)
    rows = connection.execute(query.where(IS_OPEN, RUN.c.ended.is_(None)))
    return frozenset(f"{task}/{number}" for task, number in rows)


def take_over(writing: Writing, task: str) -> Start | None:
    """Own the run of a task that is to be cancelled under a new epoch, to end it; None where no such wish is left."""
    found = task_rows.load(writing.connection, task)
    return restart(writing, task) if found.cancel_requested and found.state in {State.WAITING, State.RUNNING} else None


def begin(writing: Writing, task: str) -> Start:
    """Admit a waiting task: its run that was put back, or a new one."""
    nothing = {"reasons": "", "detail": None, "outcome": None, **task_rows.NOT_HELD}
    task_rows.step(writing, task, Event.ADMIT, **nothing)
    last = func.max(RUN.c.number)
    query = select(last, func.max(case((RUN.c.ended.is_(None), RUN.c.number)))).where(RUN.c.task == task)
    number, unended = writing.connection.execute(query).one()
    if unended is None:
        number = (number or 0) + 1
        agent = select(TASK.c.agent).where(TASK.c.id == task).scalar_subquery()
        values = {"number": number, "agent": agent, "epoch": 0, "started": time.time(), "cost_usd": 0.0}
        writing.connection.execute(RUN.insert().values(task=task, **values))
    return _perform(writing, task, number)


def restart(writing: Writing, task: str) -> Start:
    """Perform a task's last run, under a new epoch."""
    last = select(func.max(RUN.c.number)).where(RUN.c.task == task)
    return _perform(writing, task, writing.connection.execute(last).scalar_one())


def _perform(writing: Writing, task: str, number: int) -> Start:
    same = (RUN.c.task == task, RUN.c.number == number)
    values = {"epoch": RUN.c.epoch + 1, "starts": RUN.c.starts + 1, "last_start": time.time()}
    writing.connection.execute(update(RUN).where(*same).values(**values))
    epoch = writing.connection.execute(select(RUN.c.epoch).where(*same)).scalar_one()
    writing.mark([task])
    return Start(task, number, epoch)


def _gate_columns(gate: GateRun) -> dict[str, object]:
    names = ("name", "result", "reason", "duration_s", "exit_code", "log", "tree", "required", "criterion")
    return {name: getattr(gate, name) for name in names}


def _finding_columns(finding: Finding) -> dict[str, object]:
    names = [column.name for column in FINDING.c if column.name not in {"task", "run", "round", "position"}]
    return {name: getattr(finding, name) for name in names}


def _findings(connection: Connection, task: str, number: int, round: int, position: int) -> tuple[Finding, ...]:
    same = (FINDING.c.task == task, FINDING.c.run == number, FINDING.c.round == round, FINDING.c.position == position)
    return tuple(to_finding(row) for row in connection.execute(select(FINDING).where(*same)).mappings())
