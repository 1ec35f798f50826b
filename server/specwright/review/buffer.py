"""The plan of one file in the lines of the user's own buffer, where the task's spec block stands as well.

Finding the block is the caller's part; what is edited here leaves it alone until it is to be removed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from specwright.review.block import Gap, Outside, without
from specwright.review.edits import joined
from specwright.review.hunks import Hunk, Sides
from specwright.review.plan import Fact, Plan, Standing, accept, plan, reject
from specwright.review.reading import At
from specwright.review.spelling import BOM, apart, below_bom
from specwright.review.tracker import Typed, tracked
from specwright.spec.edit import LineEdit

Decide = Callable[[Plan, Iterable[str]], list[LineEdit]]


@dataclass(frozen=True, slots=True)
class Buffer:
    """A live text, None where the file is gone, and the lines of it that are the task's own spec.

    `barred` is true of a file that must be neither created nor deleted, whatever its lines are: something else than
    a text is there, or a spec that a human has gone on writing.
    """

    lines: Sequence[str] | None
    block: range | None = None
    barred: bool = False

    @property
    def gap(self) -> Gap:
        """Where the block is missing once it is taken out."""
        return Gap(self.block.start, len(self.block)) if self.block else Gap()


@dataclass(frozen=True, slots=True)
class BufferPlan:
    """A plan whose standings and edits count the buffer's own lines."""

    sides: Sides
    buffer: Buffer
    plan: Plan

    @property
    def standings(self) -> tuple[Standing, ...]:
        """One per hunk, in the order of the hunks; a region around the block includes it."""
        return tuple(self._outer(standing) for standing in self.plan.standings)

    def accept(self, ids: Iterable[str]) -> list[LineEdit]:
        """As `plan.accept`, around the block."""
        return self._around(accept, At.RESULT, ids)

    def reject(self, ids: Iterable[str]) -> list[LineEdit]:
        """As `plan.reject`, around the block."""
        return self._around(reject, At.BASE, ids)

    def _around(self, decide: Decide, at: At, ids: Iterable[str]) -> list[LineEdit]:
        chosen = list(dict.fromkeys(ids))
        decide(self.plan, chosen)  # so that a refusal names all
        gap, lines = self.buffer.gap, self.buffer.lines or ()
        bare = replace(self.plan, spelling=replace(self.plan.spelling, bom=False))  # it may belong above the block
        done = joined(
            part
            for hunk_id in chosen
            for edit in decide(bare, [hunk_id])
            for part in gap.over(edit, self._above(self.plan.standing(hunk_id).hunk, at))
        )
        done = [apart(edit, lines) for edit in done]
        if done and lines and lines[0].startswith(BOM):
            done[-1] = below_bom(done[-1], lines)
        return joined(done)

    def _above(self, hunk: Hunk, at: At) -> int | None:
        """How many of the hunk's lines stand above the block on that side, if the block is there."""
        result = at is At.RESULT
        gap = self.sides.result_gap if result else self.sides.base_gap
        start, end = (hunk.new_start, hunk.new_end) if result else (hunk.old_start, hunk.old_end)
        return min(max(gap.start - start, 0), end - start) if gap.size else None

    def _outer(self, standing: Standing) -> Standing:
        start, end = self.buffer.gap.outer(standing.start, standing.end)
        return replace(standing, start=start, end=end)


def plan_buffer(sides: Sides, buffer: Buffer, hunks: Iterable[Hunk], facts: Mapping[str, Fact]) -> BufferPlan:
    """As `plan.plan`, with the block taken out of the buffer."""
    live = None if buffer.lines is None else without(buffer.lines, buffer.block)[0]
    return BufferPlan(sides, buffer, plan(sides.base, sides.result, live, hunks, facts, barred=buffer.barred))


def follow(planned: BufferPlan, buffer: Buffer, typed: Typed) -> BufferPlan | None:
    """The plan of `buffer`, which is what the planned one became by `typed`; as `tracker.tracked`.

    None where the block came, went, or took lines in or lost them: then plan anew.
    """
    if buffer.lines is None or planned.buffer.lines is None:
        return None
    inner = _typed_outside(planned.buffer.block, buffer.block, typed)
    if inner is None:
        return None
    return BufferPlan(planned.sides, buffer, tracked(planned.plan, Outside(buffer.lines, buffer.gap), inner))


def _typed_outside(before: range | None, after: range | None, typed: Typed) -> Typed | None:
    """What was typed, in lines outside the block; None where the block is not just what it has become by it."""
    if not before or not after:
        return typed if before == after else None
    if typed.first >= before.stop:
        outside, expected = Typed(typed.first - len(before), typed.last - len(before), typed.count), before
    elif typed.last <= before.start:
        outside, expected = typed, range(before.start + typed.grow, before.stop + typed.grow)
    elif typed.first >= before.start and typed.last <= before.stop:
        outside, expected = (
            Typed(before.start, before.start, 0),
            range(before.start, before.stop + typed.grow),
        )
    else:
        return None
    return outside if after == expected else None
