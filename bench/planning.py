"""Accepting a hunk on a live text and following its hunks while typing, beside difflib on the same texts."""

import difflib

from bench.figures import Report
from bench.generate import CHANGED, PLACE, python_file
from bench.stage import say
from bench.stats import p50, p99, sampled
from specwright.review.buffer import Buffer, BufferPlan, follow, plan_buffer
from specwright.review.hunks import FileResult, Hunk, Sides, hunks_of, sides_of
from specwright.review.tracker import Typed

SIZES = ((2_000, 5.0), (30_000, 30.0))
"""Lines, and the target of one accept in milliseconds."""
HUNKS = 20
TIMES, PEER_TIMES = 50, 5


async def planning(quick: bool) -> Report:
    """Row g."""
    report = Report()
    for lines, target in SIZES:
        say(f"{lines:,} lines")
        _measure(report, lines, target, 5 if quick else TIMES)
    return report


def _measure(report: Report, lines: int, target: float, times: int) -> None:
    source = python_file(lines, 1, HUNKS)
    result = source.text.replace(f"{PLACE}\n", f"{CHANGED}\n")
    file = FileResult(path="a.py", base=source.text, result=result)
    hunks, sides = hunks_of(file, 1, 1), sides_of(file)
    live = source.lines
    live[lines // 2 : lines // 2] = ["# typed meanwhile\n"]
    accepted = sampled(lambda: _accept(sides, live, hunks), times)
    followed = sampled(_Typing(plan_buffer(sides, Buffer(live), hunks, {}), live).key, times)
    peer = sampled(lambda: list(difflib.SequenceMatcher(None, sides.base, live).get_opcodes()), min(times, PEER_TIMES))
    beside = f"difflib, one comparison {p50(peer):.1f}"
    report.add(f"plan and accept a hunk, {lines:,} lines, {HUNKS} hunks, p50", p50(accepted), "ms", target, beside)
    report.add("following a keystroke with these hunks open, p50", p50(followed), "ms", 2, f"p99 {p99(followed):.2f}")
    report.raw |= {f"accept {lines}": accepted, f"follow {lines}": followed, f"difflib {lines}": peer}


def _accept(sides: Sides, live: list[str], hunks: tuple[Hunk, ...]) -> None:
    """As an editor's accept: the whole text is planned before the edit is made."""
    edits = plan_buffer(sides, Buffer(live), hunks, {}).accept([hunks[HUNKS // 2].id])
    if len(edits) != 1:
        raise RuntimeError(f"one hunk made {len(edits)} edits")


class _Typing:
    """Types a character into one line at each key, a few lines above a hunk."""

    def __init__(self, plan: BufferPlan, live: list[str]) -> None:
        self._plan, self._live = plan, live
        self._line = plan.standings[HUNKS // 2].start - 4

    def key(self) -> None:
        """One keystroke. Raises `RuntimeError` where it can't be followed."""
        line = self._live[self._line].rstrip("\n")
        self._live[self._line] = f"{line}x\n"
        found = follow(self._plan, Buffer(self._live), Typed(self._line, self._line + 1, 1))
        if found is None:
            raise RuntimeError("the keystroke was not followed")
        self._plan = found
