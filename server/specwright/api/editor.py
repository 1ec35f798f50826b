"""What an editor and `specwright lsp` say to each other beyond LSP itself. Documented in docs/protocol.md.

Light: dataclasses alone, so that the server starts no later. Only the line of `QueueAt` counts from 0, as LSP's do.
"""

from enum import StrEnum

from specwright.api.message import message
from specwright.api.messages import Empty
from specwright.api.views import Status, TaskList, TaskView


@message
class QueueAt:
    """The spec at one place of a file."""

    uri: str
    line: int
    """Any line of the block, from 0, in the text as the editor holds it."""


@message
class File:
    """One file, saved or not."""

    uri: str


@message
class OfTask:
    """One task by id."""

    task: str


@message
class OfHunk:
    """One hunk of a task."""

    task: str
    hunk: str
    """Its id, as in the `data` of its diagnostic."""


@message
class OfFile:
    """All pending hunks of a task in one file."""

    task: str
    path: str
    """Relative to the repository, with `/`."""


@message
class Remarks:
    """Remarks on a task's result, or the answer to its question."""

    task: str
    text: str | None = None
    """None when the editor has no way to ask for it: then the server tells how to say it in a terminal."""


@message
class Place:
    """Where a waiting task is to stand."""

    task: str
    to: str
    """`first`, `last`, or the id of the task that it is to go before."""


@message
class Consent:
    """Consent to what the settings of the window's checkout would run."""

    agree: str | None = None
    """The digest of the list that was shown; None to be shown the list."""


@message
class TasksChanged:
    """Sent after each change; ask for those that are shown."""

    tasks: tuple[str, ...]
    """Ids of the tasks that changed."""


@message
class Away:
    """The daemon can't be asked; a status follows when it can."""

    reason: str


class DocumentKind(StrEnum):
    """A text that belongs to a task."""

    DIFF = "diff"
    """What its last run changed against its base, as a unified diff."""
    LOG = "log"
    """What its last run did, line by line."""


@message
class DocumentOf:
    """A text of a task, to be shown read-only."""

    task: str
    kind: DocumentKind


@message
class Document:
    """A text and the editor's name for its language."""

    text: str
    language: str


COMMANDS: dict[str, type] = {
    "specwright.queue": QueueAt,
    "specwright.queueFile": File,
    "specwright.cancel": OfTask,
    "specwright.retry": OfTask,
    "specwright.revise": Remarks,
    "specwright.acceptHunk": OfHunk,
    "specwright.rejectHunk": OfHunk,
    "specwright.acceptFile": OfFile,
    "specwright.rejectFile": OfFile,
    "specwright.accept": OfTask,
    "specwright.reject": OfTask,
    "specwright.openReview": OfTask,
    "specwright.openDiff": OfTask,
    "specwright.openLog": OfTask,
    "specwright.trust": Consent,
    "specwright.pause": Empty,
    "specwright.resume": Empty,
    "specwright.reorder": Place,
}
"""`workspace/executeCommand`: the type of each command's one argument."""

REQUESTS: dict[str, tuple[type, type]] = {
    "specwright/tasks": (Empty, TaskList),
    "specwright/task": (OfTask, TaskView),
    "specwright/document": (DocumentOf, Document),
}
"""What a client asks the server: the type of the parameters and of the answer."""

NOTIFICATIONS: dict[str, type] = {
    "specwright/status": Status,
    "specwright/tasksChanged": TasksChanged,
    "specwright/away": Away,
}
"""What the server tells a client."""

MEANING: dict[str, str] = {
    "specwright.queue": "Queue the spec at a place.",
    "specwright.queueFile": "Queue all specs of a file.",
    "specwright.cancel": "End a task that waits or runs.",
    "specwright.retry": "Run a task again from its base.",
    "specwright.revise": "Request changes, or answer the task's question.",
    "specwright.acceptHunk": "Accept one hunk.",
    "specwright.rejectHunk": "Reject one hunk.",
    "specwright.acceptFile": "Accept all pending hunks of one file.",
    "specwright.rejectFile": "Reject all pending hunks of one file.",
    "specwright.accept": "Accept all pending hunks.",
    "specwright.reject": "Reject all pending hunks.",
    "specwright.openReview": "Make this the task under review: show its hunks, and go to the first.",
    "specwright.openDiff": "Show the unified diff of the task's last run.",
    "specwright.openLog": "Show what happened in the task's last run.",
    "specwright.trust": "Show what the checkout's files would run, or agree to it.",
    "specwright.pause": "Let nothing begin; what runs goes on.",
    "specwright.resume": "Let what waits begin again.",
    "specwright.reorder": "Put a waiting task somewhere else in the queue.",
    "specwright/tasks": "The tasks of the window's checkout, newest first.",
    "specwright/task": "One task whole.",
    "specwright/document": "A text of a task, to be shown read-only.",
    "specwright/status": "Sent after each change, and once when the server is ready.",
    "specwright/tasksChanged": "Sent after each change.",
    "specwright/away": "Sent when the daemon went away or can't be started.",
}
"""What each of them is for, a sentence each."""
