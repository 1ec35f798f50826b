"""What a task, a run and what belongs to them are: closed sets and frozen values; no behaviour."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a task stands; the table of `tasks.states` says how it moves."""

    WAITING = "waiting"
    """Durable, not admitted; always with a reason."""
    RUNNING = "running"
    """One run of it is being performed."""
    REVIEW = "review"
    """A person has something to decide; the outcome says what it is worth."""
    ACCEPTED = "accepted"
    """Decided: all hunks are, and one at least is accepted."""
    REJECTED = "rejected"
    """Decided: nothing of it is wanted; its tree is kept for a while."""
    CANCELLED = "cancelled"
    """Ended by the user before there was anything to decide."""
    FAILED = "failed"
    """Ended with nothing to review."""

    @property
    def said(self) -> str:
        """As a sentence about a task says it: `is waiting`, `is in review`, `has failed`."""
        return {State.REVIEW: "is in review", State.FAILED: "has failed"}.get(self, f"is {self}")


GOING_ON = frozenset({State.WAITING, State.RUNNING})
"""Where it is the daemon's turn, not a person's."""
OPEN = GOING_ON | {State.REVIEW}


class Outcome(StrEnum):
    """What a run came to, by the harness's own judgement."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    """A gate errored or could not run, or nothing was checked; never counted as passed."""
    BLOCKED = "blocked"
    """The agent asks a question that the spec leaves open."""
    EMPTY = "empty"
    """Nothing was changed."""
    STOPPED = "stopped"
    """Time limit or cancel."""
    ERROR = "error"
    """The run itself broke."""


class Reason(StrEnum):
    """Why a task waits."""

    AFTER = "after"
    """Another spec's task, which `after:` names, is not accepted yet."""
    LIMIT = "limit"
    """As many run as may run at once."""
    REVIEW = "review"
    """As many results wait for a decision as `limits.review` allows."""
    BUDGET = "budget"
    """The day's budget or the task's own is spent."""
    SCHEDULE = "schedule"
    PAUSED = "paused"
    RATE = "rate"
    """The model's provider throttles."""
    KEY = "key"
    """The model's key is missing or was refused."""
    TRUST = "trust"
    """What the project's files would run is not agreed to: `specwright trust`."""
    SANDBOX = "sandbox"
    """No sandbox works here, and the user's own settings do not switch it off."""


class Phase(StrEnum):
    """The steps of a run, each recorded when done."""

    PREPARING = "preparing"
    BASELINE = "baseline"
    AGENT = "agent"
    GATES = "gates"
    REPAIRING = "repairing"
    RECORDING = "recording"


class GateResult(StrEnum):
    """What one gate says of one tree."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """It could not decide."""
    SKIPPED = "skipped"
    """Nothing for it to do; never evidence."""


class Level(StrEnum):
    """How grave a finding is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOTE = "note"


class FindingState(StrEnum):
    """A finding against the baseline."""

    NEW = "new"
    FIXED = "fixed"
    EXISTING = "existing"


class EvidenceKind(StrEnum):
    """What shows that a criterion holds."""

    CHECK = "check"
    TEST = "test"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One acceptance criterion as the task keeps it; `number` counts from 1 (AC1 …)."""

    number: int
    text: str
    check: str | None = None
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a gate says at a place; lines and columns from 1, in code points; the end column is exclusive."""

    gate: str
    rule: str
    level: Level
    message: str
    path: str | None = None
    """Relative to the repository with `/`; None when the finding has no place in it."""
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    state: FindingState = FindingState.NEW
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class GateRun:
    """What one gate said of one tree, and how long it took."""

    name: str
    result: GateResult
    reason: str | None
    """The sentence that explains an `error` or `skipped`."""
    duration_s: float
    findings: tuple[Finding, ...] = ()
    exit_code: int | None = None
    log: str | None = None
    """File of its output, below the run's folder."""
    tree: str = ""
    required: bool = True
    criterion: int | None = None
    """Number of the criterion whose check this is."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model read and wrote, in tokens."""

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            self.input + other.input,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.output + other.output,
        )

    @property
    def total(self) -> int:
        """All of them, in tokens."""
        return self.input + self.cache_read + self.cache_write + self.output


@dataclass(frozen=True, slots=True)
class Place:
    """Where a spec stood when it was queued: path relative to the checkout, first and last line from 1."""

    path: str
    line: int
    end_line: int
    language: str | None = None
    """What its file was read as: an editor may know better than the path."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One content of a spec: what the agent is told and judged by."""

    digest: str
    title: str
    text: str
    """The spec as `spec.printer` renders it."""
    criteria: tuple[Wanted, ...]
    scope: tuple[str, ...]
    """Patterns of `files:`; empty when everything may change."""
    handle: str | None = None
    gates: tuple[str, ...] = ()
    priority: int = 0
    """1 high, 0 normal, -1 low."""
    goal: str = ""
    unread: str = ""
    """The name of what stood in its block and says nothing of the spec; the block goes with nothing else in it."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """One working tree of the user's and the repository behind it; absolute paths."""

    root: str
    git_dir: str
    common_dir: str


@dataclass(frozen=True, slots=True)
class After:
    """Another spec whose task goes first: as `after:` names it, and the title that it had at queueing."""

    name: str
    title: str
    stacked: bool = False
    """Whether a result that passed will do, before it is accepted."""


@dataclass(frozen=True, slots=True)
class Wish:
    """All that a task needs to start, as it was at queueing; holds no secret."""

    checkout: Checkout
    place: Place
    revision: Revision
    base: str
    agent: str
    settings: str
    """Text of the `specwright.toml` that held at queueing; empty where there was none."""
    environment: tuple[tuple[str, str], ...] = ()
    """The checkout's tool environment, allow-listed."""
    script: str = ""
    """The text that a scripted agent plays."""
    action: str = ""
    """Names the one explicit act that queued this and perhaps others with it."""
    occurrence: int = 0
    """Which of the specs of its file with just this text it is, from 0 in the order of the lines."""
    namesakes: tuple[str, ...] = ()
    """Digests of the specs that its file held under this title, itself included, in that order."""
    earlier: tuple[str, ...] = ()
    """Open tasks of this same spec under another title or in another file."""
    guessed: tuple[str, ...] = ()
    """Open tasks that may be of this spec, by similar words or by the title in another file: these are left alone."""
    after: tuple[After, ...] = ()
    not_before: datetime | None = None
    """Nothing of it starts earlier."""


@dataclass(frozen=True, slots=True)
class Task:
    """A wish with its id and state; times in UTC."""

    id: str
    wish: Wish
    state: State
    created: datetime
    reasons: tuple[Reason, ...] = ()
    outcome: Outcome | None = None
    question: str | None = None
    detail: str | None = None
    """What it waits for, or why it failed, in a sentence."""
    remarks: tuple[str, ...] = ()
    """What the person asked to change or answered, oldest first."""
    rank: int = 0
    cancel_requested: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a task; key `task/number`."""

    task: str
    number: int
    agent: str
    epoch: int
    started: datetime | None = None
    ended: datetime | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    tokens: Tokens = field(default_factory=Tokens)
    cost_usd: float | None = None
    head: str | None = None
    """Commit of its result."""
    claim: str | None = None
    """The agent's own words about it; never evidence."""
    sandbox: str | None = None

    @property
    def key(self) -> str:
        """`k7f3qa/1`."""
        return f"{self.task}/{self.number}"
