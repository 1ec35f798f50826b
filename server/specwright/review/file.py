"""One changed file against one live text: hunks, where they stand in it, and the edits of a verdict.

Puts the parts of review together for views; the task's own block is taken out before anything is compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from specwright.review.block import Gap, without
from specwright.review.edits import LineEdit
from specwright.review.hunks import FileResult, Hunk, HunkKind, Sides, hunks_of, sides_of
from specwright.review.plan import Fact, Plan, Standing, accept, plan, reject
from specwright.spec.lines import split_lines

WHOLE_BY_BYTES = frozenset({HunkKind.RENAMED, HunkKind.MODE, HunkKind.BINARY, HunkKind.LINE_ENDS})
"""Hunks that no edit of lines can make; whoever writes files decides them whole."""


@dataclass(frozen=True, slots=True)
class FileReview:
    """A file's hunks as they stand in a live text of it; None where the file is not there."""

    file: FileResult
    hunks: tuple[Hunk, ...]
    sides: Sides
    plan: Plan
    gap: Gap
    block: range | None

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Each hunk of text with its lines in the whole live text."""
        return tuple(self._outer(standing) for standing in self.plan.standings)

    def accept(self, ids: Iterable[str]) -> list[LineEdit]:
        """Edits of the whole live text, bottom to top, that put hunks in. Raises `Refused` naming those in conflict."""
        return self._over(accept(self.plan, ids))

    def reject(self, ids: Iterable[str]) -> list[LineEdit]:
        """Edits of the whole live text, bottom to top, that take accepted hunks out again."""
        return self._over(reject(self.plan, ids))

    def _over(self, edits: Iterable[LineEdit]) -> list[LineEdit]:
        return [whole for edit in edits for whole in self.gap.over(edit)]

    def _outer(self, standing: Standing) -> Standing:
        start, end = self.gap.outer(standing.start, standing.end)
        return replace(standing, start=start, end=end)


def review_file(
    file: FileResult, run: int, first: int, live: str | None, block: range | None, facts: Mapping[str, Fact]
) -> FileReview:
    """Plan a file's hunks, numbered from `first`, on a live text in which the own block takes the lines `block`."""
    hunks = hunks_of(file, run, first)
    sides = sides_of(file)
    lines, gap = (None, Gap()) if live is None else without(split_lines(live), block)
    planned = plan(sides.base, sides.result, lines, hunks, facts)
    return FileReview(file, hunks, sides, planned, gap, block)
