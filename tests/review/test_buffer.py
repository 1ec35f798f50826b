from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.texts import FINAL, changed, lines, numbered, steps, trios
from specwright.errors import Refused
from specwright.review.buffer import Buffer, BufferPlan, plan_buffer
from specwright.review.edits import applied
from specwright.review.hunks import FileResult, HunkState, hunks_of, sides_of
from specwright.review.own import block
from specwright.review.plan import Fact
from specwright.review.reading import At
from specwright.review.spelling import BOM
from specwright.spec.lines import split_lines
from specwright.spec.own import Own

BLOCK = ["# spec! A\n", "# - [ ] b\n"]


def with_block(text: list[str], at: int) -> tuple[list[str], range]:
    at = min(at, len(text))
    return [*text[:at], *BLOCK, *text[at:]], range(at, at + len(BLOCK))


def in_buffer(
    base: list[str], result: list[str], live: list[str], at: tuple[int, int, int], facts: dict[str, Fact] | None = None
) -> BufferPlan:
    """A plan where the block stands at these lines of the three texts."""
    (old, old_block), (new, new_block) = with_block(base, at[0]), with_block(result, at[1])
    file = FileResult("a.py", "".join(old), "".join(new), base_block=old_block, result_block=new_block)
    return plan_buffer(sides_of(file), Buffer(*with_block(live, at[2])), hunks_of(file, 1, 1), facts or {})


def pending(of: BufferPlan) -> list[str]:
    return [standing.hunk.id for standing in of.standings if standing.state is HunkState.PENDING]


def accepted(of: BufferPlan, ids: list[str]) -> list[str]:
    return applied(of.buffer.lines, of.accept(ids))


@pytest.mark.parametrize(
    ("base", "result"),
    [
        ("B a b", "B x b"),
        ("B a b", "B x a b"),
        ("B a b", "x B a b"),
        ("B a b", "B b"),
        ("a B b", "x B b"),
        ("a B b", "a B x"),
        ("a B b", "x B y"),
        ("a B b", "B"),
        ("a B b", "a x B b"),
        ("a B b", "a B x b"),
        ("a B b", "a x B y b"),
        ("a b B", "a x B"),
        ("a b B", "a b B x"),
        ("a b B", "a b x B"),
    ],
)
def test_a_change_right_above_or_below_the_block_is_no_conflict(base: str, result: str) -> None:
    old, new = base.split(), result.split()
    at = (old.index("B"), new.index("B"), old.index("B"))
    texts = [lines(" ".join(word for word in words if word != "B")) for words in (old, new, old)]
    found = in_buffer(*texts, at)
    assert {standing.state for standing in found.standings} == {HunkState.PENDING}
    assert accepted(found, pending(found)) == with_block(texts[1], at[1])[0]


@given(trios(), st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 25)))
def test_the_block_is_transparent(texts: tuple[list[str], ...], at: tuple[int, int, int]) -> None:
    base, result, live = texts
    found = in_buffer(base, result, live, at)
    plain = plan_buffer(found.sides, Buffer(live), [s.hunk for s in found.standings], {})
    assert [(s.state, s.at) for s in found.standings] == [(s.state, s.at) for s in plain.standings]
    after = accepted(found, pending(found))
    assert [line for line in after if line not in BLOCK] == accepted(plain, pending(plain))
    assert [line for line in after if line in BLOCK] == BLOCK
    first = after.index(BLOCK[0])
    assert after[first : first + 2] == BLOCK


@given(steps, st.integers(0, 25), st.integers(0, 25), st.integers(0, 25))
def test_lines_land_above_or_below_the_block_as_the_run_put_them(
    run: list[tuple[int, int, int]], size: int, old: int, new: int
) -> None:
    """The block stays where it is; what the run put above it, next to it, comes above it."""
    base = numbered(size)
    result = changed(base, run, "run")
    found = in_buffer(base, result, base, (old, new, old))
    touching = [s for s in found.standings if s.hunk.old_start <= min(old, size) <= s.hunk.old_end]
    after = accepted(found, pending(found))
    above, below = after[: after.index(BLOCK[0])], after[after.index(BLOCK[1]) + 1 :]
    assert above + below == result
    for standing in touching:
        put = result[standing.hunk.new_start : standing.hunk.new_end]
        assert [line for line in put if line in above] == [line for line in put if line in result[:new]]


@given(trios(), st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 25)))
def test_accept_then_reject_is_identity_around_a_block(texts: tuple[list[str], ...], at: tuple[int, int, int]) -> None:
    base, result, _ = texts
    found = in_buffer(base, result, base, (at[2], at[1], at[2]))
    ids = pending(found)
    after = accepted(found, ids)
    place = after.index(BLOCK[0])
    done = Buffer(after, range(place, place + 2))
    again = plan_buffer(found.sides, done, [s.hunk for s in found.standings], dict.fromkeys(ids, FINAL))
    assert applied(after, again.reject(ids)) == found.buffer.lines


@given(trios(), st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 25)))
def test_edits_are_apart_so_that_one_workspace_edit_can_hold_them(
    texts: tuple[list[str], ...], at: tuple[int, int, int]
) -> None:
    found = in_buffer(*texts, at)
    edits = found.accept(pending(found))
    for lower, upper in pairwise(edits):
        assert upper.end < lower.start


TOP, BLOCKED = "".join(BLOCK), Own("a.py", "", "A")


@pytest.mark.parametrize(
    ("base", "result", "live", "after"),
    [
        (f"b\n{TOP}", "n\nb", f"b\n{TOP}", f"n\nb\n{TOP}"),
        (f"b\n{TOP}", "n\nb", f"b\r\n{TOP}", f"n\r\nb\r\n{TOP}"),
        (f"b\n{TOP}", "c", f"b\n{TOP[:-1]}", f"c\n{TOP[:-1]}"),
        (f"{TOP}b\n", "c", f"b\n{TOP}", f"c\n{TOP}"),
        (TOP[:-1], f"{TOP}n\n", TOP[:-1], f"{TOP}n\n"),
        (TOP[:-1], f"{TOP}n", TOP[:-1], f"{TOP}n\n"),
        (f"{TOP}b\n", f"{TOP}b", f"{TOP}b\n", f"{TOP}b"),
        (f"b\n{TOP}a\n", f"{TOP}a\n", f"{BOM}b\n{TOP}a\n", f"{BOM}{TOP}a\n"),
        (f"b\n{TOP}a\n", "a\n", f"{BOM}b\n{TOP}a\n", f"{BOM}{TOP}a\n"),
        (f"{BOM}b\n{TOP}a\n", f"{BOM}a\n", f"{BOM}b\n{TOP}a\n", f"{BOM}{TOP}a\n"),
        (f"{BOM}{TOP}a\n", f"{BOM}n\n{TOP}a\n", f"{BOM}{TOP}a\n", f"{BOM}n\n{TOP}a\n"),
        (f"{BOM}{TOP}a\n", f"{BOM}{TOP}n\na\n", f"{BOM}{TOP}a\n", f"{BOM}{TOP}n\na\n"),
        (f"{BOM}{TOP}", f"{BOM}n\n{TOP}", f"{BOM}{TOP}", f"{BOM}n\n{TOP}"),
    ],
)
def test_the_block_is_glued_to_nothing_and_a_bom_stays_in_front(base: str, result: str, live: str, after: str) -> None:
    blocks = [block(BLOCKED, "a.py", text) for text in (base, result, live)]
    file = FileResult("a.py", base, result, base_block=blocks[0], result_block=blocks[1])
    found = plan_buffer(sides_of(file), Buffer(split_lines(live), blocks[2]), hunks_of(file, 1, 1), {})
    assert "".join(accepted(found, [standing.hunk.id for standing in found.standings])) == after


def test_what_was_put_in_above_a_block_at_the_end_stands_and_can_be_taken_back() -> None:
    live = f"b\n{TOP}"
    file = FileResult("a.py", live, "n\nb", base_block=range(1, 3))
    sides, hunks = sides_of(file), hunks_of(file, 1, 1)
    after = accepted(plan_buffer(sides, Buffer(split_lines(live), range(1, 3)), hunks, {}), ["1.1"])
    again = plan_buffer(sides, Buffer(after, range(2, 4)), hunks, {"1.1": FINAL})
    assert [standing.state for standing in again.standings] == [HunkState.ACCEPTED]
    assert "".join(applied(after, again.reject(["1.1"]))) == live


def test_a_region_around_the_block_includes_it() -> None:
    found = in_buffer(lines("a b c d"), lines("a x y d"), lines("a b c d"), (2, 2, 2))
    assert [(s.start, s.end) for s in found.standings] == [(1, 5)]


def test_a_file_that_is_gone_has_a_plan() -> None:
    file = FileResult("a.py", None, "a\n", modes=("000000", "100644"))
    found = plan_buffer(sides_of(file), Buffer(None), hunks_of(file, 1, 1), {})
    assert [(s.at, s.state) for s in found.standings] == [(At.BASE, HunkState.PENDING)]
    assert applied([], found.accept(["1.1"])) == ["a\n"]


def test_a_refusal_around_a_block_names_all() -> None:
    found = in_buffer(lines("1 a 2 b 3"), lines("1 x 2 y 3"), lines("1 mine 2 own 3"), (2, 2, 2))
    with pytest.raises(Refused, match=r"1\.1, 1\.2"):
        found.accept(["1.1", "1.2"])


def test_a_hunk_named_twice_is_put_in_once() -> None:
    found = in_buffer(lines("a b"), lines("a x b"), lines("a b"), (1, 1, 1))
    assert found.accept(["1.1", "1.1"]) == found.accept(["1.1"])
