"""From rows to values and back."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import RowMapping

from specwright.api.codec import decode, encode
from specwright.tasks.model import (
    Finding,
    FindingState,
    GateResult,
    GateRun,
    Level,
    Outcome,
    Reason,
    Run,
    State,
    Task,
    Tokens,
    Wish,
)


@dataclass(frozen=True, slots=True)
class TaskBrief:
    """A task without what only the whole one needs."""

    id: str
    checkout: str
    title: str
    path: str
    line: int
    digest: str
    handle: str | None
    state: State
    outcome: Outcome | None
    reasons: tuple[Reason, ...]
    question: str | None
    detail: str | None
    base: str
    head: str | None


def to_brief(row: RowMapping) -> TaskBrief:
    """A task as a list needs it."""
    plain = ("id", "checkout", "title", "path", "line", "digest", "handle", "question", "detail", "base", "head")
    return TaskBrief(
        state=State(row["state"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reasons=to_reasons(row["reasons"]),
        **{name: row[name] for name in plain},
    )


def to_time(seconds: float | None) -> datetime | None:
    """A time in UTC from seconds of the epoch."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def wish_text(wish: Wish) -> str:
    """A wish as it is stored."""
    return json.dumps(encode(wish), ensure_ascii=False)


def reasons_text(reasons: tuple[Reason, ...]) -> str:
    """Reasons as they are stored."""
    return " ".join(reasons)


def to_reasons(stored: str) -> tuple[Reason, ...]:
    """The reasons of a row."""
    return tuple(Reason(word) for word in stored.split())


def to_task(row: RowMapping) -> Task:
    """A whole task."""
    return Task(
        id=row["id"],
        wish=to_wish(row["wish"]),
        state=State(row["state"]),
        created=datetime.fromtimestamp(row["created"], UTC),
        reasons=to_reasons(row["reasons"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        question=row["question"],
        detail=row["detail"],
        remarks=tuple(json.loads(row["remarks"])),
        rank=row["rank"],
        cancel_requested=row["cancel_requested"],
    )


@lru_cache(1024)
def to_wish(text: str) -> Wish:
    """A wish from how it is stored. What waits is read at each change of the queue, and a wish never changes."""
    return decode(Wish, json.loads(text))


def to_run(row: RowMapping) -> Run:
    """One run."""
    return Run(
        task=row["task"],
        number=row["number"],
        agent=row["agent"],
        epoch=row["epoch"],
        started=to_time(row["started"]),
        ended=to_time(row["ended"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reason=row["reason"],
        tokens=Tokens(row["input"], row["cache_read"], row["cache_write"], row["output"]),
        cost_usd=row["cost_usd"],
        head=row["head"],
        claim=row["claim"],
        sandbox=row["sandbox"],
    )


def to_gate(row: RowMapping, findings: tuple[Finding, ...]) -> GateRun:
    """One gate's answer with its findings."""
    return GateRun(
        name=row["name"],
        result=GateResult(row["result"]),
        reason=row["reason"],
        duration_s=row["duration_s"],
        findings=findings,
        exit_code=row["exit_code"],
        log=row["log"],
        tree=row["tree"],
        required=row["required"],
        criterion=row["criterion"],
    )


def to_finding(row: RowMapping) -> Finding:
    """One finding."""
    return Finding(
        gate=row["gate"],
        rule=row["rule"],
        level=Level(row["level"]),
        message=row["message"],
        path=row["path"],
        line=row["line"],
        column=row["column"],
        end_line=row["end_line"],
        end_column=row["end_column"],
        state=FindingState(row["state"]),
        fingerprint=row["fingerprint"],
    )
