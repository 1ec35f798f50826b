"""Tasks and their results as clients are shown them, and as `--json` prints them. Documented in docs/protocol.md.

Paths inside a repository are relative with `/`; lines count from 1; times are in UTC.
"""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from specwright.api.message import message
from specwright.review.hunks import HunkState
from specwright.tasks.model import EvidenceKind, GateResult, Outcome, Reason, State


@message
class GateView:
    """One gate of a run; `findings` is the number of new ones."""

    name: str
    """Of the settings, or `criterion:AC1` for the check of the first criterion."""
    result: GateResult
    reason: str | None
    """The sentence that explains an `error`, a `skipped`, or a `failed` without findings."""
    duration_s: float
    """Seconds."""
    findings: int
    log: str | None = None
    """The file with all that it printed; absolute."""


@message
class TokensView:
    """Tokens of a run by class."""

    input: int
    cache_read: int
    cache_write: int
    output: int


@message
class RunView:
    """One run; `reason` explains an `error` or `stopped`, `cost_usd` is None when a price is unknown."""

    run: str
    """Such as `k7f3qa/1`."""
    agent: str
    outcome: Outcome | None
    """null while it goes on."""
    reason: str | None
    tokens: TokensView
    cost_usd: float | None
    started: datetime | None
    ended: datetime | None
    gates: tuple[GateView, ...]


@message
class CriterionView:
    """One criterion, what shows that it holds, and that gate's result."""

    text: str
    evidence: EvidenceKind | None
    """null where nothing shows it."""
    result: GateResult | None
    """Of that gate in the last run; null where none has run."""


@message
class HunkView:
    """One hunk; its lines count as in a unified diff."""

    id: str
    """Unique in the task; of a later run it is another."""
    state: HunkState
    old_start: int
    old_lines: int
    new_start: int
    new_lines: int


@message
class FileView:
    """One changed file."""

    path: str
    added: int
    """Lines."""
    removed: int
    """Lines."""
    hunks: tuple[HunkView, ...]
    bears: str | None = None
    """Why it bears trust, in some words; null where it does not."""
    only_by_name: bool = False
    """Whether accepting all leaves it out: it bears trust, and the spec's `files:` does not name it."""


@message
class TaskLine:
    """A task as a list shows it."""

    task: str
    title: str
    path: str
    """Of the file that holds the spec."""
    line: int
    """Of the spec's marker at queueing."""
    state: State
    outcome: Outcome | None
    """Of its last run; null before one has ended."""
    reasons: tuple[Reason, ...]
    """Why it waits; empty when it does not."""
    question: str | None
    """What the agent asks, when the outcome is `blocked`."""
    base: str
    """The commit that it starts from."""
    head: str | None
    """The commit of its last run."""


@message
class TaskList:
    """Tasks, newest first."""

    tasks: tuple[TaskLine, ...]


@message
class Listing:
    """Tasks, newest first, and which of their agents give no sign."""

    tasks: tuple[TaskLine, ...]
    silent: dict[str, float] = field(default_factory=dict)
    """Seconds without a sign of its agent, by task, where that is too long."""


@message
class TaskView:
    """One task, whole."""

    task: str
    title: str
    path: str
    """Of the file that holds the spec."""
    line: int
    """Of the spec's marker at queueing."""
    state: State
    outcome: Outcome | None
    """Of its last run; null before one has ended."""
    reasons: tuple[Reason, ...]
    """Why it waits; empty when it does not."""
    question: str | None
    """What the agent asks, when the outcome is `blocked`."""
    runs: tuple[RunView, ...]
    """The first comes first."""
    criteria: tuple[CriterionView, ...]
    files: tuple[FileView, ...]
    """What the last run changed, in the order in which it is to be looked at."""
    base: str
    """The commit that it starts from."""
    head: str | None
    """The commit of its last run."""
    detail: str | None = None
    """A sentence on the state: what it waits for and what to do, or why it failed."""
    findings: tuple["FindingView", ...] = ()
    """What makes a check say less, what is outside of the default scope, then what the last run's gates found new."""
    sandbox: str | None = None
    """Which sandbox held in the last run."""
    spec: str = ""
    """Its text as it was queued, without the signs of its comment."""


@message
class Status:
    """The queue in figures; `spentToday` in USD, None when a price is unknown."""

    running: int
    waiting: int
    review: int
    """With something to decide."""
    failed: int
    """Ended with nothing to review."""
    spentToday: float | None  # noqa: N815  # a name of the documented notification
    paused: bool


@message
class SpecPlace:
    """What an editor needs to mark a task at its spec."""

    task: str
    title: str
    path: str
    line: int
    digest: str
    """Of the revision that was queued."""
    handle: str | None
    state: State
    outcome: Outcome | None
    summary: str
    """`ready for review: 2 files, +31 −4; gates 3/3; criteria 2/2`, or what it waits for."""
    question: str | None
    scope: tuple[str, ...] = ()
    """Patterns of the files that an open task may change."""
    queued: datetime | None = None
    """When an open task was queued, in UTC."""
    goal: str = ""
    """Of an open task's spec, as it was queued."""
    reasons: tuple[Reason, ...] = ()
    """Why a task waits."""


@message
class Marks:
    """All tasks of a checkout that an editor may have to show, newest first."""

    checkout: str
    tasks: tuple[SpecPlace, ...]


@message
class FactView:
    """What was decided on a hunk; provisional until its buffer is saved."""

    hunk: str
    accepted: bool
    final: bool
    """False until the buffer is saved."""


@message
class ResultFile:
    """One changed file of a result, as `review.hunks.FileResult`: base and result text, None where there is none."""

    path: str
    old_path: str | None
    base: str | None
    result: str | None
    modes: tuple[str, str]
    binary: bool
    first: int
    """Number of its first hunk in the run."""
    bears: str | None = None
    """Why it bears trust, in some words; null where it does not."""
    only_by_name: bool = False
    """Whether accepting all leaves it out: it bears trust, and the spec's `files:` does not name it."""


@message
class Result:
    """What a task's last run made, for planning on live buffers."""

    task: str
    run: int
    title: str
    digest: str
    handle: str | None
    spec_path: str
    checkout: str
    base: str
    files: tuple[ResultFile, ...]
    facts: tuple[FactView, ...]
    findings: tuple["FindingView", ...]
    language: str | None = None
    """What the spec's file was read as when it was queued."""
    keeps: bool = False
    """Whether the spec's block stays when the task is accepted."""
    shown: tuple[int, ...] = ()
    """The numbers of the criteria whose check passed, which are ticked in a block that stays."""
    unread: str = ""
    """The SHA-256 of what stood in the spec's block and said nothing of it, as it was queued; empty for nothing."""


@message
class FindingView:
    """One new finding, at a place of the result."""

    gate: str
    """Which says it; `specwright` where the change itself shows it."""
    rule: str
    level: str
    message: str
    path: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None


@message
class StoredSlot:
    """A slot and what it takes on the disk."""

    name: str
    use: str
    """The run that has it, or its state."""
    bytes: int


@message
class StoredProject:
    """What one project takes on the disk."""

    root: str
    slots: tuple[StoredSlot, ...]
    trash: int
    """Bytes of slots that were put away."""
    unshared: int
    """Bytes of the private repository that the user's own does not hold as well."""


@message
class Stored:
    """One thing that may go, or that is kept although it may seem old."""

    kind: str
    """`slot`, `dependencies`, `tree`, `refs`, `files`, `objects` or `rows`."""
    what: str
    bytes: int
    why: str


@message
class Storage:
    """What tasks take on the disk, and what of it may be deleted, or was."""

    places: tuple[StoredProject, ...]
    run_files: int
    """Bytes of events, transcripts and logs of all runs."""
    deletions: tuple[Stored, ...]
    kept: tuple[Stored, ...]
    applied: bool
    """Whether the deletions were made."""
    record: str
    """Path of the file with a line per deletion."""


class CheckLevel(StrEnum):
    """What a check came to."""

    OK = "ok"
    WARN = "warn"
    """Tasks run, but something is not as it should be."""
    FAIL = "fail"
    """Tasks can't run, or what they made is in danger."""


@message
class CheckLine:
    """One thing that `specwright doctor` looked at; `cure` is what mends it."""

    name: str
    level: CheckLevel
    text: str
    cure: str | None = None


@message
class Checkup:
    """What `specwright doctor` found, after what it repaired; `healthy` when no line is a `fail`."""

    healthy: bool
    lines: tuple[CheckLine, ...]
    repaired: tuple[str, ...] = ()
    """Sentences on what was done, or could not be."""
