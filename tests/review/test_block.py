import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.texts import lines, numbered
from specwright.review.block import Gap, Outside, without
from specwright.review.edits import applied
from specwright.spec.edit import LineEdit

SIZES = st.integers(0, 8)


@st.composite
def blocked(draw: st.DrawFn) -> tuple[list[str], range]:
    """A text and the lines of a block in it."""
    text = numbered(draw(SIZES))
    start = draw(st.integers(0, len(text)))
    return text, range(start, draw(st.integers(start, len(text))))


@given(blocked(), st.integers(0, 9), st.integers(0, 9))
def test_lines_outside_a_block_are_read_without_a_copy(text: tuple[list[str], range], first: int, last: int) -> None:
    whole, block = text
    expected, gap = without(whole, block)
    outside = Outside(whole, gap)
    assert list(outside) == expected
    assert outside[first:last] == expected[first:last]
    assert outside[first : max(first, last)] == expected[first : max(first, last)]


@given(blocked().filter(lambda text: len(text[0]) > len(text[1])), st.data())
def test_one_line_outside_a_block_is_read_as_from_a_list(text: tuple[list[str], range], data: st.DataObject) -> None:
    expected, gap = without(*text)
    place = data.draw(st.integers(-len(expected), len(expected) - 1))
    assert Outside(text[0], gap)[place] == expected[place]


def test_a_line_beyond_the_text_is_refused() -> None:
    with pytest.raises(IndexError):
        Outside(numbered(4), Gap(1, 2))[2]


@given(blocked(), st.data())
def test_an_edit_over_the_gap_changes_all_but_the_block(text: tuple[list[str], range], data: st.DataObject) -> None:
    whole, block = text
    shortened, gap = without(whole, block)
    start = data.draw(st.integers(0, len(shortened)))
    put = tuple(lines(data.draw(st.sampled_from(["", "x", "x y z"]))))
    edit = LineEdit(start, data.draw(st.integers(start, len(shortened))), put)
    above = data.draw(st.none() | st.integers(0, len(put)))
    after = applied(whole, gap.over(edit, above))
    assert [line for line in after if line not in whole[block.start : block.stop]] == applied(shortened, [edit])
    assert len(after) == len(whole) + len(put) - (edit.end - edit.start)


@given(blocked(), st.data())
def test_outer_lines_hold_the_shortened_ones(text: tuple[list[str], range], data: st.DataObject) -> None:
    whole, block = text
    shortened, gap = without(whole, block)
    start = data.draw(st.integers(0, len(shortened)))
    end = data.draw(st.integers(start, len(shortened)))
    first, last = gap.outer(start, end)
    inside = whole[block.start : block.stop]
    assert [line for line in whole[first:last] if line not in inside] == shortened[start:end]


@pytest.mark.parametrize(
    ("inner", "outer"),
    [((0, 1), (0, 1)), ((0, 2), (0, 2)), ((2, 2), (5, 5)), ((2, 3), (5, 6)), ((1, 3), (1, 6)), ((4, 5), (7, 8))],
)
def test_lines_around_the_gap_include_the_block(inner: tuple[int, int], outer: tuple[int, int]) -> None:
    assert Gap(start=2, size=3).outer(*inner) == outer


@pytest.mark.parametrize(
    ("edit", "above", "after"),
    [
        (LineEdit(0, 2, ("x\n",)), None, "x B c d"),  # only what stands above is replaced
        (LineEdit(2, 2, ("x\n",)), None, "a b B x c d"),
        (LineEdit(2, 2, ("x\n",)), 1, "a b x B c d"),
        (LineEdit(1, 3, ("x\n", "y\n")), 1, "a x B y d"),
        (LineEdit(1, 3, ("x\n", "y\n")), None, "a B x y d"),
        (LineEdit(3, 4, ("x\n",)), None, "a b B c x"),
    ],
)
def test_above_says_which_lines_go_above_the_block(edit: LineEdit, above: int | None, after: str) -> None:
    assert applied(lines("a b B c d"), Gap(2, 1).over(edit, above)) == lines(after)
