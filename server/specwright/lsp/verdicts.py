"""Verdicts given in an editor: on live buffers by one versioned edit, on files that no buffer holds by the daemon."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from specwright.api import messages as m
from specwright.errors import Refused, SpecwrightError
from specwright.lsp.desk import Review
from specwright.lsp.document import Document
from specwright.lsp.pending import NOT_BY_LINES, Pending, settled, without_block
from specwright.lsp.window import Window
from specwright.review import bearing
from specwright.review.hunks import Hunk, HunkState
from specwright.spec.edit import LineEdit

Edits = dict[Document, list[LineEdit]]
Apply = Callable[[Edits, str], Awaitable[bool]]
"""Sends one edit of several documents under a label; whether the editor applied it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be decided: hunks by id or by path, or all that are undecided."""

    accept: bool
    hunks: tuple[str, ...] = ()
    path: str | None = None


@dataclass(slots=True)
class Split:
    """The chosen hunks by who can decide them."""

    here: dict[Document, list[str]] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Done:
    """Hunks that were decided, hunks that the user's own text stands in the way of, files written to the disk."""

    hunks: tuple[str, ...]
    conflicts: tuple[str, ...]
    written: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Files that bear trust and wait to be accepted by name, and why they bear it."""


async def decide(window: Window, apply: Apply, task: str, choice: Choice) -> Done:
    """Decide hunks wherever they are. Raises `Refused` when nothing is left to decide, or what stands in the way."""
    window.desk.forget([task])
    review = await window.review(task)
    if not review.hunks:  # a question: there is nothing to put in, and the daemon closes it
        await window.link.ask("decide", m.Decide(task, choice.accept, viewer="lsp"), m.Decided)
        return Done((), (), ())
    left_out = _left_out(review, choice)
    split = _split(window, review, _chosen(review, choice, left_out), choice.accept)
    _check_alone(window, split)
    on_disk = await _elsewhere(window, review, split, choice)
    conflicts = (*split.conflicts, *on_disk.conflicts)
    whole = choice.accept and not conflicts and _all_accepted(review, split)
    here = await _here(window, apply, review, split, choice.accept, whole)
    return Done((*here, *on_disk.hunks), conflicts, on_disk.written, left_out)


async def apply_for_daemon(window: Window, apply: Apply, wanted: m.ApplyInWindow) -> m.AppliedInWindow:
    """A verdict from a terminal or another window, on the buffers of this one."""
    window.desk.forget([wanted.task])
    review = await window.review(wanted.task)
    if not wanted.hunks:
        await _take_block(window, apply, review)
        return m.AppliedInWindow((), ())
    hunks = [hunk for hunk in review.hunks if hunk.id in wanted.hunks]
    split = _split(window, review, hunks, wanted.accept)
    whole = wanted.accept and not split.conflicts and _all_accepted(review, split)
    done = await _here(window, apply, review, split, wanted.accept, whole)
    return m.AppliedInWindow(tuple(done), tuple(hunk.id for hunk in hunks if hunk.id not in done))


@dataclass(frozen=True, slots=True)
class Held:
    """What a buffer held at one moment, and what was accepted in buffers by then: both go on while others are asked."""

    document: Document
    rows: tuple[str, ...]
    language: str
    accepted: Mapping[str, tuple[str, ...]]
    """By task, hunks that were accepted in buffers and not saved since."""
    undone: Mapping[str, frozenset[str]]
    """By task, those of them that a buffer went back from."""


def held(window: Window, document: Document) -> Held:
    """What a document holds now."""
    accepted = {task: tuple(names) for task, names in window.desk.unsaved.items()}
    undone = {task: frozenset(names) for task, names in window.desk.undone.items()}
    return Held(document, tuple(document.rows) if accepted else (), document.specs.language.id, accepted, undone)


async def saved(window: Window, now: Held) -> None:
    """The disk holds this: what was accepted is final, or lapses where it was taken back."""
    async with window.saving:
        final: dict[str, tuple[str, ...]] = {}
        lapsed: dict[str, tuple[str, ...]] = {}
        for review, names in await _accepted_in(window, now):
            text = now.rows, now.language
            final[review.task], lapsed[review.task] = await asyncio.to_thread(
                settled, review, now.document.relative, text, names, now.undone.get(review.task, ())
            )
        await _tell_saved(window, now.document, final, lapsed)


async def closed(window: Window, now: Held, dirty: bool) -> None:
    """The buffer that held this went away: what was decided in it and never saved is pending again."""
    async with window.saving:
        if dirty:
            lapsed = {review.task: names for review, names in await _accepted_in(window, now)}
            await _tell_saved(window, now.document, {}, lapsed)
    await window.let_go(now.document)


async def _tell_saved(
    window: Window, document: Document, final: dict[str, tuple[str, ...]], lapsed: dict[str, tuple[str, ...]]
) -> None:
    """Kept until a daemon has it. Where none runs, one is started for verdicts alone."""
    if document.real_path and (window.trouble is None or final or lapsed):
        window.unsent[document.real_path] = m.SavedFile(document.real_path, final, lapsed)
        await window.send_saved()


async def _accepted_in(window: Window, now: Held) -> list[tuple[Review, tuple[str, ...]]]:
    """The results with hunks that were accepted in this buffer, and those hunks."""
    found = []
    document = now.document
    for task, names in now.accepted.items():
        try:
            review = await window.review(task)
        except Refused:  # it went on to another run, or is over
            window.desk.drop(task)
            continue
        except SpecwrightError:  # nobody answers: the result that they were accepted of tells as well what was saved
            if task not in window.desk.decided:
                continue
            review = window.desk.decided[task]
        if document.root == review.result.checkout and document.relative in review.files:
            hunks = [hunk.id for hunk in review.files[document.relative].hunks if hunk.id in names]
            found.append((review, tuple(hunks)))
    return [(review, names) for review, names in found if names]


def _left_out(review: Review, choice: Choice) -> dict[str, str]:
    """Files that "accept all" does not take, with what they are."""
    if not choice.accept or choice.hunks or choice.path is not None:
        return {}
    return {
        path: str(file.bears)
        for path, file in review.files.items()
        if file.only_by_name and not all(_is_decided(review, hunk) for hunk in file.hunks)
    }


def _is_decided(review: Review, hunk: Hunk) -> bool:
    fact = review.facts.get(hunk.id)
    return fact is not None and fact.final


def _chosen(review: Review, choice: Choice, left_out: Mapping[str, str]) -> list[Hunk]:
    """The hunks that a choice names and that are not decided for good. Raises `Refused` where there are none."""
    everything = not choice.hunks and choice.path is None
    named = [h for h in review.hunks if everything or h.id in choice.hunks or h.path == choice.path]
    left = [hunk for hunk in named if not _is_decided(review, hunk)]
    if not left:
        raise Refused(f"Nothing is left to decide there; '{review.result.title}' stays as it is.")
    chosen = [hunk for hunk in left if hunk.path not in left_out]
    if not chosen:
        raise Refused(f"{bearing.left_out(left_out)}, at its own change.")
    return chosen


def _split(window: Window, review: Review, hunks: Iterable[Hunk], accept: bool) -> Split:
    split = Split()
    buffers = _buffers(window, review)
    for hunk in hunks:
        pending = buffers.get(hunk.path)
        if pending is None or (not accept and hunk.kind in NOT_BY_LINES):
            split.elsewhere.append(hunk.id)
        elif hunk.kind in NOT_BY_LINES:
            raise Refused(
                f"{hunk.path} is open here, and this change takes the file whole: close it, then accept again."
            )
        elif accept and pending.plan.plan.standing(hunk.id).state is HunkState.CONFLICT:
            split.conflicts.append(hunk.id)
        else:
            split.here.setdefault(pending.document, []).append(hunk.id)
    return split


def _check_alone(window: Window, split: Split) -> None:
    """Raises `Refused` when another window has unsaved changes in a file that is to be decided in this one."""
    for document in split.here:
        others = window.others_that_changed(document)
        if others:
            names = " and ".join(f"lsp-{pid}" for pid in others)
            raise Refused(
                f"{document.relative} has unsaved changes in another window ({names}); save it there, or decide there."
            )


def _buffers(window: Window, review: Review) -> dict[str, Pending]:
    """Fresh plans of the files that this window holds, by path."""
    return {
        document.relative: Pending(review, document.relative, document)
        for document in window.editor.documents()
        if document.root == review.result.checkout and document.relative in review.files
    }


def _all_accepted(review: Review, split: Split) -> bool:
    """Whether with these every hunk is accepted."""
    new = {name for names in split.here.values() for name in names} | set(split.elsewhere)
    facts = review.facts
    return all(hunk.id in new or ((fact := facts.get(hunk.id)) is not None and fact.accepted) for hunk in review.hunks)


async def _elsewhere(window: Window, review: Review, split: Split, choice: Choice) -> Done:
    """What the daemon did to files that no buffer of this window holds."""
    if not split.elsewhere:
        return Done((), (), ())
    request = m.Decide(review.task, choice.accept, hunks=tuple(split.elsewhere), viewer="lsp")
    decided = await window.link.ask("decide", request, m.Decided)
    return Done(decided.hunks, decided.conflicts, decided.written)


async def _here(window: Window, apply: Apply, review: Review, split: Split, accept: bool, whole: bool) -> list[str]:
    """Decide the hunks of open buffers by one edit, and record what the editor applied."""
    edits = _edits(window, review, split, accept, whole)
    saves = {document: document.saves for document in split.here}
    verb = "Accept" if accept else "Reject"
    if any(edits.values()) and not await apply(edits, f"{verb} '{review.result.title}'"):
        raise Refused("The editor did not apply the edit, so nothing was decided in its buffers. Try again.")
    for document in (d for d in split.here if accept and not _is_saved(d, edits)):
        window.undone.begin(review, document, split.here[document])
    for final in (False, True):
        names = [n for d, ids in split.here.items() for n in ids if final is (not accept or _is_saved(d, edits))]
        if names:
            await _record(window, m.Record(review.task, review.result.run, accept, tuple(names), "lsp", final))
    for document in [d for d, count in saves.items() if d.saves > count and not d.dirty]:
        await saved(window, held(window, document))  # with the edit, before there was a verdict to make final
    return [name for names in split.here.values() for name in names]


async def _record(window: Window, record: m.Record) -> None:
    """An accept that the buffer holds is known here, whatever becomes of the daemon: the next save tells of it."""
    if not record.final:
        window.desk.undone.get(record.task, set()).difference_update(record.hunks)
        window.desk.unsaved.setdefault(record.task, set()).update(record.hunks)
    try:
        await window.link.ask("record", record, m.Decided)
    except Refused:
        window.desk.settled(record.task, record.hunks)
        raise
    if record.final:
        window.desk.settled(record.task, record.hunks)
    window.desk.forget([record.task])


def _is_saved(document: Document, edits: Edits) -> bool:
    """Whether the disk already holds what was accepted."""
    return not edits.get(document) and not document.dirty


def _edits(window: Window, review: Review, split: Split, accept: bool, whole: bool) -> Edits:
    buffers = _buffers(window, review)
    edits: Edits = {}
    for document, names in split.here.items():
        pending = buffers[document.relative]
        own = whole and document.relative == review.own.path
        edits[document] = pending.accepting(names, own) if accept else pending.rejecting(names)
    holder = _holder(window, review)
    if whole and holder and holder not in edits:
        edits[holder] = without_block(holder, review, [])
    return edits


async def _take_block(window: Window, apply: Apply, review: Review) -> None:
    holder = _holder(window, review)
    edits = without_block(holder, review, []) if holder else []
    if holder and edits:
        await apply({holder: edits}, f"Remove the spec '{review.result.title}'")


def _holder(window: Window, review: Review) -> Document | None:
    """The document that holds the task's own spec."""
    mark = window.desk.mark(review.task)
    path = window.desk.moved.get(review.task, mark.path if mark else review.own.path)
    same = (review.result.checkout, path)
    return next((d for d in window.editor.documents() if (d.root, d.relative) == same), None)
