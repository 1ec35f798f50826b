"""Where the hunks of the task under review stand in one document, followed while the user types."""

from collections.abc import Collection, Iterable, Sequence

from specwright.lsp.convert import Wire
from specwright.lsp.desk import Review, ReviewedFile
from specwright.lsp.document import Document
from specwright.review.buffer import Buffer, BufferPlan, follow, plan_buffer
from specwright.review.diff import diff
from specwright.review.edits import applied
from specwright.review.hunks import BY_LINES, HunkKind, HunkState
from specwright.review.own import block
from specwright.review.plan import Standing
from specwright.review.reading import At
from specwright.review.taking_out import without_own
from specwright.review.tracker import Typed
from specwright.spec.edit import LineEdit

OPEN = frozenset({HunkState.PENDING, HunkState.CONFLICT})
NOT_BY_LINES = frozenset(HunkKind) - BY_LINES | {HunkKind.DELETED}
"""Hunks that no edit of a buffer can make."""


class Pending:
    """The plan of one file on one document."""

    def __init__(self, review: Review, path: str, document: Document) -> None:
        self.review = review
        self.file: ReviewedFile = review.files[path]
        self.document = document
        self.shown: dict[str, tuple[object, Wire]] = {}
        """By hunk, how it is shown, and what that depends on: made once, shown at each keystroke."""
        self.replan()

    def follow(self, typed: Sequence[Typed | None]) -> None:
        """Plan the touched region again; the whole text where that is not enough."""
        only = typed[0] if len(typed) == 1 else None
        self._take((follow(self.plan, self._buffer(), only) if only else None) or self._planned())

    def replan(self) -> None:
        """Plan on the whole text, as before each edit that is sent."""
        self._take(self._planned())

    def accepting(self, ids: Iterable[str], block: bool) -> list[LineEdit]:
        """The edits that put hunks in, and take the task's own block out with them if asked to."""
        edits = self.plan.accept(ids)
        return without_block(self.document, self.review, edits) if block else edits

    def rejecting(self, ids: Iterable[str]) -> list[LineEdit]:
        """The edits that take accepted hunks out again; none for those that are not in."""
        return self.plan.reject(ids)

    def _take(self, plan: BufferPlan) -> None:
        self.plan = plan
        self.open: list[Standing] = [standing for standing in plan.standings if standing.state in OPEN]
        """The hunks that can be decided here, in the order of the lines."""

    def _buffer(self) -> Buffer:
        return Buffer(self.document.rows, self.document.own_block(self.review.own))

    def _planned(self) -> BufferPlan:
        return plan_buffer(self.file.sides, self._buffer(), self.file.hunks, self.review.facts)


def settled(
    review: Review,
    path: str,
    text: tuple[Sequence[str], str],
    ids: Iterable[str],
    undone: Collection[str] = (),
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which hunks of those that were accepted stand in a text of this language, and which were taken back.

    Of those that were `undone` only the result itself stands there: something else was typed instead of it.
    """
    (rows, language), file = text, review.files[path]
    lines = block(review.own.at(review.own.path, language), path, "".join(rows))
    plan = plan_buffer(file.sides, Buffer(rows, lines), file.hunks, review.facts)
    at = {standing.hunk.id: standing.at for standing in plan.standings}
    back = tuple(name for name in ids if _is_back(at.get(name), name in undone))
    return tuple(name for name in ids if name in at and name not in back), back


def _is_back(at: At | None, was_undone: bool) -> bool:
    return at is At.BASE or (at is At.NEITHER and was_undone)


def without_block(document: Document, review: Review, edits: Sequence[LineEdit]) -> list[LineEdit]:
    """These edits of a document and the removal of the task's own block, if it still says what was queued."""
    rows = document.rows
    lines = applied(rows, edits)
    done = without_own(lines, review.own.at(document.relative, document.specs.language.id))
    if done is None:
        return list(edits)
    changes = diff(rows, done)[::-1]
    return [LineEdit(c.old_start, c.old_end, tuple(done[c.new_start : c.new_end])) for c in changes]
