"""Which tasks may start now, and why the others wait. Pure and total: the same snapshot, the same answer."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from specwright.tasks.model import Reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting task as admission sees it; `held` are reasons that were found out elsewhere."""

    id: str
    created: datetime
    project: str
    project_limit: int
    """Most runs at once of its project."""
    priority: int = 0
    rank: int = 0
    held: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that admission looks at; `running` names the project of each run that takes a place now."""

    waiting: tuple[Candidate, ...]
    running: tuple[str, ...]
    limit: int
    """Most runs at once, over all projects."""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """The tasks to start, in order, and each other one with all its reasons."""

    start: tuple[str, ...]
    wait: tuple[tuple[str, tuple[Reason, ...]], ...]


def admit(snapshot: Snapshot) -> Picked:
    """Order: priority, then rank, age and id. A lower limit stops nothing that runs."""
    taken = Counter(snapshot.running)
    start: list[str] = []
    wait: list[tuple[str, tuple[Reason, ...]]] = []
    for candidate in sorted(snapshot.waiting, key=_order):
        reasons = [*candidate.held, *([Reason.PAUSED] if snapshot.paused else [])]
        if taken.total() >= snapshot.limit or taken[candidate.project] >= candidate.project_limit:
            reasons.append(Reason.LIMIT)
        if reasons:
            wait.append((candidate.id, tuple(reasons)))
        else:
            start.append(candidate.id)
            taken[candidate.project] += 1
    return Picked(tuple(start), tuple(wait))


def _order(candidate: Candidate) -> tuple[int, int, datetime, str]:
    return -candidate.priority, candidate.rank, candidate.created, candidate.id
