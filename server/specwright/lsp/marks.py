"""Which spec is whose task: found again by name, by the edits of this window, by similar words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from specwright.api import messages as m
from specwright.api import views as v
from specwright.lsp.document import Document, Place, keys_of
from specwright.spec.document import Block
from specwright.spec.identity import reworded, words_of
from specwright.tasks.model import OPEN

Found = Iterator[tuple[v.SpecPlace, Place, bool]]
"""Tasks, the specs that a rule takes for theirs, and whether it is sure."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A task at its spec, or at the line where it stood when the spec is gone."""

    mark: v.SpecPlace
    row: int
    """From the block's first, so that it moves with the block; without a block from the document's."""
    block: Block | None = None
    number: int = 0
    """Of the spec in its block."""
    outdated: bool = False
    sure: bool = True
    """False where it may be another's spec, for nothing but its words or its title in another file tells: it is shown
    there, and nobody else is told."""

    @property
    def line(self) -> int:
        """The line in the document as it is now."""
        return self.row + (self.block.first if self.block else 0)

    @property
    def title(self) -> str:
        """Of the spec as it is now; the task's own where the spec is gone."""
        return self.block.specs[self.number].title if self.block else self.mark.title


def seen(document: Document, entries: Iterable[Marked]) -> tuple[m.SpecSeen, ...]:
    """The specs of open tasks that are called otherwise, or are in another file, than the daemon knows."""
    known = (entry for entry in entries if entry.block and entry.sure)
    specs = [(entry.mark, entry.block.specs[entry.number], entry.line + 1) for entry in known if entry.block]
    return tuple(
        m.SpecSeen(mark.task, document.relative, line, spec.title, spec.goal, spec.handle)
        for mark, spec, line in specs
        if mark.state in OPEN
        and (mark.path, mark.title, mark.goal, mark.handle) != (document.relative, spec.title, spec.goal, spec.handle)
    )


def marked(document: Document, marks: Iterable[v.SpecPlace], before: Iterable[Marked] = ()) -> list[Marked]:
    """Each spec's newest task; open tasks whose spec is gone keep their line. `before` are those before an edit."""
    left = list(marks)
    placing = _Placing(document, left, list(before))
    for rule in (placing.by_content, placing.by_edits, placing.by_title, placing.by_words):
        found = {mark.task for mark, place, sure in rule(left) if placing.take(mark, place, sure)}
        left = [mark for mark in left if mark.task not in found]
    gone = (mark for mark in left if mark.state in OPEN)
    return [*placing.taken.values(), *(Marked(mark, max(0, min(mark.line, len(document.rows)) - 1)) for mark in gone)]


class _Placing:
    """Gives the specs of a document to tasks, by one rule after the other."""

    def __init__(self, document: Document, marks: Sequence[v.SpecPlace], before: Sequence[Marked]) -> None:
        self.taken: dict[Place, Marked] = {}
        self._document = document
        self._opened = [mark for mark in marks if mark.state in OPEN]
        self._guessed = {entry.mark.task for entry in before if not entry.sure}
        self._followed = _followed(document, before)

    def take(self, mark: v.SpecPlace, place: Place, sure: bool) -> bool:
        """Whether a task belongs to the spec at a place, be it that a newer one stands there already."""
        if other := self.taken.get(place):
            return keys_of(other.mark)[0] == keys_of(mark)[0] or _title(other.mark) == _title(mark)
        block, number = place
        outdated = self._document.names(block).digests[number] != mark.digest
        self.taken[place] = Marked(mark, block.specs[number].span.start.line, block, number, outdated, sure)
        return True

    def by_content(self, marks: Iterable[v.SpecPlace]) -> Found:
        """By the handle, or the whole text; among twins by the edits of this window, else in the order of lines."""
        for mark in marks:
            key = next((key for key in keys_of(mark)[:-1] if self._document.named(key)), "")
            followed = self._followed.get(mark.task)
            if followed and mark.state in OPEN and mark.task not in self._guessed:
                yield mark, followed, True  # a copy may be what it was before
            elif places := self._document.named(key):
                yield mark, self._of_twins(places, mark, key), True

    def by_edits(self, marks: Iterable[v.SpecPlace]) -> Found:
        """Where the edits since then took the spec."""
        for mark in marks:
            if place := self._followed.get(mark.task):
                yield mark, place, mark.task not in self._guessed

    def by_title(self, marks: Iterable[v.SpecPlace]) -> Found:
        """Sure in the same file, where the title is that of one spec and one task."""
        for mark in marks:
            key = _title(mark)
            if places := self._document.named(key):
                same = [other for other in self._opened if _title(other) == key]
                sure = len(places) == len(same) == 1 and mark.path == self._document.relative
                yield mark, self._of_twins(places, mark, key), sure

    def by_words(self, marks: Sequence[v.SpecPlace]) -> Found:
        """Where no other task stands, an open one's spec may have been reworded; tasks of one title are of one spec."""
        lost = {_title(mark): words_of(mark.title, mark.goal) for mark in reversed(marks) if mark.state in OPEN}
        specs = self._document.placed() if lost else ()
        left = {(b, n): words_of(spec.title, spec.goal) for b, n, spec in specs if (b, n) not in self.taken}
        pairs = reworded(lost, left)
        for mark in marks:
            if mark.state in OPEN and (place := pairs.get(_title(mark))):
                yield mark, place, False

    def _of_twins(self, places: Sequence[Place], mark: v.SpecPlace, key: str) -> Place:
        """Which of those that look the same: in the order of lines, else the nearest where no other spec's task is."""
        free = [place for place in places if (other := self.taken.get(place)) is None or other.mark.line == mark.line]
        left = (mark.state in OPEN and free) or places
        lines = sorted({twin.line for twin in self._opened if key in keys_of(twin)} | {mark.line})
        if len(lines) == len(places) and (place := places[lines.index(mark.line)]) in left:
            return place
        return min(left, key=lambda place: abs(_line(place) - mark.line))


def _title(mark: v.SpecPlace) -> str:
    return keys_of(mark)[-1]


def _line(place: Place) -> int:
    block, number = place
    return block.first + block.specs[number].span.start.line + 1


def _followed(document: Document, before: Iterable[Marked]) -> dict[str, Place]:
    """Where the edits since then took the tasks' specs."""
    found = ((entry, document.heir((entry.block, entry.number))) for entry in before if entry.block)
    return {entry.mark.task: place for entry, place in found if place}
