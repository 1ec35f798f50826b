"""Makes a task's own spec block transparent: takes it out of a text, maps lines and edits back.

Finding the block is the caller's part; here it is a range of line numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from specwright.spec.edit import LineEdit


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a block of `size` lines was taken out: before line `start` of the shortened text."""

    start: int = 0
    size: int = 0

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """The lines `[start, end)` of the shortened text as lines of the whole one.

        Those around the gap include the block; an empty place at the gap is the one below the block.
        """
        lower = start + self.size if start >= self.start else start
        upper = end + self.size if end > self.start else end
        return lower, max(lower, upper)

    def over(self, edit: LineEdit, above: int | None = None) -> list[LineEdit]:
        """The edit of the shortened text as edits of the whole one that leave the block alone, bottom to top.

        `above` of its lines belong above the block where it reaches the gap; by default all of them if only
        what stands above is replaced, else none.
        """
        if not self.size or edit.end < self.start:
            return [edit]
        if edit.start > self.start:
            return [LineEdit(edit.start + self.size, edit.end + self.size, edit.lines)]
        only_above = edit.start < edit.end == self.start
        kept = above if above is not None else len(edit.lines) if only_above else 0
        halves = (
            LineEdit(self.start + self.size, edit.end + self.size, edit.lines[kept:]),
            LineEdit(edit.start, self.start, edit.lines[:kept]),
        )
        return [half for half in halves if half.end > half.start or half.lines]


def without(lines: Sequence[str], block: range | None) -> tuple[list[str], Gap]:
    """The lines without those of the block, and the gap that this leaves."""
    if not block:
        return list(lines), Gap()
    return [*lines[: block.start], *lines[block.stop :]], Gap(block.start, len(block))


class Outside(Sequence[str]):
    """The lines of a text outside a gap, without a copy of the text."""

    __slots__ = ("_gap", "_lines")

    def __init__(self, lines: Sequence[str], gap: Gap) -> None:
        self._lines = lines
        self._gap = gap

    def __len__(self) -> int:
        return len(self._lines) - self._gap.size

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        start, size = self._gap.start, self._gap.size
        if isinstance(place, int):
            place = range(len(self))[place]
            return self._lines[place + size if place >= start else place]
        first, last, _ = place.indices(len(self))
        return [*self._lines[first : min(last, start)], *self._lines[max(first, start) + size : last + size]]
