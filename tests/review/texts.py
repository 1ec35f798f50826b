"""Texts that a run and a human changed side by side, and short ways to plan them."""

from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from specwright.review.edits import applied
from specwright.review.hunks import Decision, FileResult, Hunk, HunkState, hunks_of
from specwright.review.plan import Fact, Plan, accept, plan

change_steps = st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(0, 3))
steps = st.lists(change_steps, max_size=5)
FINAL = Fact(Decision.ACCEPTED, final=True)
PROVISIONAL = Fact(Decision.ACCEPTED, final=False)
REJECTED = Fact(Decision.REJECTED, final=True)


def lines(text: str) -> list[str]:
    """`"a b"` as the lines a and b, each with its newline."""
    return [f"{word}\n" for word in text.split()]


def numbered(count: int) -> list[str]:
    return [f"line {number}\n" for number in range(count)]


def changed(base: list[str], changes: Iterable[tuple[int, int, int]], author: str) -> list[str]:
    """Base after the changes `(place, lines taken, lines put)` of an author whose lines are all different."""
    text, top = list(base), len(base) + 1
    for place, taken, put in sorted(changes, reverse=True):
        place = min(place, len(base))
        if place + taken < top:
            text[place : place + taken] = [f"{author} {place}.{number}\n" for number in range(put)]
            top = place
    return text


@st.composite
def trios(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    """Base, result and live text of lines that are all different; now and then both made one change."""
    base = numbered(draw(st.integers(0, 25)))
    result = changed(base, draw(steps), "run")
    shared = changed(base, draw(st.lists(change_steps, max_size=1)), "run")
    mine = draw(steps)
    live = changed(shared if draw(st.booleans()) else base, mine, "mine")
    return base, result, live


@st.composite
def repetitive_trios(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    """Base, result and live text of three kinds of lines only."""
    some = st.lists(st.sampled_from(["a\n", "b\n", "}\n"]), max_size=12)
    return draw(some), draw(some), draw(some)


def hunks_between(base: list[str], result: list[str]) -> tuple[Hunk, ...]:
    return hunks_of(FileResult("a.py", "".join(base), "".join(result)), 1, 1)


def planned(
    base: list[str], result: list[str], live: list[str] | None, facts: Mapping[str, Fact] | None = None
) -> Plan:
    return plan(base, result, live, hunks_between(base, result), facts or {})


def states(of: Plan) -> list[HunkState]:
    return [standing.state for standing in of.standings]


def pending(of: Plan) -> list[str]:
    return [standing.hunk.id for standing in of.standings if standing.state is HunkState.PENDING]


def after_accepting(of: Plan, ids: Iterable[str]) -> list[str]:
    return applied(of.live or [], accept(of, ids))
