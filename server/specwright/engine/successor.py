"""Where a task with `after:` starts: at HEAD with what was accepted of the others, unless HEAD holds it already."""

import asyncio
from dataclasses import replace

from specwright.engine import result
from specwright.engine.context import Context
from specwright.engine.result import Numbered, Result
from specwright.errors import SpecwrightError
from specwright.git import checkout as checkouts
from specwright.git import private, slots, trees
from specwright.review.buffer import Buffer, plan_buffer
from specwright.review.edits import applied
from specwright.review.hunks import ABSENT, BY_LINES, Hunk, HunkKind, sides_of
from specwright.spec.lines import split_lines
from specwright.store import admitting, runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import State, Task


async def based(context: Context, start: runs.Start, task: Task) -> Task:
    """The task, from now on with the base that its `after:` means; once its run has begun there, its base stays.

    Raises `SpecwrightError` where what was accepted of several tasks can't be put together.
    """
    if not task.wish.after or await _has_begun(context, start, task):
        return task
    found = [
        await result.of_task(context, need.task)
        for need in await context.store.read(admitting.needed, task)
        if need.task
    ]
    base = await asyncio.to_thread(_base, context, task, [change for change in found if change])
    await context.store.write(runs.rebase, start, base)
    return replace(task, wish=replace(task.wish, base=base))


async def _has_begun(context: Context, start: runs.Start, task: Task) -> bool:
    """Whether something was made at the base that it has: at another one, a later HEAD would seem to be undone."""
    recorded = await context.store.read(runs.recorded, start)
    if recorded or (await context.store.read(task_rows.brief, task.id)).head:
        return True
    repository = await asyncio.to_thread(private.private_repository, task.wish.checkout, context.places.slots)
    return await asyncio.to_thread(slots.of_run, repository, start.key) is not None


def _base(context: Context, task: Task, others: list[Result]) -> str:
    checkout = task.wish.checkout
    repository = private.private_repository(checkout, context.places.slots)
    base = checkouts.head(checkout)
    private.bring(repository, checkout, base, task.id)
    for other in others:
        wanted = _accepted(other)
        merged = trees.merge_tree(repository, other.task.wish.base, base, wanted)
        if isinstance(merged, trees.Clean):
            if merged.tree != trees.tree_of(repository, base):
                base = trees.commit_tree(repository, merged.tree, base, f"What was accepted of {other.task.id}\n")
        elif len(others) == 1:  # HEAD has gone on since; the other's own base is a sound place to start from
            base = wanted
        else:
            raise SpecwrightError(
                f"What was accepted of '{other.own.title}' ({other.task.id}) does not go together with HEAD and the "
                f"other specs of `after:` in {', '.join(merged.paths)}. Commit what you accepted, then retry."
            )
    return base


def _accepted(other: Result) -> str:
    """A commit of what was accepted of a result; of one that is stacked on before anybody decided, of all of it."""
    if other.task.state is not State.ACCEPTED or all(_is_accepted(other, hunk) for hunk in other.hunks):
        return other.head
    entries = [entry for file in other.files for entry in _entries(other, file)]
    tree = trees.tree_with(other.repository, other.task.wish.base, entries)
    return trees.commit_tree(other.repository, tree, other.task.wish.base, f"What was accepted of {other.task.id}\n")


def _is_accepted(other: Result, hunk: Hunk) -> bool:
    fact = other.facts.get(hunk.id)
    return fact is not None and fact.accepted


def _entries(other: Result, numbered: Numbered) -> list[trees.Entry]:
    """What the paths of one file are to hold."""
    file = numbered.file
    accepted = [hunk for hunk in numbered.hunks if _is_accepted(other, hunk)]
    old = file.old_path or file.path
    if len(accepted) == len(numbered.hunks):
        gone = [trees.Entry(old, ABSENT, None)] if old != file.path else []
        return [*gone, trees.entry_of(other.repository, other.head, file.path)]
    if not accepted:
        return []
    renamed = any(hunk.kind is HunkKind.RENAMED for hunk in accepted)
    moded = any(hunk.kind is HunkKind.MODE for hunk in accepted)
    path = file.path if renamed else old
    gone = [trees.Entry(old, ABSENT, None)] if path != old else []
    return [*gone, trees.Entry(path, file.modes[moded], _text(numbered, accepted).encode())]


def _text(numbered: Numbered, accepted: list[Hunk]) -> str:
    file = numbered.file
    lines = split_lines(file.base or "")
    planned = plan_buffer(sides_of(file), Buffer(lines, file.base_block), numbered.hunks, {})
    return "".join(applied(lines, planned.accept(hunk.id for hunk in accepted if hunk.kind in BY_LINES)))
