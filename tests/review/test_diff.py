from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.texts import lines, numbered, repetitive_trios, trios
from specwright.review.diff import Change, diff, settle


def patched(old: list[str], new: list[str], changes: list[Change]) -> list[str]:
    """Old with the changes taken from new."""
    text = list(old)
    for change in reversed(changes):
        text[change.old_start : change.old_end] = new[change.new_start : change.new_end]
    return text


def check_diff(old: list[str], new: list[str]) -> None:
    """Exact, in order, with a common line between any two, and at rest."""
    changes = diff(old, new)
    assert patched(old, new, changes) == new
    for upper, lower in pairwise(changes):
        assert lower.old_start - upper.old_end == lower.new_start - upper.new_end > 0
    assert settle(old, new, changes) == changes
    assert not any(could_slide(old, new, change) for change in changes)


def could_slide(old: list[str], new: list[str], change: Change) -> bool:
    """Whether lines put in, or taken out, could stand one line further down just as well."""
    text, start, end = (old, *change[:2]) if change.new_start == change.new_end else (new, *change[2:])
    only_one = change.old_start == change.old_end or change.new_start == change.new_end
    return only_one and end < len(text) and text[start] == text[end]


@given(trios())
def test_diff_is_exact_and_settled(texts: tuple[list[str], list[str], list[str]]) -> None:
    _, result, live = texts
    check_diff(result, live)


@given(repetitive_trios())
def test_diff_of_repeated_lines_is_exact_and_settled(texts: tuple[list[str], list[str], list[str]]) -> None:
    base, result, live = texts
    check_diff(base, result)
    check_diff(result, live)


@given(repetitive_trios())
def test_diff_is_the_same_for_equal_input(texts: tuple[list[str], list[str], list[str]]) -> None:
    base, result, _ = texts
    assert diff(base, result) == diff(tuple(base), tuple(result))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("a b", "a b", []),
        ("", "a b", [(0, 0, 0, 2)]),
        ("a b", "", [(0, 2, 0, 0)]),
        ("a b c", "a x c", [(1, 2, 1, 2)]),
        ("a c", "a b c", [(1, 1, 1, 2)]),
        ("a }", "a } b }", [(2, 2, 2, 4)]),  # slid down as far as it goes
        ("a b a b c", "a b c", [(2, 4, 2, 2)]),
        ("1 a 2 b 3", "1 x 2 y 3", [(1, 2, 1, 2), (3, 4, 3, 4)]),
        ("a b c", "c a b", [(0, 0, 0, 1), (2, 3, 3, 3)]),  # the longer part counts as kept
    ],
)
def test_diff(old: str, new: str, expected: list[tuple[int, int, int, int]]) -> None:
    assert diff(lines(old), lines(new)) == expected


def test_changes_that_meet_as_they_slide_down_are_joined() -> None:
    apart = [Change(0, 0, 0, 1), Change(1, 2, 2, 3)]
    assert settle(lines("a b"), lines("a a c"), apart) == [Change(1, 2, 1, 3)]


def test_a_change_slides_down_as_far_as_it_goes() -> None:
    assert settle(lines("a b c"), lines("a b a b c"), [Change(0, 0, 0, 2)]) == [Change(2, 2, 2, 4)]


def test_large_repetition_is_one_change_instead_of_a_long_wait() -> None:
    old = ["a\n", "b\n"] * 400
    new = ["x\n", *(["b\n", "a\n", "a\n"] * 400), "y\n"]
    assert diff(old, new) == [Change(0, len(old), 0, len(new))]


def test_one_changed_line_in_a_long_text_of_repeated_lines_is_found() -> None:
    old = ["a\n", "b\n"] * 5000
    new = [*old[:5000], "mine\n", *old[5001:]]
    assert diff(old, new) == [Change(5000, 5001, 5000, 5001)]


def test_unique_lines_are_anchors_in_a_long_text() -> None:
    old = numbered(5000)
    new = list(old)
    places = range(3, 5000, 127)
    for place in places:
        new[place] = f"mine {place}\n"
    assert diff(old, new) == [Change(place, place + 1, place, place + 1) for place in places]


@given(st.integers(-5, 5), st.integers(-5, 5))
def test_a_moved_change_grows_as_before(old: int, new: int) -> None:
    change = Change(5, 6, 7, 9)
    assert change.moved(old, new) == (5 + old, 6 + old, 7 + new, 9 + new)
    assert change.moved(old, new).grow == change.grow == 1
