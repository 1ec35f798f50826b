"""What a task's last run made: changed files with both texts, their hunks, and how they stand in the checkout."""

import asyncio
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from specwright.api import views as v
from specwright.engine.context import Context
from specwright.engine.own_block import own
from specwright.errors import Refused, WrongUse
from specwright.git import private, trees
from specwright.paths.files import read_text
from specwright.review.buffer import Buffer, BufferPlan, plan_buffer
from specwright.review.hunks import FileResult, Hunk, hunks_of, sides_of
from specwright.review.plan import Fact
from specwright.spec.digest import digest
from specwright.spec.lines import split_lines
from specwright.spec.own import Own, block, find
from specwright.store import runs, verdicts
from specwright.store import tasks as task_rows
from specwright.tasks.model import FindingState, GateRun, Level, Task

MOST_KEPT = 16
"""Results whose files are kept at hand."""
MOST_FINDINGS = 500
"""That are told of a run."""
WIRE_LIMIT = 5_000_000
"""Characters of all texts of a result, above which it is not sent to a window: a line of the protocol has an end."""
TEXT_LIMIT = 5_000_000
"""Bytes above which a file is decided whole."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A changed file and its hunks, whose numbers begin at `first`."""

    file: FileResult
    first: int
    hunks: tuple[Hunk, ...]


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
        spec = None if text is None else find(self.own, path, text)
        return Buffer(
            None if text is None else split_lines(text),
            spec[1] if spec else None,
            barred=spec is not None and digest(spec[0]) != self.own.digest,
        )


async def of_task(context: Context, task: str) -> Result | None:
    """The last run's result, or None where no run has left one."""
    found = await context.store.read(task_rows.load, task)
    ended = [run for run in await context.store.read(runs.load, task) if run.head and run.ended]
    if not ended:
        return None
    number, head = ended[-1].number, str(ended[-1].head)
    facts = await context.store.read(verdicts.facts, task, number)
    return await asyncio.to_thread(_load, context, found, (number, head), facts)


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
    gates = await context.store.read(runs.gates_of, task, result.run)
    return v.Result(
        task=task,
        run=result.run,
        title=result.own.title,
        digest=result.own.digest,
        handle=result.own.handle,
        spec_path=result.own.path,
        checkout=result.task.wish.checkout.root,
        base=result.task.wish.base,
        files=tuple(_wire_file(entry) for entry in result.files),
        facts=tuple(_wire_fact(hunk, fact) for hunk, fact in result.facts.items()),
        findings=findings_of(gates),
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


def _load(context: Context, task: Task, run: tuple[int, str], facts: Mapping[str, Fact]) -> Result:
    number, head = run
    repository = private.private_repository(task.wish.checkout, context.places.slots)
    files = _files(repository, own(task), task.wish.base, head, number)
    return Result(task, number, head, own(task), repository, files, facts)


@lru_cache(MOST_KEPT)
def _files(repository: private.PrivateRepository, mine: Own, base: str, head: str, number: int) -> tuple[Numbered, ...]:
    """What lies between two commits never changes, and is asked for at each change of the queue."""
    files, first = [], 1
    for change in trees.changed(repository, base, head):
        file = _file(repository, mine, (base, head), change)
        hunks = hunks_of(file, number, first)
        if hunks:
            files.append(Numbered(file, first, hunks))
            first += len(hunks)
    return tuple(files)


def _file(
    repository: private.PrivateRepository, mine: Own, commits: tuple[str, str], change: trees.FileChange
) -> FileResult:
    old_path = change.old_path or change.path
    base = trees.text(repository, commits[0], old_path)
    result = trees.text(repository, commits[1], change.path)
    file = FileResult(
        path=change.path,
        base=base,
        result=result,
        old_path=change.old_path,
        modes=change.modes,
        binary=change.binary,
        base_block=block(mine, old_path, base) if base is not None else None,
        result_block=block(mine, change.path, result) if result is not None else None,
    )
    if not file.opaque or not file.regular:
        return file
    return FileResult(change.path, None, None, change.old_path, change.modes, binary=True)


def _wire_file(entry: Numbered) -> v.ResultFile:
    file = entry.file
    return v.ResultFile(
        path=file.path,
        old_path=file.old_path,
        base=file.base,
        result=file.result,
        modes=file.modes,
        binary=file.binary,
        first=entry.first,
    )


def _wire_fact(hunk: str, fact: Fact) -> v.FactView:
    return v.FactView(hunk, fact.accepted, fact.final)
