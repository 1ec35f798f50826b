import pytest

from review.texts import lines
from specwright.review.edits import applied, joined
from specwright.spec.edit import LineEdit


def edit(start: int, end: int, words: str = "") -> LineEdit:
    return LineEdit(start, end, tuple(lines(words)))


@pytest.mark.parametrize(
    ("edits", "after"),
    [
        ([], "a b c"),
        ([edit(1, 2, "x y")], "a x y c"),
        ([edit(3, 3, "d"), edit(0, 1)], "b c d"),
        ([edit(2, 3, "z"), edit(1, 2, "y"), edit(0, 0, "x")], "x a y z"),
    ],
)
def test_edits_stand_from_bottom_to_top(edits: list[LineEdit], after: str) -> None:
    assert applied(lines("a b c"), edits) == lines(after)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([edit(0, 1, "x"), edit(3, 4, "y")], [edit(3, 4, "y"), edit(0, 1, "x")]),
        ([edit(2, 3, "y"), edit(0, 2, "x")], [edit(0, 3, "x y")]),
        ([edit(2, 2, "x"), edit(2, 4)], [edit(2, 4, "x")]),
        ([edit(4, 5), edit(0, 1), edit(1, 2, "m"), edit(2, 3)], [edit(4, 5), edit(0, 3, "m")]),
    ],
)
def test_edits_that_touch_are_made_one(edits: list[LineEdit], expected: list[LineEdit]) -> None:
    assert joined(edits) == expected
    text = lines("1 2 3 4 5")
    apart = sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True)
    assert applied(text, expected) == applied(text, apart)
