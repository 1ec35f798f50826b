"""Which tasks may start now, and why the others wait. Pure and total: the same snapshot gives the same answer."""

from dataclasses import dataclass
from datetime import datetime

from specwright.tasks.model import Reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting task as admission sees it; `held` are reasons that were found out elsewhere."""

    id: str
    created: datetime
    priority: int = 0
    rank: int = 0
    held: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that admission looks at."""

    waiting: tuple[Candidate, ...]
    running: int
    """Runs that take a place now, over all repositories."""
    limit: int
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """The tasks to start, in order, and each other one with all its reasons."""

    start: tuple[str, ...]
    wait: tuple[tuple[str, tuple[Reason, ...]], ...]


def admit(snapshot: Snapshot) -> Picked:
    """Order: priority, then age, then id. A lower limit stops nothing that runs."""
    room = max(0, snapshot.limit - snapshot.running)
    start: list[str] = []
    wait: list[tuple[str, tuple[Reason, ...]]] = []
    for candidate in sorted(snapshot.waiting, key=_order):
        reasons = [*candidate.held, *([Reason.PAUSED] if snapshot.paused else [])]
        if not reasons and len(start) < room:
            start.append(candidate.id)
        else:
            wait.append((candidate.id, tuple(reasons) or (Reason.LIMIT,)))
    return Picked(tuple(start), tuple(wait))


def _order(candidate: Candidate) -> tuple[int, int, datetime, str]:
    return -candidate.priority, candidate.rank, candidate.created, candidate.id
