"""Line diff for hunks and plans: exact about text, quick on large files, the same answer for equal input.

Every comparison in review uses this one function, so that what one diff calls a change another finds again.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

LARGEST_PIECE = 4_000_000
"""Old lines times new lines above which a piece without unique lines is one change."""

LARGEST_REPETITION = 40_000
"""Pairs of equal lines above which a piece is one change, too: difflib took 22 s for 1,980 lines of two kinds."""


class Change(NamedTuple):
    """Lines `[old_start, old_end)` became `[new_start, new_end)`; 0-based, one of the two may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    @property
    def grow(self) -> int:
        """By how many lines the new text is longer here."""
        return (self.new_end - self.new_start) - (self.old_end - self.old_start)

    def moved(self, old: int, new: int) -> "Change":
        """The same change, `old` and `new` lines further down."""
        return Change(self.old_start + old, self.old_end + old, self.new_start + new, self.new_end + new)


def diff(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """The changes from `old` to `new`, in order, with at least one common line between any two."""
    old, new = list(old), list(new)
    return settle(old, new, _raw(old, new))


def settle(
    old: Sequence[str], new: Sequence[str], changes: Sequence[Change], below: Sequence[Change] = ()
) -> list[Change]:
    """`changes` slid down as far as they go and joined where they meet, followed by the settled `below`."""
    done = list(reversed(below))
    for change in reversed(changes):
        rest = _come_to_rest(old, new, change, done)
        if rest:
            done.append(rest)
    done.reverse()
    return done


def _raw(old: list[str], new: list[str]) -> list[Change]:
    pieces = [Change(0, len(old), 0, len(new))]
    found: list[Change] = []
    while pieces:
        piece = _trimmed(old, new, pieces.pop())
        if piece.old_start == piece.old_end or piece.new_start == piece.new_end:
            found.append(piece)
            continue
        anchors = _anchors(old, new, piece)
        if anchors:
            pieces += _between(old, new, piece, anchors)
        else:
            found += _small(old, new, piece)
    return sorted(change for change in found if change.old_end > change.old_start or change.grow)


def _trimmed(old: Sequence[str], new: Sequence[str], piece: Change) -> Change:
    old_start, old_end, new_start, new_end = piece
    size = min(old_end - old_start, new_end - new_start)
    head = 0
    while head < size and old[old_start + head] == new[new_start + head]:
        head += 1
    tail, size = 0, size - head
    while tail < size and old[old_end - 1 - tail] == new[new_end - 1 - tail]:
        tail += 1
    return Change(old_start + head, old_end - tail, new_start + head, new_end - tail)


def _anchors(old: list[str], new: list[str], piece: Change) -> list[tuple[int, int]]:
    old_lines, new_lines = old[piece.old_start : piece.old_end], new[piece.new_start : piece.new_end]
    in_old, in_new = Counter(old_lines), Counter(new_lines)
    place = dict(zip(new_lines, range(piece.new_start, piece.new_end), strict=True))
    pairs = [
        (index, place[line])
        for index, line in enumerate(old_lines, piece.old_start)
        if in_old[line] == 1 and in_new.get(line) == 1
    ]
    return _longest_increasing(pairs)


def _longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    targets = [target for _, target in pairs]
    if targets == sorted(targets):
        return pairs
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, target in enumerate(targets):
        size = bisect_left(ends, target)
        before.append(last[size - 1] if size else -1)
        ends[size : size + 1] = [target]
        last[size : size + 1] = [index]
    return [pairs[index] for index in _chain(before, last[-1])]


def _chain(before: list[int], index: int) -> list[int]:
    chain = []
    while index >= 0:
        chain.append(index)
        index = before[index]
    chain.reverse()
    return chain


def _between(old: list[str], new: list[str], piece: Change, anchors: list[tuple[int, int]]) -> list[Change]:
    gaps = []
    old_at, new_at = piece.old_start, piece.new_start
    for old_next, new_next in [*anchors, (piece.old_end, piece.new_end)]:
        if (old_next != old_at or new_next != new_at) and old[old_at:old_next] != new[new_at:new_next]:
            gaps.append(Change(old_at, old_next, new_at, new_next))
        old_at, new_at = old_next + 1, new_next + 1
    return gaps


def _small(old: list[str], new: list[str], piece: Change) -> list[Change]:
    old_lines, new_lines = old[piece.old_start : piece.old_end], new[piece.new_start : piece.new_end]
    if len(old_lines) * len(new_lines) > LARGEST_PIECE or _equal_pairs(old_lines, new_lines) > LARGEST_REPETITION:
        return [piece]
    codes = SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes()
    return [Change(*spans).moved(piece.old_start, piece.new_start) for tag, *spans in codes if tag != "equal"]


def _equal_pairs(old_lines: list[str], new_lines: list[str]) -> int:
    in_new = Counter(new_lines)
    return sum(count * in_new[line] for line, count in Counter(old_lines).items())


def _come_to_rest(old: Sequence[str], new: Sequence[str], change: Change, done: list[Change]) -> Change | None:
    """Slides `change` down; where it meets the nearest of `done` it takes that in and goes on."""
    while change.old_end > change.old_start or change.new_end > change.new_start:
        change = _slid(old, new, change, done[-1].new_start if done else len(new))
        if not done or change.new_end < done[-1].new_start:
            return change
        after = done.pop()
        joined = Change(change.old_start, after.old_end, change.new_start, after.new_end)
        change = _trimmed(old, new, joined)
    return None


def _slid(old: Sequence[str], new: Sequence[str], change: Change, limit: int) -> Change:
    """`limit` is the new line where the next change begins, so that many lines below are common."""
    steps = 0
    room = limit - change.new_end
    if change.old_start == change.old_end:
        while steps < room and new[change.new_start + steps] == new[change.new_end + steps]:
            steps += 1
    elif change.new_start == change.new_end:
        while steps < room and old[change.old_start + steps] == old[change.old_end + steps]:
            steps += 1
    return change.moved(steps, steps)
