"""Follows a plan while the human types: plans the touched region alone, whatever the size of the file.

For display. A full plan is made when typing rests, on save, and before every edit that is sent.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

from specwright.review.diff import Change, diff, settle
from specwright.review.hunks import HunkKind
from specwright.review.plan import Plan, explained_by
from specwright.review.reading import Reading
from specwright.review.spelling import Spelling, without_bom


@dataclass(frozen=True, slots=True)
class Typed:
    """The lines `[first, last)` of the live text were replaced by `count` lines."""

    first: int
    last: int
    count: int

    @property
    def grow(self) -> int:
        """By how many lines the text became longer."""
        return self.count - (self.last - self.first)


def tracked(plan: Plan, live: Sequence[str], typed: Typed) -> Plan:
    """The plan of `live`, which is what the plan's live text became by `typed`.

    Equal to the full plan where the lines in and around the touched region tell it apart from the rest;
    among repeated lines a full diff may align otherwise. The plan of a file created, deleted or gone stays.
    """
    reading = plan.explained.reading
    if plan.live is None or any(hunk.kind is not HunkKind.TEXT for hunk in reading.proposal.hunks):
        return replace(plan, live=live)
    text = _Compared(live, plan.spelling)
    edits = _edits_after(reading, plan.explained.edits, text, typed)
    return replace(plan, live=live, explained=explained_by(reading, edits, text, plan.facts))


class _Compared(Sequence[str]):
    """Live lines as they are compared, spelled anew when they are read."""

    __slots__ = ("_lines", "_spelling")

    def __init__(self, lines: Sequence[str], spelling: Spelling) -> None:
        self._lines = lines
        self._spelling = spelling

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        lines = list(self._lines[place])
        if self._spelling.bom and place.start == 0:
            lines = without_bom(lines)
        return self._spelling.compared(lines)


def _edits_after(reading: Reading, edits: tuple[Change, ...], live: _Compared, typed: Typed) -> tuple[Change, ...]:
    """What leads from the reading to the live text: edits that `typed` does not touch stay as they are."""
    low = bisect_left(edits, typed.first, key=lambda edit: edit.new_end)
    high = bisect_right(edits, typed.last, key=lambda edit: edit.new_start)
    first = min([typed.first, *(edit.new_start for edit in edits[low:high])])
    last = max([typed.last, *(edit.new_end for edit in edits[low:high])])
    old_first, old_last = first - _offset(edits, low), last - _offset(edits, high)
    window = diff(reading.lines[old_first:old_last], live[first : last + typed.grow])
    changes = [change.moved(old_first, first) for change in window]
    below = [edit.moved(0, typed.grow) for edit in edits[high:]]
    return (*edits[:low], *settle(reading.lines, live, changes, below))


def _offset(edits: tuple[Change, ...], number: int) -> int:
    """By how many lines the live text is ahead of the reading above the edit of this number."""
    return edits[number - 1].new_end - edits[number - 1].old_end if number else 0
