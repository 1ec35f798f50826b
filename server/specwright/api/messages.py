"""What the daemon and its clients ask and answer. Documented in docs/protocol.md; tasks themselves are `api.views`'.

Paths inside a repository are relative with `/`; lines count from 1; times are in UTC.
"""

from dataclasses import field
from datetime import datetime

from specwright.api.message import message
from specwright.api.views import Status
from specwright.spec.model import Severity
from specwright.tasks.model import State

PROTOCOL = (1, 1)
"""The oldest and the newest protocol that this program speaks."""


@message
class Empty:
    """Nothing to say."""


@message
class Credentials:
    """Where the model answers and the key to it; kept in memory only, never stored or logged."""

    key: str | None = None
    base_url: str | None = None


@message
class Hello:
    """First message of a client."""

    oldest: int
    newest: int
    version: str
    client: str
    """`cli` or `lsp`."""
    credentials: Credentials = field(default_factory=Credentials)


@message
class Welcome:
    """The daemon's answer; `protocol` is None when there is none in common."""

    protocol: int | None
    version: str
    pid: int


@message
class Replace:
    """A newer program wants the daemon's place."""

    version: str
    """The newer program's."""


@message
class ProblemView:
    """One problem of a spec; columns from 1 in code points; the end column is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    severity: Severity
    message: str


@message
class SpecOfTask:
    """Where an editor has seen the spec of an open task last; the line of its marker counts from 1."""

    task: str
    line: int


@message
class SpecSeen:
    """Where a window saw the spec of an open task, relative to the checkout, and what it is called by."""

    task: str
    path: str
    line: int
    title: str
    goal: str
    handle: str | None = None


@message
class SpecsSeen:
    """Specs in a file that was saved."""

    checkout: str
    specs: tuple[SpecSeen, ...]


@message
class QueueItem:
    """A file with specs: one line of a block, or all of them; `text` is a live buffer's."""

    path: str
    """Absolute, or relative to the request's folder."""
    line: int | None = None
    """Any line of the block; null for all specs of the file."""
    text: str | None = None
    """What the editor holds; null to read the disk."""
    language: str | None = None
    """The editor's name for the language; null to go by the file's name."""
    tasks: tuple[SpecOfTask, ...] = ()
    """Open tasks whose specs the editor has followed through its edits of this text."""


@message
class LiveText:
    """What an editor holds of a file; its path is absolute, or relative to the request's folder."""

    path: str
    text: str


@message
class Queue:
    """Queue specs of one checkout; `folder` lies in it, `environment` is its tool environment."""

    folder: str
    items: tuple[QueueItem, ...]
    environment: dict[str, str]
    """Variables by name; no secrets."""
    not_before: datetime | None = None
    """Nothing of it starts earlier."""
    buffers: tuple[LiveText, ...] = ()
    """Other files of the checkout that an editor holds and has not saved: the specs in them count, too."""
    handles: dict[str, str] = field(default_factory=dict)
    """By handle, the file that had it first, relative to the checkout, as far as an editor has seen that."""


@message
class Pause:
    """Whether anything may begin."""

    paused: bool


@message
class Reorder:
    """Where a waiting task is to stand: `first`, `last`, or before another one, by its id."""

    task: str
    to: str


@message
class Order:
    """The tasks that wait, in the order in which they would start."""

    tasks: tuple[str, ...]


@message
class QueuedTask:
    """One spec that is a task now, or was one already."""

    task: str
    title: str
    path: str
    line: int
    """Of the marker."""
    new: bool = True
    """False where it was an open task already."""


@message
class RefusedSpec:
    """One spec that has errors; nothing was queued for it."""

    path: str
    line: int
    """Of the marker."""
    problems: tuple[ProblemView, ...]
    """All of them, warnings too."""


@message
class Queued:
    """What became of each spec."""

    queued: tuple[QueuedTask, ...]
    refused: tuple[RefusedSpec, ...]
    without: tuple[str, ...] = ()
    """Of several files those in which there is no spec."""


@message
class JustQueued:
    """Some tasks by id."""

    tasks: tuple[str, ...]
    person: bool = False
    """Whether a person reads the answer: then it holds what is told only once."""


@message
class Sentences:
    """Texts for a person."""

    texts: tuple[str, ...]
    waits: tuple[str, ...] = ()
    """What the tasks wait for; an editor shows that at their specs."""


@message
class TaskNamed:
    """One task by id."""

    task: str


@message
class ListTasks:
    """Tasks of the checkout that `folder` lies in, newest first."""

    folder: str
    limit: int = 100


@message
class Changed:
    """Sent to every client after each change."""

    tasks: tuple[str, ...]
    status: Status


@message
class Decide:
    """Accept or reject hunks of a task: those named, those of the files named, or all that are pending.

    Accepting all leaves out files that bear trust and that the spec does not name.
    Files that a window holds are decided through that window, the others on disk.
    """

    task: str
    accept: bool
    files: tuple[str, ...] = ()
    """Paths."""
    hunks: tuple[str, ...] = ()
    """Ids."""
    viewer: str = "cli"


@message
class Record:
    """A window's own verdict: what a versioned edit of it did; provisional until the file is saved."""

    task: str
    run: int
    accept: bool
    hunks: tuple[str, ...]
    viewer: str
    final: bool


@message
class Decided:
    """What came of a verdict; `conflicts` names hunks left as they were, `windows` files that an editor holds."""

    state: State
    hunks: tuple[str, ...]
    """Ids of those decided."""
    conflicts: tuple[str, ...]
    written: tuple[str, ...]
    """Paths of the files that were written."""
    in_editor: tuple[str, ...]
    """Paths of the files that a window changed."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Files that bear trust and wait to be accepted by name, and why they bear it."""


@message
class OpenFile:
    """A window holds a file, changed against the disk or not; `path` is absolute."""

    path: str
    dirty: bool


@message
class ClosedFile:
    """A window no longer holds a file."""

    path: str


@message
class SavedFile:
    """A window saved a file: provisional verdicts on these hunks are final or lapse."""

    path: str
    final: dict[str, tuple[str, ...]]
    """Task to hunks that stand in the saved text as they were decided."""
    lapsed: dict[str, tuple[str, ...]]


@message
class ApplyInWindow:
    """The daemon asks a window to decide hunks of files that it holds, on its live buffers."""

    task: str
    accept: bool
    hunks: tuple[str, ...]


@message
class AppliedInWindow:
    """The window's answer; hunks that it could not apply are conflicts."""

    hunks: tuple[str, ...]
    conflicts: tuple[str, ...]


@message
class Revise:
    """Remarks or an answer: the next run goes on from this tree."""

    task: str
    text: str


@message
class DiffOf:
    """A task's unified diff, of some files or of all."""

    task: str
    files: tuple[str, ...] = ()


@message
class AsFile:
    """A text too large for a line, as the path of a file in the state folder."""

    path: str


@message
class LogOf:
    """The files of a run by its number, of the newest where that is None."""

    task: str
    run: int | None = None


@message
class LogFiles:
    """Where a run's events lie; they are JSON lines that only grow. `over` when nothing more will come."""

    run: str
    events: str
    over: bool


@message
class Collect:
    """Look at what may be deleted; with `apply`, delete it."""

    apply: bool


@message
class DaemonStatus:
    """The daemon as `daemon status` tells it."""

    pid: int
    version: str
    protocol: int
    """The newest that it speaks."""
    started: datetime
    sandbox: str
    """`full`, `partial`, `none` or `unusable`."""
    sandbox_reason: str
    """Why it is not `full`; empty when it is."""
    state: str
    """The state folder's path."""
    running: tuple[str, ...]
    """Runs, such as `k7f3qa/1`."""
    status: Status
    trouble: str | None = None
    """What keeps the daemon from its work, in a sentence."""
    left_open: tuple[str, ...] = ()
    """What a partial sandbox does not stop."""
