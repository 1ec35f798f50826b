"""What this window knows of the daemon's tasks: how they stand at their specs, and the results that wait for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from specwright.api import views as v
from specwright.lsp.project import project_of
from specwright.review.hunks import Decision, FileResult, Hunk, Sides, hunks_of, sides_of
from specwright.review.own import blocks
from specwright.review.plan import Fact
from specwright.spec.facts import OpenTask
from specwright.spec.identity import slug
from specwright.spec.own import Own
from specwright.tasks.model import OPEN, State
from specwright.tasks.wording import ago


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """One changed file of a result, cut into hunks."""

    file: FileResult
    hunks: tuple[Hunk, ...]
    sides: Sides
    bears: str | None = None
    """Why it bears trust; None where it does not."""
    only_by_name: bool = False
    """Whether accepting all leaves it out."""


@dataclass(slots=True)
class Review:
    """A task's result with what was decided on it so far."""

    result: v.Result
    own: Own
    files: Mapping[str, ReviewedFile]
    facts: dict[str, Fact]

    @property
    def task(self) -> str:
        """The task's id."""
        return self.result.task

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """All hunks, in the order of the files."""
        return tuple(hunk for file in self.files.values() for hunk in file.hunks)

    @property
    def undecided(self) -> tuple[Hunk, ...]:
        """The hunks that nobody has decided."""
        return tuple(hunk for hunk in self.hunks if hunk.id not in self.facts)

    def hunk(self, name: str) -> Hunk | None:
        """The hunk of this id."""
        return next((hunk for hunk in self.hunks if hunk.id == name), None)


def review_of(result: v.Result) -> Review:
    """A result as it is reviewed. Reads both texts of every file: not for the loop."""
    own = Own(
        result.spec_path,
        result.digest,
        result.title,
        result.handle,
        result.language,
        project_of(result.checkout).reading,
        result.keeps,
        frozenset(result.shown),
        result.unread,
    )
    files = {}
    for entry in result.files:
        files[entry.path], own = _reviewed(entry, own, result.run)
    facts = {f.hunk: Fact(Decision.of(f.accepted), f.final) for f in result.facts}
    return Review(result, own, files, facts)


def _reviewed(entry: v.ResultFile, own: Own, run: int) -> tuple[ReviewedFile, Own]:
    """A file, and the own spec with how it was left, if it is in this file."""
    found = blocks(own, (entry.old_path or entry.path, entry.base), (entry.path, entry.result))
    file = FileResult(
        path=entry.path,
        base=entry.base,
        result=entry.result,
        old_path=entry.old_path,
        modes=entry.modes,
        binary=entry.binary,
        base_block=found.base,
        result_block=found.result,
    )
    hunks = hunks_of(file, run, entry.first)
    return ReviewedFile(file, hunks, sides_of(file), entry.bears, entry.only_by_name), found.own


@dataclass(slots=True)
class Desk:
    """The tasks of the window's checkouts, and the one whose hunks are shown."""

    marks: dict[str, tuple[v.SpecPlace, ...]] = field(default_factory=dict)
    """By the root of a checkout; newest first."""
    reviews: dict[str, Review] = field(default_factory=dict)
    """By task, as they were last asked for."""
    shown: Review | None = None
    """The one task whose hunks are shown."""
    wanted: str | None = None
    """The task that the user asked to review."""
    moved: dict[str, str] = field(default_factory=dict)
    """By task, the file in which its spec is now, if that is another than at queueing."""
    titles: dict[str, str] = field(default_factory=dict)
    """By task, what its spec is called now, if that is something else."""
    version: int = 0
    """Counts what changed here."""
    unsaved: dict[str, set[str]] = field(default_factory=dict)
    """By task, the hunks that were accepted in buffers of this window and not saved since."""
    undone: dict[str, set[str]] = field(default_factory=dict)
    """By task, the hunks that a buffer went back from since they were accepted in it, and does not hold again."""
    decided: dict[str, Review] = field(default_factory=dict)
    """By task, the result whose hunks are unsaved."""
    forgotten: int = 0
    """Counts the times that something was forgotten: an answer that was asked for before is not kept."""

    def marks_at(self, root: str, path: str) -> list[v.SpecPlace]:
        """The tasks whose specs stand in a file, newest first."""
        return [mark for mark in self.marks.get(root, ()) if self.moved.get(mark.task, mark.path) == path]

    def mark(self, task: str) -> v.SpecPlace | None:
        """How a task stands."""
        return next((mark for marks in self.marks.values() for mark in marks if mark.task == task), None)

    def open_tasks(self, root: str) -> tuple[OpenTask, ...]:
        """The tasks of a checkout that are not over, as rules look at them."""
        return tuple(self._open_task(mark) for mark in self.marks.get(root, ()) if mark.state in OPEN)

    def running(self) -> dict[str, str]:
        """The titles of the tasks that run, by id."""
        every = (mark for marks in self.marks.values() for mark in marks)
        return {mark.task: mark.title for mark in every if mark.state is State.RUNNING}

    def inbox(self) -> list[str]:
        """The tasks that wait for a decision: the one asked for, then the oldest first."""
        waiting = [mark.task for marks in self.marks.values() for mark in marks if mark.state is State.REVIEW][::-1]
        first = [task for task in waiting if task == self.wanted]
        return [*first, *(task for task in waiting if task != self.wanted)]

    def waits_for_save(self, task: str) -> bool:
        """Whether all is decided, and what was accepted is in buffers alone."""
        review = self.reviews.get(task)
        if review is None or review is self.shown or review.undecided:
            return False
        return any(not fact.final for fact in review.facts.values())

    def settled(self, task: str, hunks: Iterable[str]) -> None:
        """These hunks are no longer in a buffer alone."""
        left = self.unsaved.pop(task, set()) - set(hunks)
        self.undone.get(task, set()).difference_update(hunks)
        if left:
            self.unsaved[task] = left
        else:
            self.drop(task)

    def drop(self, task: str) -> None:
        """Nothing of this task is in a buffer alone."""
        for kept in (self.unsaved, self.undone, self.decided):
            kept.pop(task, None)

    def forget(self, tasks: Iterable[str]) -> None:
        """These changed: ask for their results again."""
        self.forgotten += 1
        for task in tasks:
            self.reviews.pop(task, None)

    def _open_task(self, mark: v.SpecPlace) -> OpenTask:
        return OpenTask(
            path=self.moved.get(mark.task, mark.path),
            slug=slug(self.titles.get(mark.task, mark.title)),
            handle=mark.handle,
            digest=mark.digest,
            title=mark.title,
            state=mark.state,
            scope=mark.scope,
            age=ago(datetime.now(UTC) - mark.queued) if mark.queued else "",
        )
