"""Which spec is whose task: found again by name, by the edits of this window, by similar words, in another file."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from specwright.api import messages as m
from specwright.api import views as v
from specwright.lsp.document import Document, Place, keys_of
from specwright.lsp.index import Index
from specwright.spec.document import Block
from specwright.spec.identity import Placed, match, similar, slug, words_of
from specwright.tasks.model import OPEN

Find = Callable[[Document, v.SpecPlace], Place | None]


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
    specs = [(entry.mark, entry.block.specs[entry.number], entry.line + 1) for entry in entries if entry.block]
    return tuple(
        m.SpecSeen(mark.task, document.relative, line, spec.title, spec.goal, spec.handle)
        for mark, spec, line in specs
        if mark.state in OPEN
        and (mark.path, mark.title, mark.goal, mark.handle) != (document.relative, spec.title, spec.goal, spec.handle)
    )


def marked(document: Document, marks: Iterable[v.SpecPlace], before: Iterable[Marked] = ()) -> list[Marked]:
    """Each spec's newest task; open tasks whose spec is gone keep their line. `before` are those before an edit."""
    taken: dict[Place, Marked] = {}
    left = list(marks)
    followed = _followed(document, before)
    by_content = _by_content(left, followed, taken)
    for find in (by_content, lambda _, mark: followed.get(mark.task), _by_title, _by_words(taken)):
        left = [mark for mark in left if not _take(document, taken, find(document, mark), mark)]
    gone = (mark for mark in left if mark.state in OPEN)
    return [*taken.values(), *(Marked(mark, max(0, min(mark.line, len(document.rows)) - 1)) for mark in gone)]


def moved(marks: Mapping[str, Sequence[v.SpecPlace]], index: Index) -> dict[str, str]:
    """The open tasks of checkouts whose specs are in another file than at queueing, by id, and that file."""
    return {task: path for root, of_root in marks.items() for task, path in _moved(of_root, index, root).items()}


def _moved(marks: Sequence[v.SpecPlace], index: Index, root: str) -> dict[str, str]:
    known = {mark.task: Placed(mark.path, slug(mark.title), mark.handle) for mark in marks if mark.state in OPEN}
    if not index.is_whole(root) or all(index.holds(root, placed) for placed in known.values()):
        return {}
    found = (Placed(entry.known.path, entry.slug, entry.known.handle) for entry in index.specs(root))
    pairs = match(known.values(), found)
    now = {task: pairs[placed].path for task, placed in known.items() if placed in pairs}
    return {task: path for task, path in now.items() if path != known[task].path}


def _take(document: Document, taken: dict[Place, Marked], place: Place | None, mark: v.SpecPlace) -> bool:
    """Whether a task belongs to the spec at a place, be it that a newer one stands there already."""
    if place is None:
        return False
    if other := taken.get(place):
        return keys_of(other.mark)[0] == keys_of(mark)[0] or other.mark.title == mark.title
    block, number = place
    outdated = document.names(block).digests[number] != mark.digest
    taken[place] = Marked(mark, block.specs[number].span.start.line, block, number, outdated)
    return True


def _by_content(marks: Sequence[v.SpecPlace], followed: Mapping[str, Place], taken: Container[Place]) -> Find:
    """By the handle, or the whole text; among twins by the edits of this window, else in the order of their lines."""
    opened = [mark for mark in marks if mark.state in OPEN]

    def find(document: Document, mark: v.SpecPlace) -> Place | None:
        key = next((key for key in keys_of(mark)[:-1] if document.named(key)), "")
        places = document.named(key)
        if len(places) < 2 or followed.get(mark.task) in places:  # twins
            return followed[mark.task] if len(places) > 1 else next(iter(places), None)
        lines = sorted({twin.line for twin in opened if key in keys_of(twin)} | {mark.line})
        if len(lines) == len(places):
            return places[lines.index(mark.line)]
        free = [place for place in places if place not in taken] if mark.state in OPEN else []
        return min(free or places, key=lambda place: abs(_line(place) - mark.line))

    return find


def _line(place: Place) -> int:
    block, number = place
    return block.first + block.specs[number].span.start.line + 1


def _by_title(document: Document, mark: v.SpecPlace) -> Place | None:
    return next(iter(document.named(keys_of(mark)[-1])), None)


def _followed(document: Document, before: Iterable[Marked]) -> dict[str, Place]:
    """Where the edits since then took the tasks' specs."""
    found = ((entry, document.heir((entry.block, entry.number))) for entry in before if entry.block)
    return {entry.mark.task: place for entry, place in found if place}


def _by_words(taken: Container[Place]) -> Find:
    """Where no other task stands, an open one's spec may have been reworded."""

    def find(document: Document, mark: v.SpecPlace) -> Place | None:
        words = words_of(mark.title, mark.goal) if mark.state in OPEN else frozenset()
        specs = ((b, n, spec) for b, n, spec in document.placed() if (b, n) not in taken)
        return next(((b, n) for b, n, spec in specs if similar(words, words_of(spec.title, spec.goal))), None)

    return find
