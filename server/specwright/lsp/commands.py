"""The commands: each converts its one argument, asks once, and says what a person must know."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as t

from specwright.api import editor as e
from specwright.api import messages as m
from specwright.api import setup
from specwright.api import views as v
from specwright.api.client import tool_environment
from specwright.api.codec import encode
from specwright.errors import Refused, WrongUse
from specwright.lsp import edits, verdicts
from specwright.lsp.convert import Wire
from specwright.lsp.desk import Review
from specwright.lsp.document import Document
from specwright.lsp.shown import diff_file, log_file
from specwright.review import bearing
from specwright.tasks.harmless import LONGEST, message, one_line
from specwright.tasks.model import OPEN
from specwright.tasks.wording import listed, unchanged_from

if TYPE_CHECKING:
    from specwright.lsp.server import Server

Command = Callable[["Server", Any], Awaitable[Wire | None]]
INFO, WARNING = t.MessageType.Info, t.MessageType.Warning
MOST_BUFFERED = 4_000_000
"""Characters of other buffers that go with a queue request."""
MOST_REASONS = 5
"""Problems of a refused spec that a message names."""


async def queue(server: "Server", at: e.QueueAt) -> Wire:
    """Queue the spec at a line of the live text."""
    return await _queue(server, server.document(at.uri), at.line + 1)


async def queue_file(server: "Server", file: e.File) -> Wire:
    """Queue all specs of the live text."""
    return await _queue(server, server.document(file.uri), None)


async def cancel(server: "Server", of: e.OfTask) -> Wire:
    """Cancel a task that waits or runs."""
    return await _step(server, "cancel", m.TaskNamed(of.task))


async def retry(server: "Server", of: e.OfTask) -> Wire:
    """Run a task again from its base."""
    return await _step(server, "retry", m.TaskNamed(of.task))


async def revise(server: "Server", remarks: e.Remarks) -> Wire | None:
    """Request changes, or answer; where the editor can't ask for the text, say how it is typed."""
    if remarks.text is not None:
        return await _step(server, "revise", m.Revise(remarks.task, remarks.text))
    server.say(INFO, f'Type in a terminal: specwright revise {remarks.task} -m "what to change, or your answer"')
    return None


async def accept_hunk(server: "Server", of: e.OfHunk) -> Wire:
    """Put one hunk in."""
    return await _decide(server, of.task, verdicts.Choice(accept=True, hunks=(of.hunk,)))


async def reject_hunk(server: "Server", of: e.OfHunk) -> Wire:
    """Leave one hunk out."""
    return await _decide(server, of.task, verdicts.Choice(accept=False, hunks=(of.hunk,)))


async def accept_file(server: "Server", of: e.OfFile) -> Wire:
    """Put a file's hunks in."""
    return await _decide(server, of.task, verdicts.Choice(accept=True, path=of.path))


async def reject_file(server: "Server", of: e.OfFile) -> Wire:
    """Leave a file's hunks out."""
    return await _decide(server, of.task, verdicts.Choice(accept=False, path=of.path))


async def accept(server: "Server", of: e.OfTask) -> Wire:
    """Put all undecided hunks in."""
    return await _decide(server, of.task, verdicts.Choice(accept=True))


async def reject(server: "Server", of: e.OfTask) -> Wire:
    """Leave all undecided hunks out; a question without a change is rejected, too."""
    return await _decide(server, of.task, verdicts.Choice(accept=False))


async def open_review(server: "Server", of: e.OfTask) -> Wire:
    """Show this task's hunks, and go to the first of them."""
    window = server.window
    window.desk.wanted = of.task
    window.desk.forget([of.task])
    review = await window.review(of.task)
    window.desk.shown = review
    window.show()
    path, line = _first_place(server, review)
    await server.open_file(Path(review.result.checkout) / path, line)
    return {"task": of.task}


async def open_diff(server: "Server", of: e.OfTask) -> Wire:
    """Show the whole change as a unified diff."""
    return await server.open_file(await diff_file(server.window.link, of.task))


async def open_log(server: "Server", of: e.OfTask) -> Wire:
    """Show what the last run did."""
    return await server.open_file(await log_file(server.window.link, of.task))


async def trust(server: "Server", consent: e.Consent) -> Wire:
    """Show what the project would run, and agree to exactly that."""
    folder = setup.Folder(server.folder(), tool_environment())
    wanted = await server.window.link.ask("consent", folder, setup.ConsentList)
    if wanted.agreed and wanted.branch:
        server.say(INFO, unchanged_from(wanted.branch))
    agreed = consent.agree or (wanted.digest if not wanted.agreed and await _agrees(server, wanted) else None)
    if agreed:
        agree = setup.Agree(folder.folder, folder.environment, agreed)
        wanted = await server.window.link.ask("agree", agree, setup.ConsentList)
    return {**encode(wanted)}


async def pause(server: "Server", _empty: m.Empty) -> Wire:
    """Let nothing begin."""
    return {**encode(await server.window.link.ask("pause", m.Pause(True), v.Status))}


async def resume(server: "Server", _empty: m.Empty) -> Wire:
    """Let what waits begin again."""
    return {**encode(await server.window.link.ask("pause", m.Pause(False), v.Status))}


async def reorder(server: "Server", place: e.Place) -> Wire:
    """Put a waiting task somewhere else."""
    return {**encode(await server.window.link.ask("reorder", m.Reorder(place.task, place.to), m.Order))}


COMMANDS: dict[str, Command] = {
    "specwright.queue": queue,
    "specwright.queueFile": queue_file,
    "specwright.cancel": cancel,
    "specwright.retry": retry,
    "specwright.revise": revise,
    "specwright.acceptHunk": accept_hunk,
    "specwright.rejectHunk": reject_hunk,
    "specwright.acceptFile": accept_file,
    "specwright.rejectFile": reject_file,
    "specwright.accept": accept,
    "specwright.reject": reject,
    "specwright.openReview": open_review,
    "specwright.openDiff": open_diff,
    "specwright.openLog": open_log,
    "specwright.trust": trust,
    "specwright.pause": pause,
    "specwright.resume": resume,
    "specwright.reorder": reorder,
}
"""By the names of `api.editor.COMMANDS`."""


async def _queue(server: "Server", document: Document, line: int | None) -> Wire:
    if not document.root:
        raise WrongUse(
            f"{document.path} is not in a git repository. Tasks work in git worktrees: `git init`, and commit."
        )
    server.window.indexer.live_all()
    seen = tuple(
        m.SpecOfTask(entry.mark.task, entry.line + 1)
        for entry in server.window.marked(document)
        if entry.block and entry.sure and (entry.outdated or entry.mark.path != document.relative)
    )
    buffers, left_out = _buffers(server, document)
    item = m.QueueItem(document.real_path, line, document.source, document.language_id, seen)
    request = m.Queue(
        document.root,
        (item,),
        tool_environment(),
        buffers=buffers,
        handles=server.window.indexer.index.owners(document.root),
    )
    queued = await server.window.link.ask("queue", request, m.Queued)
    if left_out:
        server.say(
            WARNING, f"Not looked at what is unsaved in {listed(left_out)}: it is too long. Save, and queue again."
        )
    if queued.refused:
        server.say(WARNING, "Not queued: " + " ".join(_reasons(queued)[:MOST_REASONS]))
    if queued.queued:
        server.window.spawn(_notices(server, tuple(task.task for task in queued.queued)))
    return {"task": queued.queued[0].task if queued.queued else None, **encode(queued)}


def _buffers(server: "Server", document: Document) -> tuple[tuple[m.LiveText, ...], list[str]]:
    """What other buffers of the checkout hold unsaved that hold specs, or held those of tasks; those without room.

    Specs may have just been given handles there, or been cut out.
    """
    marks = server.window.desk.marks.get(document.root, ())
    named = {mark.path for mark in marks if mark.state in OPEN}
    others = (other for other in server.documents() if other is not document and other.root == document.root)
    changed = [other for other in others if other.dirty and (other.blocks or other.relative in named)]
    sent: list[m.LiveText] = []
    left_out, room = [], MOST_BUFFERED
    for other, source in sorted(((other, other.source) for other in changed), key=lambda found: len(found[1])):
        if len(source) > room:
            left_out.append(other.relative)
        else:
            room -= len(source)
            sent.append(m.LiveText(other.real_path, source))
    return tuple(sent), left_out


def _reasons(queued: m.Queued) -> list[str]:
    """The first sentence of each: the diagnostics at these lines hold the rest."""
    errors = [p for spec in queued.refused for p in spec.problems if p.severity == "error"]
    return [f"line {p.line}: {p.message.partition('. ')[0].removesuffix('.')}." for p in errors]


async def _notices(server: "Server", tasks: tuple[str, ...]) -> None:
    """What the user should know of what was queued, after the answer."""
    notices = await server.window.link.ask("notices", m.JustQueued(tasks, person=True), m.Sentences)
    for text in notices.texts:
        server.say(INFO, text)


def _first_place(server: "Server", review: Review) -> tuple[str, int]:
    """The file and line of the first hunk to decide; the spec's where no hunk has a place yet."""
    mark = server.window.desk.mark(review.task)
    hunk = next((h for h in review.undecided if (Path(review.result.checkout) / h.path).exists()), None)
    if hunk is None:
        return review.own.path, mark.line - 1 if mark else 0
    plans = (server.window.pending(document) for document in server.documents())
    standings = (standing for plan in plans if plan and plan.review is review for standing in plan.open)
    line = next((standing.start for standing in standings if standing.hunk.id == hunk.id), None)
    outer, _ = review.files[hunk.path].sides.base_gap.outer(hunk.old_start, hunk.old_end)
    return hunk.path, outer if line is None else line


async def _step(server: "Server", method: str, request: m.TaskNamed | m.Revise) -> Wire:
    line = await server.window.link.ask(method, request, v.TaskLine)
    return {"task": line.task, "state": line.state}


async def _decide(server: "Server", task: str, choice: verdicts.Choice) -> Wire:
    done = await verdicts.decide(server.window, partial(edits.send, server, edits.OWN_SECONDS), task, choice)
    if done.conflicts:
        names = ", ".join(done.conflicts)
        server.say(WARNING, f"Left unchanged, because the text there was edited by hand: {names}.")
    if done.left_out:
        server.say(WARNING, f"{bearing.left_out(done.left_out)}, at its own change.")
    server.window.spawn(server.window.refresh({task}))
    return {"task": task, "hunks": list(done.hunks), "conflicts": list(done.conflicts), "written": list(done.written)}


async def _agrees(server: "Server", wanted: setup.ConsentList) -> bool:
    """The one question, where the editor can ask it; else the sentence that tells how to answer it."""
    copied = (f"the agent reads {path}" for path in wanted.included)
    checks = (f"check {check}" for check in wanted.checks)
    others = (f"for {task}" for task in wanted.others)
    readable = (f"may read {root}" for root in wanted.roots)
    listed = one_line("; ".join([*wanted.commands, *others, *checks, *wanted.reach, *readable, *copied]))
    where = "in the sandbox"
    if wanted.left_open:
        where = f"in a partial sandbox (which does not stop all: {'; '.join(wanted.left_open)})"
    listed = listed or "only what the agent and the specs ask for"
    why = f" {unchanged_from(wanted.branch)}" if wanted.branch else ""
    asked = f"This project's files would run, {where}: {listed}.{why} Agree?"
    text = message(asked, most=2 * len(asked))
    if not server.can_ask or len(text) > LONGEST:  # nobody agrees to what a message has no room for
        server.say(
            INFO, f"To read what this project would run, and to agree, type in a terminal: specwright trust. {text}"
        )
        return False
    buttons = [t.MessageActionItem(title="Agree"), t.MessageActionItem(title="Not now")]
    answer = await server.window_show_message_request_async(
        t.ShowMessageRequestParams(type=INFO, message=text, actions=buttons)
    )
    return answer is not None and answer.title == "Agree"


async def for_daemon(server: "Server", wanted: m.ApplyInWindow) -> m.AppliedInWindow:
    """A verdict given in a terminal or another window."""
    return await verdicts.apply_for_daemon(server.window, partial(edits.send, server, edits.DAEMON_SECONDS), wanted)


def refused_kind(error: Exception) -> t.MessageType:
    """How loudly a sentence is said."""
    return WARNING if isinstance(error, Refused | WrongUse) else t.MessageType.Error
