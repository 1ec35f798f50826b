from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.texts import FINAL, lines, planned, repetitive_trios, trios
from specwright.review.buffer import Buffer, BufferPlan, follow, plan_buffer
from specwright.review.diff import diff, settle
from specwright.review.hunks import FileResult, hunks_of, sides_of
from specwright.review.plan import explained_by, plan
from specwright.review.tracker import Typed, tracked

BLOCK = ["# spec! A\n", "# - [ ] b\n"]


@dataclass(frozen=True, slots=True)
class Keystroke:
    """Lines `[first, last)` become `put`."""

    first: int
    last: int
    put: list[str]

    def on(self, text: list[str]) -> list[str]:
        return [*text[: self.first], *self.put, *text[self.last :]]

    @property
    def typed(self) -> Typed:
        return Typed(self.first, self.last, len(self.put))


@st.composite
def keystrokes(draw: st.DrawFn, text: list[str], words: st.SearchStrategy[str], number: int) -> Keystroke:
    first = draw(st.integers(0, len(text)))
    last = draw(st.integers(first, min(len(text), first + 3)))
    put = draw(st.lists(words, max_size=2))
    return Keystroke(first, last, [line.replace("N", str(number)) for line in put])


FRESH = st.sampled_from(["typed N\n", "more N\n"])


@given(trios(), st.data())
def test_a_followed_plan_equals_the_full_plan(texts: tuple[list[str], ...], data: st.DataObject) -> None:
    """Where the human's lines are new, each keystroke leads to what a full plan under the same reading says."""
    base, result, live = texts
    found = planned(base, result, live)
    for number in range(3):
        stroke = data.draw(keystrokes(live, FRESH, number))
        live = stroke.on(live)
        found = tracked(found, live, stroke.typed)
        reading = found.explained.reading
        assert found.explained == explained_by(reading, tuple(diff(reading.lines, live)), live, {})
        assert found.live == live


@given(repetitive_trios(), st.data())
def test_a_followed_plan_among_repeated_lines_is_true(texts: tuple[list[str], ...], data: st.DataObject) -> None:
    """The alignment may be another, but what it says of a region stands there, and the edits lead to the text."""
    base, result, live = texts
    found = planned(base, result, live)
    stroke = data.draw(keystrokes(live, st.sampled_from(["a\n", "b\n"]), 0))
    live = stroke.on(live)
    found = tracked(found, live, stroke.typed)
    text = list(found.explained.reading.lines)
    for edit in reversed(found.explained.edits):
        text[edit.old_start : edit.old_end] = live[edit.new_start : edit.new_end]
    assert text == live
    assert settle(found.explained.reading.lines, live, found.explained.edits) == list(found.explained.edits)
    for standing in found.standings:
        if standing.at != "neither":
            assert live[standing.start : standing.end] == found.proposal.lines(standing.hunk, standing.at)


@settings(max_examples=50)
@given(trios(), st.data())
def test_typing_and_taking_it_back_leaves_the_plan_as_it_was(texts: tuple[list[str], ...], data: st.DataObject) -> None:
    base, result, live = texts
    found = planned(base, result, live)
    stroke = data.draw(keystrokes(live, FRESH, 0))
    back = Keystroke(stroke.first, stroke.first + len(stroke.put), live[stroke.first : stroke.last])
    there = tracked(found, stroke.on(live), stroke.typed)
    assert tracked(there, live, back.typed) == found


def test_an_accepted_hunk_becomes_edited_while_it_is_typed_into() -> None:
    base, result = lines("1 a 2"), lines("1 x y 2")
    found = planned(base, result, result, {"1.1": FINAL})
    after = tracked(found, lines("1 x mine 2"), Typed(2, 3, 1))
    assert [(s.state, s.start, s.end) for s in after.standings] == [("edited", 1, 3)]


def test_a_hunk_typed_by_hand_is_there_already() -> None:
    found = planned(lines("1 a 2"), lines("1 x 2"), lines("1 a 2"))
    after = tracked(found, lines("1 x 2"), Typed(1, 2, 1))
    assert [(s.state, s.note) for s in after.standings] == [("pending", "already there")]


def test_carriage_returns_and_a_bom_are_followed() -> None:
    live = ["\ufeff1\r\n", "a\r\n", "2\r\n"]
    found = planned(lines("1 a 2"), lines("1 x 2"), live)
    after = tracked(found, ["\ufeff0\r\n", "1\r\n", *live[1:]], Typed(0, 1, 2))
    assert [(s.state, s.start, s.end) for s in after.standings] == [("pending", 2, 3)]
    assert after == tracked(after, after.live, Typed(0, 1, 1))


def test_the_plan_of_a_created_file_stays() -> None:
    file = FileResult("a.py", None, "a\n", modes=("000000", "100644"))
    found = plan([], ["a\n"], [], hunks_of(file, 1, 1), {})
    assert tracked(found, ["m\n"], Typed(0, 0, 1)).standings == found.standings


def buffer(live: list[str], at: int) -> Buffer:
    return Buffer([*live[:at], *BLOCK, *live[at:]], range(at, at + len(BLOCK)))


def buffer_plan(texts: tuple[list[str], ...], at: int) -> BufferPlan:
    file = FileResult("a.py", "".join(texts[0]), "".join(texts[1]))
    return plan_buffer(sides_of(file), buffer(texts[2], at), hunks_of(file, 1, 1), {})


@given(trios(), st.data())
def test_a_plan_is_followed_around_its_block(texts: tuple[list[str], ...], data: st.DataObject) -> None:
    live = texts[2]
    at = data.draw(st.integers(0, len(live)))
    found = buffer_plan(texts, at)
    above = data.draw(st.booleans())
    part = live[:at] if above else live[at:]
    stroke = data.draw(keystrokes(part, FRESH, 0))
    shift = 0 if above else at + len(BLOCK)
    typed = Typed(stroke.first + shift, stroke.last + shift, len(stroke.put))
    now = [*stroke.on(part), *live[at:]] if above else [*live[:at], *stroke.on(part)]
    after = follow(found, buffer(now, at + (typed.grow if above else 0)), typed)
    inner = tracked(
        planned(*texts), now, stroke.typed if above else Typed(stroke.first + at, stroke.last + at, len(stroke.put))
    )
    assert after is not None
    assert [(s.hunk, s.state, s.at) for s in after.standings] == [(s.hunk, s.state, s.at) for s in inner.standings]
    assert list(after.plan.live) == now


@pytest.mark.parametrize(
    ("after", "typed"),
    [
        (Buffer(lines("a b")), Typed(1, 3, 0)),  # it went
        (Buffer(lines("a B1 B2 new b"), range(1, 4)), Typed(3, 3, 1)),  # it took a line in
        (Buffer(lines("a mine b"), range(1, 2)), Typed(0, 3, 2)),  # typed over its edge
        (Buffer(None), Typed(0, 4, 0)),
    ],
)
def test_a_block_that_is_another_now_needs_a_full_plan(after: Buffer, typed: Typed) -> None:
    file = FileResult("a.py", "a\nb\n", "a\nx\n")
    before = Buffer(lines("a B1 B2 b"), range(1, 3))
    found = plan_buffer(sides_of(file), before, hunks_of(file, 1, 1), {})
    assert follow(found, after, typed) is None


def test_typing_inside_the_block_changes_no_standing_but_its_place() -> None:
    file = FileResult("a.py", "a\nb\n", "a\nx\n")
    found = plan_buffer(sides_of(file), Buffer(lines("a B1 B2 b"), range(1, 3)), hunks_of(file, 1, 1), {})
    after = follow(found, Buffer(lines("a B1 new B2 b"), range(1, 4)), Typed(2, 2, 1))
    assert after is not None
    assert [(s.state, s.start, s.end) for s in after.standings] == [("pending", 4, 5)]
