"""Which tasks may start now, and why the others wait. Pure and total: the same snapshot, the same answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from specwright.tasks.model import Reason, State

AGE_STEP = timedelta(days=1)
"""After each such time a task's priority is one higher, so that none waits for ever."""
NO_LIMIT = 1_000_000
PAUSED = "The queue is paused; `specwright resume` goes on."

Why = tuple[Reason, str]
"""Why a task waits, and the sentence that says what to do; empty where the reason says all."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A task that another one's `after:` names, as far as the store knows it; `task` is None where none was queued."""

    name: str
    """As the spec has it: `#handle` or a title."""
    stacked: bool
    task: str | None = None
    title: str = ""
    state: State | None = None
    passed: bool = False
    """Whether its last run left a result that passed."""

    @property
    def met(self) -> bool:
        """Accepted; where it may be stacked on, a result that passed is enough."""
        return self.state is State.ACCEPTED or (self.stacked and self.passed and self.state is State.REVIEW)

    @property
    def sentence(self) -> str:
        """What it is waited for, and what to do where that will not come by itself."""
        if self.task is None:
            return f"It comes after {self.name}, which is not queued in this checkout; queue that too."
        named = f"'{self.title}' ({self.task})"
        if self.state in {State.REJECTED, State.CANCELLED, State.FAILED}:
            cure = "retry that one, or take out the `after:` and queue again"
            return f"It comes after {named}, which {self.state.said}: {cure}."
        return f"It waits for {named} to {'pass' if self.stacked else 'be accepted'}."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting task as admission sees it; `held` was found out elsewhere."""

    id: str
    created: datetime
    project: str
    project_limit: int
    """Most runs at once of its project."""
    priority: int = 0
    rank: int = 0
    """Where a person put it; smaller goes first, before any priority."""
    held: tuple[Why, ...] = ()
    agent: str = ""
    agent_limit: int = NO_LIMIT
    """Most runs at once of its agent."""
    action: str = ""
    """The explicit act that queued it and perhaps others, which runs whole."""
    review_limit: int = 0
    """As many results of its project may wait for a decision; 0 is any number."""
    has_run: bool = False
    """Whether it has begun before: it was sent back, or put back."""
    not_before: datetime | None = None
    needs: tuple[Needed, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What a run takes a place of."""

    project: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that admission looks at."""

    waiting: tuple[Candidate, ...]
    running: tuple[Place, ...]
    limit: int
    """Most runs at once, over all projects."""
    now: datetime
    paused: str = ""
    """Why nothing starts; empty where it may."""
    quiet_until: datetime | None = None
    """The end of the quiet hours that hold now."""
    undecided: Mapping[str, int] = field(default_factory=dict)
    """Results that wait for a decision, by project."""
    begun: frozenset[str] = frozenset()
    """Actions of which a task has begun."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The tasks to start, in order; each other one with all its reasons; when to look again by the clock."""

    start: tuple[str, ...]
    wait: tuple[tuple[str, tuple[Why, ...]], ...]
    look_again: datetime | None = None


def admit(snapshot: Snapshot) -> Picked:
    """Order: rank, priority with age, age, id. A lower limit stops nothing that runs."""
    places, begun = list(snapshot.running), set(snapshot.begun)
    start: list[str] = []
    wait: list[tuple[str, tuple[Why, ...]]] = []
    for candidate in ordered(snapshot.waiting, snapshot.now):
        reasons = (*_holds(snapshot, candidate, begun), *_full(snapshot, candidate, places))
        if reasons:
            wait.append((candidate.id, reasons))
        else:
            start.append(candidate.id)
            begun.add(candidate.action)
            places.append(Place(candidate.project, candidate.agent))
    return Picked(tuple(start), tuple(wait), _look_again(snapshot))


def ordered(waiting: tuple[Candidate, ...], now: datetime) -> list[Candidate]:
    """In the order in which they would start."""
    return sorted(waiting, key=lambda c: (c.rank, -_priority(c, now), c.created, c.id))


def _priority(candidate: Candidate, now: datetime) -> int:
    return candidate.priority + max(0, (now - candidate.created) // AGE_STEP)


def _holds(snapshot: Snapshot, candidate: Candidate, begun: set[str]) -> tuple[Why, ...]:
    """All that holds it besides the places."""
    found = [*candidate.held]
    found += [(Reason.AFTER, need.sentence) for need in candidate.needs if not need.met]
    if candidate.not_before and candidate.not_before > snapshot.now:
        found.append((Reason.SCHEDULE, f"Not before {_shown(candidate.not_before)}."))
    if snapshot.quiet_until:
        found.append((Reason.SCHEDULE, f"Quiet hours until {_shown(snapshot.quiet_until)}."))
    if snapshot.paused:
        found.append((Reason.PAUSED, snapshot.paused))
    if _feeds_review(snapshot, candidate, begun):
        count = snapshot.undecided[candidate.project]
        waits = "1 result waits" if count == 1 else f"{count} results wait"
        found.append((Reason.REVIEW, f"{waits} for your review; `limits.review` is {candidate.review_limit}."))
    return tuple(found)


def _feeds_review(snapshot: Snapshot, candidate: Candidate, begun: set[str]) -> bool:
    """Whether too much waits for a decision already. What one action queued runs whole, and what was sent back too."""
    if not candidate.review_limit or candidate.has_run or (candidate.action and candidate.action in begun):
        return False
    return snapshot.undecided.get(candidate.project, 0) >= candidate.review_limit


def _full(snapshot: Snapshot, candidate: Candidate, places: list[Place]) -> tuple[Why, ...]:
    projects = Counter(place.project for place in places)
    agents = Counter(place.agent for place in places)
    full = (
        len(places) >= snapshot.limit
        or projects[candidate.project] >= candidate.project_limit
        or agents[candidate.agent] >= candidate.agent_limit
    )
    return ((Reason.LIMIT, ""),) if full else ()


def _look_again(snapshot: Snapshot) -> datetime | None:
    """The next moment at which the clock alone lets something start."""
    times = [c.not_before for c in snapshot.waiting if c.not_before and c.not_before > snapshot.now]
    times += [snapshot.quiet_until] if snapshot.quiet_until and snapshot.waiting else []
    return min(times, default=None)


def _shown(time: datetime) -> str:
    """In the user's own time zone."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"
