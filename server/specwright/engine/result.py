"""What a task's last run made: changed files with both texts, their hunks, and how they stand in the checkout."""

import asyncio
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from specwright.api import views as v
from specwright.config import read
from specwright.engine import named, scope
from specwright.engine.context import Context
from specwright.engine.own_block import own
from specwright.errors import Refused, WrongUse
from specwright.git import private, trees
from specwright.paths.files import read_text
from specwright.review import bearing, order
from specwright.review.buffer import Buffer, BufferPlan, plan_buffer
from specwright.review.hunks import FileResult, Hunk, hunks_of, sides_of
from specwright.review.misread import misread
from specwright.review.own import blocks, lines_of
from specwright.review.plan import Fact
from specwright.review.weakening import weakened
from specwright.spec.digest import digest
from specwright.spec.lines import split_lines
from specwright.spec.own import Own, find
from specwright.store import runs, verdicts
from specwright.store import tasks as task_rows
from specwright.tasks.model import FindingState, GateRun, Level, Task
from specwright.tasks.outcome import shown

MOST_KEPT = 16
"""Results whose files are kept at hand."""
MOST_FINDINGS = 500
"""That are told of a run."""
WIRE_LIMIT = 5_000_000
"""Characters of all texts of a result, above which it is not sent to a window: a line of the protocol has an end."""
OURS = "specwright"
"""Stands for a gate in what we say ourselves."""
TEXT_LIMIT = 5_000_000
"""Bytes above which a file is decided whole."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A changed file and its hunks, whose numbers begin at `first`."""

    file: FileResult
    first: int
    hunks: tuple[Hunk, ...]
    findings: tuple[v.FindingView, ...] = ()
    """What in it makes a check say less."""
    misread: bool = False
    of_gate: bool = False

    @property
    def changed(self) -> bearing.Changed:
        """As it is asked about whether it bears trust."""
        return bearing.Changed(self.file.path, self.file.old_path, self.file.modes, self.misread, self.of_gate)


@dataclass(frozen=True, slots=True)
class Result:
    """A result with what was decided on it."""

    task: Task
    run: int
    head: str
    own: Own
    repository: private.PrivateRepository
    files: tuple[Numbered, ...]
    facts: Mapping[str, Fact]

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """All hunks, in the order of the files."""
        return tuple(hunk for entry in self.files for hunk in entry.hunks)

    def only_by_name(self, entry: Numbered) -> bool:
        """Whether "accept all" leaves a file out: it bears trust, and the spec's `files:` does not name it."""
        wish = self.task.wish
        return bearing.only_by_name(entry.changed, wish.revision.scope, wish.place.path)

    def findings(self, gates: Iterable[GateRun]) -> tuple[v.FindingView, ...]:
        """What makes a check say less, then what is outside of the default scope, and what the gates found new."""
        weakening = (finding for entry in self.files for finding in entry.findings)
        return (*weakening, *self._outside(), *findings_of(gates))

    def by_risk(self, findings: Iterable[v.FindingView]) -> tuple[Numbered, ...]:
        """The files in the order in which they are to be looked at."""
        files = {entry.file.path: entry for entry in self.files}
        trusted = {path for path, entry in files.items() if bearing.why(entry.changed)}
        found = {finding.path for finding in findings if finding.path}
        return tuple(files[path] for path in order.by_risk(self.hunks, trusted, found))

    def _outside(self) -> Iterator[v.FindingView]:
        for entry in self.files:
            for path in entry.changed.paths:
                if message := scope.outside(self.task, path):
                    yield _note(scope.RULE, message, path, None)

    def on_disk(self, entry: Numbered) -> BufferPlan:
        """One file's hunks against what the checkout holds."""
        held = self._held(entry.file.path)
        return plan_buffer(sides_of(entry.file), held, entry.hunks, self.facts)

    def _held(self, path: str) -> Buffer:
        """What the checkout holds; barred if it is no text, or its spec says something else than the task's."""
        try:
            text = disk_text(Path(self.task.wish.checkout.root) / path)
        except WrongUse:
            return Buffer(None, barred=True)
        if text is None:
            return Buffer(None)
        lines, spec = split_lines(text), find(self.own, path, text)
        if spec is None:
            return Buffer(lines)
        return Buffer(lines, lines_of(self.own, lines, spec), barred=digest(spec) != self.own.digest)


async def of_task(context: Context, task: str) -> Result | None:
    """The last run's result, or None where no run has left one."""
    found = await context.store.read(task_rows.load, task)
    ended = [run for run in await context.store.read(runs.load, task) if run.head and run.ended]
    if not ended:
        return None
    number, head = ended[-1].number, str(ended[-1].head)
    facts = await context.store.read(verdicts.facts, task, number)
    passed = shown(found.wish.revision.criteria, await context.store.read(runs.gates_of, task, number))
    return await asyncio.to_thread(_load, context, found, (number, head), facts, passed)


async def needed(context: Context, task: str) -> Result:
    """The same. Raises `Refused` where there is nothing to look at."""
    found = await of_task(context, task)
    if found is None:
        state = (await context.store.read(task_rows.brief, task)).state
        raise Refused(f"Task {task} {state.said} and has no result yet. `specwright show {task}` tells more.")
    return found


async def wire(context: Context, task: str) -> v.Result:
    """A result as windows get it, to plan on their live buffers."""
    result = await needed(context, task)
    size = sum(len(text or "") for entry in result.files for text in (entry.file.base, entry.file.result))
    if size > WIRE_LIMIT:
        raise Refused(
            f"The change of task {task} holds {size // 1_000_000} MB of text, too much to review in an editor; "
            f"`specwright diff {task}` shows it, `specwright accept {task}` takes it."
        )
    findings = result.findings(await context.store.read(runs.gates_of, task, result.run))
    return v.Result(
        task=task,
        run=result.run,
        title=result.own.title,
        digest=result.own.digest,
        handle=result.own.handle,
        spec_path=result.own.path,
        checkout=result.task.wish.checkout.root,
        base=result.task.wish.base,
        files=tuple(_wire_file(result, entry) for entry in result.by_risk(findings)),
        facts=tuple(_wire_fact(hunk, fact) for hunk, fact in result.facts.items()),
        findings=findings,
        language=result.own.language,
        keeps=result.own.keeps,
        shown=tuple(sorted(result.own.shown)),
        unread=result.own.unread,
    )


def findings_of(gates: Iterable[GateRun]) -> tuple[v.FindingView, ...]:
    """What gates found new; a report may hold more than a client can show, so the last one may tell how many more."""
    new = [finding for gate in gates for finding in gate.findings if finding.state is FindingState.NEW]
    shown = [
        v.FindingView(f.gate, f.rule, f.level, f.message, f.path, f.line, f.column, f.end_line, f.end_column)
        for f in new[:MOST_FINDINGS]
    ]
    if left := new[MOST_FINDINGS:]:
        more = f"and {len(left)} more findings; its report has them all"
        shown.append(v.FindingView(left[0].gate, "", Level.NOTE, more, None, None, None, None, None))
    return tuple(shown)


def disk_bytes(path: Path) -> bytes | None:
    """A file's bytes; None where nothing is. Raises `WrongUse` for what is no plain file, or can't be read."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > trees.BLOB_LIMIT:
            raise WrongUse(f"{path} is not a regular file; move it out of the way.")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WrongUse(f"{path} can't be read: {error.strerror}. Move what is in the way.") from error


def disk_text(path: Path) -> str | None:
    """A file's text; None where nothing is. Raises `WrongUse` for all that is no text file."""
    return None if disk_bytes(path) is None else read_text(path, TEXT_LIMIT)


def _load(
    context: Context, task: Task, run: tuple[int, str], facts: Mapping[str, Fact], passed: frozenset[int]
) -> Result:
    number, head = run
    repository = private.private_repository(task.wish.checkout, context.places.slots)
    settings, _ = read.project(task.wish.settings)
    left, files = _files(repository, own(task), (task.wish.base, head), number, named.programs(settings))
    mine = replace(left, keeps=settings.spec.on_accept == "keep", shown=passed)
    return Result(task, number, head, mine, repository, files, facts)


@lru_cache(MOST_KEPT)
def _files(
    repository: private.PrivateRepository, mine: Own, commits: tuple[str, str], number: int, programs: frozenset[str]
) -> tuple[Own, tuple[Numbered, ...]]:
    """What lies between two commits never changes, and is asked for at each change of the queue."""
    files, first, left = [], 1, mine
    changes = trees.changed(repository, *commits)
    new = {change.path for change in changes if change.is_new}
    misled = misread(new, trees.paths(repository, commits[1])) if new else frozenset()
    for change in changes:
        file, left = _file(repository, left, commits, change)
        hunks = hunks_of(file, number, first)
        if hunks:
            of_gate = not programs.isdisjoint({change.path, change.old_path})
            files.append(Numbered(file, first, hunks, _weakening(file, hunks), change.path in misled, of_gate))
            first += len(hunks)
    return left, tuple(files)


def _weakening(file: FileResult, hunks: tuple[Hunk, ...]) -> tuple[v.FindingView, ...]:
    return tuple(_note("weakened-check", found.message, file.path, found.line) for found in weakened(file, hunks))


def _note(rule: str, message: str, path: str, line: int | None) -> v.FindingView:
    return v.FindingView(OURS, rule, Level.NOTE, message, path, line, None, None, None)


def _file(
    repository: private.PrivateRepository, mine: Own, commits: tuple[str, str], change: trees.FileChange
) -> tuple[FileResult, Own]:
    """A file, and the own spec with how it was left, if it is in this file."""
    old_path = change.old_path or change.path
    base = trees.text(repository, commits[0], old_path)
    result = trees.text(repository, commits[1], change.path)
    found = blocks(mine, (old_path, base), (change.path, result))
    file = FileResult(
        path=change.path,
        base=base,
        result=result,
        old_path=change.old_path,
        modes=change.modes,
        binary=change.binary,
        base_block=found.base,
        result_block=found.result,
    )
    if not file.opaque or not file.regular:
        return file, found.own
    return FileResult(change.path, None, None, change.old_path, change.modes, binary=True), mine


def _wire_file(result: Result, entry: Numbered) -> v.ResultFile:
    file = entry.file
    return v.ResultFile(
        path=file.path,
        old_path=file.old_path,
        base=file.base,
        result=file.result,
        modes=file.modes,
        binary=file.binary,
        first=entry.first,
        bears=bearing.why(entry.changed),
        only_by_name=result.only_by_name(entry),
    )


def _wire_fact(hunk: str, fact: Fact) -> v.FactView:
    return v.FactView(hunk, fact.accepted, fact.final)
