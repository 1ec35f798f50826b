"""The one door that every editor has: each thing that can be done is a code action at its place. From memory alone."""

from collections.abc import Iterator
from typing import Any

from lsprotocol import types as t

from specwright.api import views as v
from specwright.lsp.convert import SOURCE
from specwright.lsp.desk import Review
from specwright.lsp.document import Document
from specwright.lsp.marks import Marked
from specwright.lsp.pending import Pending
from specwright.lsp.window import Window
from specwright.review.hunks import Hunk, HunkKind, HunkState
from specwright.review.plan import Standing
from specwright.spec.model import Severity
from specwright.tasks.harmless import label
from specwright.tasks.model import GOING_ON, OPEN, Outcome, Reason, State
from specwright.tasks.states import Event, allows

LONGEST = 100
"""Characters of a task's title."""
QUICK, FILE = t.CodeActionKind.QuickFix, t.CodeActionKind.Source


def actions(window: Window, document: Document, params: t.CodeActionParams) -> list[t.CodeAction]:
    """What can be done at a range of lines."""
    first, last = params.range.start.line, params.range.end.line
    shown = [item for item in params.context.diagnostics if item.source == SOURCE]
    found = [*_at_hunks(window, document, first, last), *_at_specs(window, document, first, last), *_of_file(document)]
    for action in found:
        action.diagnostics = [item for item in shown if _belongs(item, action)] or None
    only = params.context.only
    return [a for a in found if not only or any(a.kind and a.kind.startswith(kind) for kind in only)]


def queue(document: Document, line: int) -> t.Command:
    """Queue the spec at a line."""
    return command("Queue as task", "queue", uri=document.uri, line=line)


def command(title: str, name: str, **argument: Any) -> t.Command:
    """One of our commands with its one argument."""
    return t.Command(title=label(title), command=f"specwright.{name}", arguments=[argument])


def hunk_commands(pending: Pending, standing: Standing) -> list[t.Command]:
    """What can be done with one hunk."""
    named = {"task": pending.review.task, "hunk": standing.hunk.id}
    reject = command("Reject this hunk", "rejectHunk", **named)
    conflict = standing.state is HunkState.CONFLICT
    return [reject] if conflict else [command("Accept this hunk", "acceptHunk", **named), reject]


def task_commands(mark: v.SpecPlace, shown: bool) -> list[t.Command]:
    """What can be done with a task in its state."""
    named, title = {"task": mark.task}, title_of(mark)
    if mark.state in GOING_ON:
        waits = mark.state is State.WAITING
        cancel = command(f"Cancel '{title}'", "cancel", **named)
        return (
            [command(f"Start '{title}' next", "reorder", **named, to="first"), cancel]
            if waits
            else [cancel, _log(mark)]
        )
    retry = [command(f"Retry '{title}'", "retry", **named)] if allows(mark.state, Event.RETRY) else []
    if mark.state is not State.REVIEW:
        return [*retry, _log(mark)]
    revise = f"Answer '{title}'…" if mark.outcome is Outcome.BLOCKED else f"Request changes to '{title}'…"
    looks = [command(f"Show the diff of '{title}'", "openDiff", **named), _log(mark)]
    review = [] if shown else [command(f"Review '{title}'", "openReview", **named)]
    if mark.outcome is Outcome.BLOCKED:
        reject = command(f"Reject all of '{title}'", "reject", **named)
        return [command(revise, "revise", **named), *looks, reject, *retry]
    return [
        command(f"Accept all of '{title}'", "accept", **named),
        command(f"Reject all of '{title}'", "reject", **named),
        command(revise, "revise", **named),
        *review,
        *looks,
        *retry,
    ]


def title_of(mark: v.SpecPlace) -> str:
    """A task's title as commands name it."""
    return label(mark.title, LONGEST)


def task_at(window: Window, document: Document, line: int) -> Marked | None:
    """The task whose spec stands at a line."""
    found = document.spec_at(line)
    marker = found[0].first + found[2].span.start.line if found else line
    return next((entry for entry in window.marked(document) if entry.line == marker), None)


def hunk_at(pending: Pending, first: int, last: int) -> Iterator[Standing]:
    """The open hunks that lines of the document meet; one that only inserts is at the line that it stands above."""
    rows = len(pending.document.rows)
    for standing in pending.open:
        start = max(0, min(standing.start, rows - 1))
        if start <= last and first < max(standing.end, start + 1):
            yield standing


def may_be_queued(document: Document, line: int, entry: Marked | None) -> bool:
    """Whether the spec at a line has no error, and no task of it as it stands is open."""
    is_open = entry is not None and not entry.outdated and entry.mark.state in OPEN
    return not is_open and _has_no_error(document, line)


def _at_hunks(window: Window, document: Document, first: int, last: int) -> Iterator[t.CodeAction]:
    pending = window.pending(document)
    if pending is None:
        return
    standings = list(hunk_at(pending, first, last))
    for standing in standings:
        for number, made in enumerate(hunk_commands(pending, standing)):
            alone = len(standings) == 1 and not pending.file.only_by_name
            preferred = alone and number == 0 and standing.state is HunkState.PENDING
            yield _action(made, QUICK, preferred, standing.hunk)
    if standings and len(pending.open) > 1:
        named = {"task": pending.review.task, "path": document.relative}
        yield _action(command("Accept all hunks of this file", "acceptFile", **named), QUICK)
        yield _action(command("Reject all hunks of this file", "rejectFile", **named), QUICK)


def _at_specs(window: Window, document: Document, first: int, last: int) -> Iterator[t.CodeAction]:
    for line in dict.fromkeys((first, last)):
        entry = task_at(window, document, line)
        if may_be_queued(document, line, entry):
            yield _action(queue(document, line), QUICK, preferred=entry is None)
        if entry is not None:
            yield from _of_task(window, document, entry)
            return
        if document.spec_at(line):
            return


def _has_no_error(document: Document, line: int) -> bool:
    found = document.spec_at(line)
    if found is None:
        return False
    block, _, spec = found
    span = spec.span
    errors = [p.span.start.line for p in document.problems(block) if p.severity is Severity.ERROR]
    return not any(span.start.line <= row <= span.end.line for row in errors)


def _of_task(window: Window, document: Document, entry: Marked) -> Iterator[t.CodeAction]:
    shown = window.desk.shown
    is_shown = shown is not None and shown.task == entry.mark.task
    if is_shown and shown:
        yield from _of_files_elsewhere(shown)
    if Reason.TRUST in entry.mark.reasons:
        yield _action(command("Show what this project would run, and agree", "trust"), QUICK)
    for made in task_commands(entry.mark, is_shown):
        yield _action(made, QUICK)


def _of_files_elsewhere(review: Review) -> Iterator[t.CodeAction]:
    """Hunks that have no place in a text are decided at the spec."""
    for hunk in review.undecided:
        if hunk.kind is not HunkKind.TEXT:
            for verb in ("Accept", "Reject"):
                title = f"{verb} {hunk.path} ({hunk.kind.replace('_', ' ')})"
                made = command(title, f"{verb.lower()}Hunk", task=review.task, hunk=hunk.id)
                yield _action(made, QUICK, False, hunk)


def _of_file(document: Document) -> Iterator[t.CodeAction]:
    if document.blocks:
        yield _action(command("Queue all specs of this file", "queueFile", uri=document.uri), FILE)


def _log(mark: v.SpecPlace) -> t.Command:
    return command(f"Show the log of '{title_of(mark)}'", "openLog", task=mark.task)


def _action(made: t.Command, kind: t.CodeActionKind, preferred: bool = False, hunk: Hunk | None = None) -> t.CodeAction:
    data = {"hunk": hunk.id} if hunk else None
    return t.CodeAction(title=made.title, kind=kind, command=made, is_preferred=preferred or None, data=data)


def _belongs(item: t.Diagnostic, action: t.CodeAction) -> bool:
    """Whether an action is about what a diagnostic shows."""
    if item.code in {"hunk", "gate"}:
        return isinstance(item.data, dict) and action.data == {"hunk": item.data.get("hunk")}
    return item.code == "task" and action.data is None and action.kind == QUICK
