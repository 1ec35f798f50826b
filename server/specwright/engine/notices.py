"""What a person should know of what was just queued: told after the answer, never a question."""

import asyncio
from pathlib import Path

from specwright.api import messages as m
from specwright.config import read
from specwright.engine import admission, once
from specwright.engine.context import Context
from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.paths.files import read_text
from specwright.spec.edit import block_lines
from specwright.spec.lines import split_lines
from specwright.spec.reading import Reading
from specwright.spec.scope import Scope
from specwright.store import tasks as task_rows
from specwright.tasks.model import State, Task
from specwright.tasks.wording import listed

SUBMODULES = "Submodules are empty folders where a task runs; keep what needs their files out of gates and checks."


async def notices(context: Context, queued: m.JustQueued) -> m.Sentences:
    """Sentences about these tasks of one request, and about what they wait for."""
    ids = queued.tasks
    tasks = [await context.store.read(task_rows.load, task) for task in ids]
    if not tasks:
        return m.Sentences(())
    held = await admission.why_waiting(context)
    told = [f"Waits ({reason}): {sentence}" for task in ids for reason, sentence in held.get(task, ()) if sentence]
    texts = await asyncio.to_thread(_sentences, tasks)
    for task in tasks:
        texts += [_older(task, *other) for other in await context.store.read(task_rows.versions_of, task.id)]
        texts += [_double(task, *other) for other in await context.store.read(task_rows.doubles_of, task.id)]
    if queued.person:
        texts += await asyncio.to_thread(once.sentences, context.places.state)
    return m.Sentences(tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(told)))


def _older(task: Task, other: str, title: str) -> str:
    """What was not cancelled by a guess."""
    return (
        f"'{title}' ({other}, waiting) may be another version of '{task.wish.revision.title}' ({task.id}). "
        f"If it is: specwright cancel {other}"
    )


def _double(task: Task, other: str, title: str) -> str:
    """What has begun, and was not taken over by a guess."""
    return f"'{title}' ({other}) says the same and has begun. If it is the same spec: specwright cancel {task.id}"


def _sentences(tasks: list[Task]) -> list[str]:
    wish = tasks[0].wish
    settings, problems = read.project(wish.settings)
    said = [f"specwright.toml:{problem.line or 1}: {problem.message}" for problem in problems]
    if not settings.gates:
        said.append(
            "Nothing will check this but the specs' own checks: `specwright init` finds the gates that you have."
        )
    if (Path(wish.checkout.root) / ".gitmodules").is_file():
        said.append(SUBMODULES)
    if busy := checkouts.state_problem(wish.checkout):
        said.append(busy)
    said += [sentence for task in tasks if (sentence := _decided_first(task))]
    reading = Reading(settings.spec)
    new = checkouts.untracked(wish.checkout, {task.wish.place.path for task in tasks})
    dirty = (*checkouts.dirty_paths(wish.checkout), *new)
    return said + [sentence for task in tasks if (sentence := _dirty(task, dirty, reading))]


def _decided_first(task: Task) -> str | None:
    """What was queued is a result already."""
    if task.state is not State.REVIEW:
        return None
    return f"'{task.wish.revision.title}' is in review already: decide on {task.id}, or change the spec and queue that."


def _dirty(task: Task, dirty: tuple[str, ...], reading: Reading) -> str | None:
    scope = Scope(task.wish.revision.scope)
    named = [path for path in dirty if scope.allows(path) and not _only_specs(task, path, reading)]
    if not named:
        return None
    return f"'{task.wish.revision.title}' starts from HEAD, without your uncommitted changes in {listed(named)}."


def _only_specs(task: Task, path: str, reading: Reading) -> bool:
    """Whether a changed file differs from the base in spec blocks alone."""
    base = checkouts.changed_text(task.wish.checkout, path, task.wish.base)
    try:
        now = read_text(Path(task.wish.checkout.root) / path)
    except WrongUse:
        return False
    place = task.wish.place
    language = place.language if path == place.path else None
    left = _without_specs(now, path, language, reading)
    if base is None:  # a new file
        return not any(line.strip() for line in left)
    return _without_specs(base, path, language, reading) == left


def _without_specs(text: str, path: str, language: str | None, reading: Reading) -> list[str]:
    """The lines of a text that belong to no spec."""
    lines = split_lines(text)
    specs, _ = reading.parse(text, path, language)
    gone = {row for spec in specs for row in block_lines(lines, spec)}
    return [line for row, line in enumerate(lines) if row not in gone]
