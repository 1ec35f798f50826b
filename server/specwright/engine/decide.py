"""Verdicts: through the window that holds a file, else on the disk; a fact is written for what was done."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from specwright.api import messages as m
from specwright.api import views as v
from specwright.engine import landing, result, room
from specwright.engine.context import Context
from specwright.engine.result import Numbered, Result
from specwright.errors import Refused, SpecwrightError, WrongUse
from specwright.git import private
from specwright.paths.windows import living
from specwright.review import bearing
from specwright.review.hunks import Decision, Hunk
from specwright.review.plan import Fact
from specwright.store import tasks as task_rows
from specwright.store import verdicts
from specwright.tasks.model import State
from specwright.tasks.states import Event

log = logging.getLogger(__name__)

InWindow = Callable[[str, m.ApplyInWindow], Awaitable[m.AppliedInWindow | None]]
"""Asks the window that holds an absolute path; None where no window does."""


@dataclass(slots=True)
class Tally:
    """What a verdict did so far."""

    hunks: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    in_editor: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def decided(self, state: State) -> m.Decided:
        """As it is answered."""
        files = tuple(self.written), tuple(self.in_editor)
        return m.Decided(state, tuple(self.hunks), tuple(self.conflicts), *files, self.left_out)


async def decide(context: Context, request: m.Decide, in_window: InWindow) -> m.Decided:
    """Accept or reject hunks. Raises `Refused` when the task is not in review or nothing is left to decide."""
    async with alone(context, request.task):
        return await _decide(context, request, _asking(context, request.task, in_window))


async def _decide(context: Context, request: m.Decide, in_window: InWindow) -> m.Decided:
    whole = not (request.accept or request.files or request.hunks)
    if whole and await _is_gone(context, request.task):
        return m.Decided(await context.store.write(task_rows.decide, request.task, Event.REJECT), (), (), (), ())
    found = await _in_review(context, request.task)
    if not found.hunks and not request.accept:
        return m.Decided(await context.store.write(task_rows.decide, request.task, Event.REJECT), (), (), (), ())
    tally = Tally(left_out=_left_out(found, request))
    chosen = _chosen(found, request, tally.left_out)
    if request.accept:
        _refuse_parts(found, {hunk.id for hunk in chosen})
        await _accept(context, found, chosen, tally, (in_window, request.viewer))
    else:
        await _reject(context, found, chosen, tally, request.viewer)
    state, removed = await _settle(context, request.task, in_window)
    tally.written += [path for path in removed if path not in tally.written]
    return tally.decided(state)


async def to_decide(context: Context, task: str) -> v.Result:
    """A result as a window decides on it. Raises `Refused` when the task is not in review."""
    await _in_review(context, task)
    return await result.wire(context, task)


async def record(context: Context, request: m.Record, in_window: InWindow) -> m.Decided:
    """A window's own verdict on its buffers. Raises `Refused` for a result that is no longer in review."""
    async with _alone_or_asked(context, request.task):
        return await _record(context, request, _asking(context, request.task, in_window))


async def _record(context: Context, request: m.Record, in_window: InWindow) -> m.Decided:
    found = await _in_review(context, request.task)
    if found.run != request.run:
        raise Refused(f"Task {request.task} has a newer result than the one that was decided; look at it again.")
    facts = {hunk: Fact(Decision.of(request.accept), request.final) for hunk in request.hunks}
    await context.store.write(verdicts.decide, request.task, request.run, facts, request.viewer)
    state, removed = await _settle(context, request.task, in_window)
    return m.Decided(state, request.hunks, (), removed, ())


async def settle(context: Context, task: str, in_window: InWindow) -> tuple[State, tuple[str, ...]]:
    """Move the task on when every hunk has a final fact: accepted if one at least is, else rejected.

    Where all are accepted, the task's own spec goes, too; its file is named where it was written on the disk.
    """
    async with _alone_or_asked(context, task):
        return await _settle(context, task, _asking(context, task, in_window))


async def _settle(context: Context, task: str, in_window: InWindow) -> tuple[State, tuple[str, ...]]:
    found = await result.of_task(context, task)
    seen = await context.store.read(task_rows.brief, task)
    state = seen.state
    if found is None or state is not State.REVIEW or not found.hunks:
        return state, ()
    facts = [found.facts.get(hunk.id) for hunk in found.hunks]
    if not all(fact and fact.final for fact in facts):
        return state, ()
    accepted = [fact for fact in facts if fact and fact.accepted]
    # the block first: a window asks for the result that it is to take it out for, which must be in review
    moved = replace(found, own=found.own.at(seen.path))
    whole = len(accepted) == len(facts) and await _own_block_is_free(moved, in_window)
    removed = await asyncio.to_thread(landing.remove_block, moved) if whole else []
    state = await context.store.write(task_rows.decide, task, Event.ACCEPT if accepted else Event.REJECT)
    return state, tuple(removed)


async def settle_left(context: Context) -> None:
    """At start: move on what an earlier daemon saw decided and did not live to move on."""
    for task in await context.store.read(verdicts.decided):
        try:
            await settle(context, task, _as_recorded(context))
        except SpecwrightError as error:  # a project that is gone must not keep the others from going on
            if room.is_lacking(error):
                raise
            log.warning("%s stays in review: %s", task, error.sentence)


def _as_recorded(context: Context) -> InWindow:
    """No window has come back yet: a file that one holds by its own record is left to it."""

    async def ask(path: str, _wanted: m.ApplyInWindow) -> m.AppliedInWindow | None:
        windows = await asyncio.to_thread(living, context.places.windows)
        return m.AppliedInWindow((), ()) if any(path in window.files for window in windows) else None

    return ask


def alone(context: Context, task: str) -> AbstractAsyncContextManager[None]:
    """One verdict on a task at a time, or what else moves it on from its review."""
    return context.deciding.setdefault(task, asyncio.Lock())


@asynccontextmanager
async def _alone_or_asked(context: Context, task: str) -> AsyncIterator[None]:
    """What a window records while it is asked belongs to the verdict that asks it."""
    if task in context.asked:
        yield
        return
    async with alone(context, task):
        yield


def _asking(context: Context, task: str, in_window: InWindow) -> InWindow:
    """Ask, and let the window record meanwhile: its record would wait for this verdict, and this verdict for it."""

    async def ask(path: str, wanted: m.ApplyInWindow) -> m.AppliedInWindow | None:
        first = task not in context.asked
        context.asked.add(task)
        try:
            return await in_window(path, wanted)
        finally:
            if first:
                context.asked.discard(task)

    return ask


async def _is_gone(context: Context, task: str) -> bool:
    """Whether the project is: nothing of the result can be looked at, and it must still be possible to close it."""
    found = await context.store.read(task_rows.load, task)
    return private.gone(Path(found.wish.checkout.common_dir)) is not None


async def _in_review(context: Context, task: str) -> Result:
    found = await result.needed(context, task)
    if found.task.state is not State.REVIEW:
        raise Refused(f"Task {task} {found.task.state.said}; only what is in review can be decided.")
    return found


def _left_out(found: Result, request: m.Decide) -> dict[str, str]:
    """Files that "accept all" does not take, with what they are."""
    if not request.accept or request.hunks or request.files:
        return {}
    return {
        entry.file.path: str(bearing.why(entry.changed))
        for entry in found.files
        if found.only_by_name(entry) and not all(_is_decided(found, hunk) for hunk in entry.hunks)
    }


def _is_decided(found: Result, hunk: Hunk) -> bool:
    fact = found.facts.get(hunk.id)
    return fact is not None and fact.final


def _chosen(found: Result, request: m.Decide, left_out: Mapping[str, str]) -> list[Hunk]:
    """The hunks that a request names, without those that are decided. Raises `WrongUse` for unknown names."""
    if not found.hunks:
        raise Refused(
            f"Task {request.task} has changed nothing that could be accepted. "
            f"`specwright revise {request.task} -m TEXT` answers it, `specwright reject {request.task}` closes it."
        )
    known = {hunk.id for hunk in found.hunks}
    paths = {entry.file.path for entry in found.files}
    for name in [*(set(request.hunks) - known), *(set(request.files) - paths)]:
        raise WrongUse(
            f"Task {request.task} has no hunk or file '{name}'. `specwright show {request.task}` lists them."
        )
    everything = not request.hunks and not request.files
    named = [h for h in found.hunks if everything or h.id in request.hunks or h.path in request.files]
    undecided = [hunk for hunk in named if not _is_decided(found, hunk)]
    if not undecided:
        raise Refused(f"Nothing is left to decide there; task {request.task} stays as it is.")
    chosen = [hunk for hunk in undecided if hunk.path not in left_out]
    if not chosen:
        raise Refused(f"{bearing.left_out(left_out)}: `specwright accept {request.task} --file PATH`.")
    return chosen


def _refuse_parts(found: Result, chosen: set[str]) -> None:
    """A rename, a binary change or other line ends bring all of their file along. Raises `Refused` for less."""
    for entry in found.files:
        whole = [h.id for h in entry.hunks if h.id in chosen and landing.takes_whole(entry.file, h)]
        left = [h.id for h in entry.hunks if h.id not in chosen and not _is_accepted(found.facts.get(h.id))]
        if whole and left:
            raise Refused(
                f"{entry.file.path}: {', '.join(whole)} takes the file whole, and {', '.join(left)} with it. "
                "Accept all hunks of the file together, or reject them all; nothing was written."
            )


def _is_accepted(fact: Fact | None) -> bool:
    return fact is not None and fact.final and fact.accepted


async def _reject(context: Context, found: Result, chosen: list[Hunk], tally: Tally, viewer: str) -> None:
    facts = {hunk.id: Fact(Decision.REJECTED, final=True) for hunk in chosen}
    await context.store.write(verdicts.decide, found.task.id, found.run, facts, viewer)
    tally.hunks += facts


async def _accept(
    context: Context, found: Result, chosen: list[Hunk], tally: Tally, asker: tuple[InWindow, str]
) -> None:
    """The file of the task's own spec comes last: whether the spec goes with it hangs on all the others."""
    in_window, viewer = asker
    for entry in sorted(found.files, key=lambda entry: entry.file.path == found.own.path):
        ids = tuple(hunk.id for hunk in chosen if hunk.path == entry.file.path)
        if not ids or await _through_window(found, entry, ids, tally, in_window):
            continue
        landed = await asyncio.to_thread(landing.land, found, entry, ids)
        facts = {hunk: Fact(Decision.ACCEPTED, final=True) for hunk in landed.hunks}
        if facts:
            await context.store.write(verdicts.decide, found.task.id, found.run, facts, viewer)
        tally.hunks += landed.hunks
        tally.conflicts += landed.conflicts
        tally.written += landed.written


async def _through_window(
    found: Result, entry: Numbered, ids: tuple[str, ...], tally: Tally, in_window: InWindow
) -> bool:
    """Whether a window holds the file; then it was asked, and records its own verdict."""
    path = str(Path(found.task.wish.checkout.root) / entry.file.path)
    answer = await in_window(path, m.ApplyInWindow(found.task.id, accept=True, hunks=ids))
    if answer is None:
        return False
    tally.hunks += answer.hunks
    tally.conflicts += answer.conflicts
    if answer.hunks:
        tally.in_editor.append(entry.file.path)
    return True


async def _own_block_is_free(found: Result, in_window: InWindow) -> bool:
    """Whether the own block may be taken out on the disk: no window holds its file, which would take it out itself."""
    path = str(Path(found.task.wish.checkout.root) / found.own.path)
    try:
        return await in_window(path, m.ApplyInWindow(found.task.id, accept=True, hunks=())) is None
    except SpecwrightError as error:  # all is decided, whatever becomes of the block
        log.warning("the spec of %s stays in %s: %s", found.task.id, path, error.sentence)
        return False
