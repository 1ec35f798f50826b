"""What may be deleted, and what is kept although it is old: a plan, made by looking alone.

Deleting needs positive proof. What is missing, unknown, open or can't be read is kept.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from specwright.config import read
from specwright.engine import own_block
from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.git import journal, making, pool, private, proof, refs, trash
from specwright.git.journal import SlotState
from specwright.git.private import PrivateRepository
from specwright.paths import deleting
from specwright.paths.files import private_folder
from specwright.paths.places import PRIVATE
from specwright.paths.space import shown, taken
from specwright.store import retention
from specwright.store import runs as run_rows
from specwright.store import tasks as task_rows
from specwright.tasks.model import OPEN, Checkout, State, Task

DAY = 86_400.0
KEPT_DAYS = 30
"""How long what a task made is kept after it was decided."""
FILES_LIMIT = 5 * 2**30
"""Bytes of events, transcripts and logs of decided tasks, above which the oldest go earlier."""
LEAST_UNSHARED = 10**9
"""Bytes of a private repository's own below which it is not made anew."""


class Kind(StrEnum):
    """What can be deleted."""

    SLOT = "slot"
    DEPENDENCIES = "dependencies"
    TREE = "tree"
    """Of a slot that was put away."""
    REFS = "refs"
    FILES = "files"
    """Events, transcripts and logs."""
    OBJECTS = "objects"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing, what it takes on the disk, and why it goes or stays."""

    kind: Kind
    what: str
    bytes: int
    why: str
    task: str = ""
    """Whose work it is; empty where it is nobody's."""
    delete: Callable[[], object] | None = None
    """None for what is kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """What one project takes on the disk, in bytes."""

    root: str
    slots: tuple[tuple[str, str, int], ...]
    """Name, the run that has it or its state, bytes."""
    trash: int
    unshared: int
    """Of the private repository: what the user's own repository does not hold as well."""

    @property
    def bytes(self) -> int:
        """All of it."""
        return sum(size for _, _, size in self.slots) + self.trash + self.unshared


@dataclass(slots=True)
class Plan:
    """What would be deleted, what is kept although it might seem old, and what all of it takes."""

    places: list[Place] = field(default_factory=list)
    run_files: int = 0
    deletions: list[Thing] = field(default_factory=list)
    kept: list[Thing] = field(default_factory=list)
    known: int = 0
    """Tasks of which anything is kept."""

    def add(self, thing: Thing) -> None:
        """Sort one in."""
        (self.deletions if thing.delete else self.kept).append(thing)

    @property
    def is_unusual(self) -> bool:
        """Whether so many tasks would lose something that a person should look first."""
        losing = len({thing.task for thing in self.deletions if thing.task})
        return losing > 10 or losing * 3 > self.known


@dataclass(frozen=True, slots=True)
class Project:
    """One project as a plan needs it."""

    repository: PrivateRepository
    checkout: Checkout
    disk: int
    """Bytes that it may take."""
    tasks: Mapping[str, retention.Standing]
    proved: frozenset[str]
    """Accepted tasks whose change is in the user's history."""
    running: int
    """Runs that may go on at once."""
    is_built_on: bool = False
    """Whether an open task begins at another one's result."""


async def plan(context: Context) -> Plan:
    """Look at everything. Raises `SpecwrightError` when the store can't be read: then nothing may be deleted."""
    found = Plan()
    standings = await context.store.read(retention.standings)
    waiting = await context.store.read(task_rows.in_states, OPEN)
    following = {task.wish.checkout.common_dir for task in waiting if task.wish.after}
    for checkout, settings in (await context.store.read(retention.projects)).values():
        try:
            project = await _project(context, checkout, settings, standings)
            if project is not None:
                project = replace(project, is_built_on=checkout.common_dir in following)
                await asyncio.to_thread(_look_at, found, project)
        except SpecwrightError as error:
            found.add(Thing(Kind.OBJECTS, checkout.root, 0, f"can't be looked at: {error.sentence}"))
    await asyncio.to_thread(_look_at_files, found, context.places.runs, standings)
    rows = await context.store.read(retention.foldable, time.time() - KEPT_DAYS * DAY)
    if rows:
        found.add(Thing(Kind.ROWS, f"steps of {rows} runs", 0, _decided_ago(KEPT_DAYS), delete=lambda: None))
    return found


def is_old(standing: retention.Standing | None) -> bool:
    """Whether a task is certainly decided, and that long ago."""
    return standing is not None and standing.decided is not None and _days(standing.decided) > KEPT_DAYS


def has_repository(checkout: Checkout) -> bool:
    """Whether there is a private repository; asking makes none."""
    return (Path(checkout.common_dir).resolve() / PRIVATE / making.NAME / "HEAD").is_file()


async def _project(
    context: Context, checkout: Checkout, settings: str, standings: Mapping[str, retention.Standing]
) -> Project | None:
    """None where it has no private repository; looking makes none."""
    if not has_repository(checkout):
        return None
    repository = await asyncio.to_thread(private.private_repository, checkout, context.places.slots)
    old = [
        task
        for task in refs.tasks_of(await asyncio.to_thread(refs.list_refs, repository))
        if is_old(standings.get(task)) and standings[task].state is State.ACCEPTED
    ]
    proved = frozenset([task for task in old if await _is_proved(context, repository, task)])
    disk = read.project(settings)[0].slots.disk_gb * 10**9
    return Project(repository, checkout, disk, standings, proved, context.user.running)


async def _is_proved(context: Context, repository: PrivateRepository, task: str) -> bool:
    wanted = await context.store.read(task_rows.load, task)
    heads = [run.head for run in await context.store.read(run_rows.load, task) if run.head]
    with contextlib.suppress(SpecwrightError):
        return bool(heads) and await asyncio.to_thread(_is_landed, repository, wanted, str(heads[-1]))
    return False


def _is_landed(repository: PrivateRepository, task: Task, head: str) -> bool:
    """The own block aside: it is in the result, and goes when the task is accepted."""
    before, after = (proof.files_of(repository, commit) for commit in (task.wish.base, head))
    changed = [path for path in before | after if before.get(path) != after.get(path)]
    wanted = {path: frozenset([after[path]] if path in after else []) for path in changed}
    own = task.wish.place.path
    if own in wanted and own in after and (text := own_block.text_without(repository, task, head)) is not None:
        wanted[own] = frozenset([after[own], proof.id_of_text(repository, text)])
    return proof.is_in_history(task.wish.checkout, task.wish.base, wanted)


def _look_at(found: Plan, project: Project) -> None:
    repository = project.repository
    entries = journal.entries(repository.slots, repository.project)
    sizes = {entry.name: taken(repository.slots / entry.name) for entry in entries}
    place = Place(
        root=project.checkout.root,
        slots=tuple((entry.name, entry.run or entry.state, sizes[entry.name]) for entry in entries),
        trash=taken(repository.slots / trash.FOLDER),
        unshared=taken(repository.path, unshared=True),
    )
    found.places.append(place)
    for thing in [*_slots(project, place, entries, sizes), *_trees(project), *_refs(found, project)]:
        found.add(thing)
    busy = any(entry.state is not SlotState.FREE for entry in entries)
    limit = max(LEAST_UNSHARED, taken(Path(repository.common_dir) / "objects") // 2)
    if place.unshared > limit and not busy:
        why = f"over {shown(limit)} that only this repository holds; it is made anew with all refs"
        found.add(
            Thing(Kind.OBJECTS, str(repository.path), place.unshared, why, delete=partial(private.rebuild, repository))
        )


def _slots(
    project: Project, place: Place, entries: tuple[journal.Entry, ...], sizes: Mapping[str, int]
) -> Iterator[Thing]:
    """Idle ones that are too many; then, above the limit, dependency folders first and slots after that."""
    repository = project.repository
    idle, many = pool.idle(entries), pool.too_many(entries, project.running)
    retire = {entry.name: partial(pool.retire, repository, entry.name) for entry in idle}
    for entry in many:
        why = f"idle, and more than {project.running + pool.SPARE} slots"
        yield Thing(Kind.SLOT, entry.name, sizes[entry.name], why, delete=retire[entry.name])
    over = place.bytes - project.disk - sum(sizes[entry.name] for entry in many) - place.trash
    why = f"over {shown(project.disk)}, the limit of `[slots] disk_gb`"
    left = [entry for entry in idle if entry not in many]
    parts = {entry.name: pool.size_of_dependencies(repository, entry.name) for entry in left} if over > 0 else {}
    for name in [name for name in parts if parts[name]]:
        if over > 0:
            over -= parts[name]
            drop = partial(pool.drop_dependencies, repository, name)
            yield Thing(Kind.DEPENDENCIES, name, parts[name], why, delete=drop)
    for entry in left:
        if over > 0:
            over -= sizes[entry.name] - parts[entry.name]
            yield Thing(Kind.SLOT, entry.name, sizes[entry.name] - parts[entry.name], why, delete=retire[entry.name])


def _trees(project: Project) -> Iterator[Thing]:
    repository = project.repository
    for put in trash.entries(repository.slots, repository.project):
        size = taken(repository.slots / trash.FOLDER / put.name)
        if trash.is_safe(repository, put):
            why = f"its work is under {put.ref}" if put.holds_work else "held no work"
            yield Thing(Kind.TREE, put.name, size, why, delete=partial(trash.empty, repository, put))
        elif repository.oid(put.ref) if put.run else None:
            yield Thing(Kind.TREE, put.name, size, f"work of {put.run}; goes {trash.DAYS} days after it was put away")
        else:
            yield Thing(
                Kind.TREE, put.name, size, f"may hold work{f' of {put.run}' * bool(put.run)} that no commit has"
            )
    for name in trash.unknown(repository.slots, repository.project):
        yield Thing(Kind.TREE, name, 0, "nothing tells whose it is")


def _refs(found: Plan, project: Project) -> Iterator[Thing]:
    repository = project.repository
    tasks = refs.tasks_of(refs.list_refs(repository))
    found.known += len(tasks)
    for task in tasks:
        standing = project.tasks.get(task)
        if standing is None:
            yield Thing(Kind.REFS, task, 0, "the store has no such task")
        elif is_old(standing) and project.is_built_on:
            yield Thing(Kind.REFS, task, 0, "an open task of the project comes `after:` another one")
        elif is_old(standing) and standing.state is State.ACCEPTED and task not in project.proved:
            yield Thing(Kind.REFS, task, 0, "accepted, and nothing proves that its change is in the history")
        elif is_old(standing):
            put_away = partial(refs.put_away, repository, task)
            yield Thing(Kind.REFS, task, 0, f"{_decided_ago(KEPT_DAYS)}; to the trash", task, put_away)
    for task in refs.tasks_of(refs.list_refs(repository, root=refs.TRASH)):
        age = refs.age_in_trash(repository, task)
        if age is not None and age > trash.DAYS * DAY:
            delete = partial(refs.delete_trashed, repository, task)
            yield Thing(Kind.REFS, task, 0, f"in the trash for {trash.DAYS} days", delete=delete)


def _look_at_files(found: Plan, runs: Path, standings: Mapping[str, retention.Standing]) -> None:
    """The files of decided tasks, oldest decision first; the newer ones only where all take too much."""
    folders = {path.name: path for path in runs.iterdir() if path.is_dir()} if runs.is_dir() else {}
    sizes = {task: taken(path) for task, path in folders.items()}
    found.run_files = sum(sizes.values())
    found.known = max(found.known, len(folders))
    decided = sorted((at, task) for task in folders if (at := _decided(standings.get(task))) is not None)
    total = sum(sizes[task] for _, task in decided)
    for at, task in decided:
        if _days(at) > KEPT_DAYS or total > FILES_LIMIT:
            why = _decided_ago(KEPT_DAYS) if _days(at) > KEPT_DAYS else f"all of them are over {shown(FILES_LIMIT)}"
            total -= sizes[task]
            found.add(
                Thing(Kind.FILES, task, sizes[task], f"{why}; to the trash", task, partial(_put_files, folders[task]))
            )
    for task in sorted(folders.keys() - standings.keys()):
        found.add(Thing(Kind.FILES, task, sizes[task], "the store has no such task"))
    for path in _old_files(runs.parent / trash.FOLDER):
        delete = partial(deleting.delete, path)
        found.add(Thing(Kind.FILES, path.name, taken(path), f"in the trash for {trash.DAYS} days", delete=delete))


def _put_files(folder: Path) -> None:
    place = private_folder(folder.parent.parent / trash.FOLDER) / f"{int(time.time())}-{folder.name}"
    folder.rename(place)


def _old_files(folder: Path) -> Iterator[Path]:
    """By the time in the name; what has none is not ours."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        put = path.name.partition("-")[0]
        if put.isdecimal() and _days(float(put)) > trash.DAYS:
            yield path


def _decided(standing: retention.Standing | None) -> float | None:
    return standing.decided if standing else None


def _days(since: float) -> float:
    return (time.time() - since) / DAY


def _decided_ago(days: int) -> str:
    return f"decided more than {days} days ago"
