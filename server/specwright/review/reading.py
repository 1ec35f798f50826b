"""Where the hunks of a file stand in a live text, under one supposition of which of them were put in.

A reading supposes that the live text is base with some hunks applied, and that the rest is typed by a human.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Protocol

from specwright.review.diff import Change
from specwright.review.hunks import Hunk


class At(StrEnum):
    """What the text in a hunk's region of the live text equals."""

    BASE = "base"
    RESULT = "result"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Place:
    """What stands in a hunk's region, and the region `[start, end)` in lines of the live text."""

    at: At
    start: int
    end: int


class Lines(Protocol):
    """A text of which only slices are read."""

    def __getitem__(self, part: slice, /) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a run makes of one text: its lines before and after, and the hunks between them, in order."""

    base: list[str]
    result: list[str]
    hunks: tuple[Hunk, ...]

    def lines(self, hunk: Hunk, at: At) -> list[str]:
        """The hunk's lines in base or in the result."""
        if at is At.RESULT:
            return self.result[hunk.new_start : hunk.new_end]
        return self.base[hunk.old_start : hunk.old_end]


@dataclass(frozen=True, slots=True)
class Reading:
    """A proposal's base with the hunks `applied` put in: `lines`, and per hunk its region there."""

    proposal: Proposal
    applied: frozenset[str]
    lines: list[str]
    regions: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Cluster:
    """Regions of hunks, by number, and edits that touch one another: lines `[start, end)` of a reading."""

    start: int
    end: int
    numbers: list[int]
    edits: int = 0
    grow: int = 0


def reading_of(proposal: Proposal, applied: frozenset[str]) -> Reading:
    """Supposes that exactly the hunks with the ids `applied` were put into base."""
    lines: list[str] = []
    regions = []
    at = 0
    for hunk in proposal.hunks:
        lines += proposal.base[at : hunk.old_start]
        start = len(lines)
        lines += proposal.lines(hunk, At.RESULT if hunk.id in applied else At.BASE)
        regions.append((start, len(lines)))
        at = hunk.old_end
    lines += proposal.base[at:]
    return Reading(proposal, applied, lines, tuple(regions))


def places(reading: Reading, edits: Sequence[Change], live: Lines) -> tuple[Place, ...]:
    """Per hunk where it stands, if `edits` lead from the reading's lines to `live`."""
    found: dict[int, Place] = {}
    clusters = _clusters(reading, edits)
    moved = accumulate((cluster.grow for cluster in clusters), initial=0)
    for cluster, offset in zip(clusters, moved, strict=False):
        if not cluster.edits:
            found |= {number: _untouched(reading, number, offset) for number in cluster.numbers}
        elif cluster.numbers:
            found |= _touched(reading, cluster, offset, live)
    return tuple(found[number] for number in range(len(reading.proposal.hunks)))


def _clusters(reading: Reading, edits: Iterable[Change]) -> list[_Cluster]:
    """Touching is enough to join: two regions, or two edits, never touch each other."""
    parts = [_Cluster(*region, [number]) for number, region in enumerate(reading.regions)]
    parts += [_Cluster(edit.old_start, edit.old_end, [], 1, edit.grow) for edit in edits]
    clusters: list[_Cluster] = []
    for part in sorted(parts, key=lambda part: (part.start, part.end)):
        if clusters and part.start <= clusters[-1].end:
            _take_in(clusters[-1], part)
        else:
            clusters.append(part)
    return clusters


def _take_in(cluster: _Cluster, part: _Cluster) -> None:
    cluster.end = max(cluster.end, part.end)
    cluster.numbers += part.numbers
    cluster.edits += part.edits
    cluster.grow += part.grow


def _untouched(reading: Reading, number: int, offset: int) -> Place:
    start, end = reading.regions[number]
    at = At.RESULT if reading.proposal.hunks[number].id in reading.applied else At.BASE
    return Place(at, start + offset, end + offset)


def _touched(reading: Reading, cluster: _Cluster, offset: int, live: Lines) -> dict[int, Place]:
    start, end = cluster.start + offset, cluster.end + offset + cluster.grow
    text = list(live[start:end])
    for at in (At.RESULT, At.BASE):
        lines, spans = _composed(reading, cluster, at)
        if lines == text:
            return {
                number: Place(at, start + first, start + last)
                for number, (first, last) in zip(cluster.numbers, spans, strict=True)
            }
    return dict.fromkeys(cluster.numbers, Place(At.NEITHER, start, end))


def _composed(reading: Reading, cluster: _Cluster, at: At) -> tuple[list[str], list[tuple[int, int]]]:
    """The cluster's lines if nothing was typed and its hunks all stood `at` one side; their spans there."""
    lines: list[str] = []
    spans = []
    done = cluster.start
    for number in cluster.numbers:
        start, end = reading.regions[number]
        lines += reading.lines[done:start]
        first = len(lines)
        lines += reading.proposal.lines(reading.proposal.hunks[number], at)
        spans.append((first, len(lines)))
        done = end
    return lines + reading.lines[done : cluster.end], spans
