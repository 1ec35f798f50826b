import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.texts import lines
from specwright.review.edits import applied
from specwright.review.spelling import BOM, Spelling, below_bom, respelled, spelling_of, terminator_of, without_bom
from specwright.spec.edit import LineEdit
from specwright.spec.lines import split_lines

PIECES = st.sampled_from(["a", "b", "\n", "\r\n", "\r", "\f", "\u2028"])
TEXTS = st.lists(PIECES, max_size=12).map(lambda pieces: split_lines("".join(pieces)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("a", None),
        ("a\nb", "\n"),
        ("a\r\nb\r\n", "\r\n"),
        ("a\rb\r", "\r"),
        ("a\r\nb\n", None),
        ("a\r\nb\nc\n", "\n"),
        ("a\r\nb\r\nc\n", "\r\n"),
    ],
)
def test_the_terminator_of_more_than_half_of_the_lines(text: str, expected: str | None) -> None:
    assert terminator_of(split_lines(text)) == expected


@given(TEXTS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_respelled_lines_have_one_terminator_and_the_same_words(text: list[str], terminator: str) -> None:
    done = respelled(text, terminator)
    assert [line.rstrip("\r\n") for line in done] == [line.rstrip("\r\n") for line in text]
    assert all(line.endswith(terminator) for line in done[:-1])
    assert bool(done and done[-1].endswith(terminator)) == bool(text and text[-1].endswith(("\r", "\n")))


@pytest.mark.parametrize(
    ("live", "other", "expected"),
    [
        ("a\nb\n", "a\n", Spelling(None)),
        ("a\r\nb\r\n", "a\r\n", Spelling(None)),
        ("a\r\nb\r\n", "a\n", Spelling("\r\n")),
        ("a\nb\n", "a\r\n", Spelling("\n")),
        ("a\r\nb\n", "a\n", Spelling(None)),
        ("", "a\r\n", Spelling(None)),
        (f"{BOM}a\n", "a\n", Spelling(None, bom=True)),
        (f"{BOM}a\r\n", "a\n", Spelling("\r\n", bom=True)),
    ],
)
def test_texts_are_compared_exactly_unless_the_live_one_has_another_terminator(
    live: str, other: str, expected: Spelling
) -> None:
    assert spelling_of(split_lines(live), split_lines(other)) == expected


@given(TEXTS)
def test_a_bom_comes_off_and_stays_off(text: list[str]) -> None:
    marked = split_lines(BOM + "".join(text))
    assert without_bom(marked) == text
    assert without_bom(text) == text


@given(TEXTS.filter(bool), st.data())
def test_a_bom_stays_in_front_of_every_edit(text: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    edit = LineEdit(
        start, data.draw(st.integers(start, len(text))), tuple(data.draw(st.just(lines("x y")) | st.just([])))
    )
    marked = [BOM + text[0], *text[1:]]
    after = "".join(applied(marked, [below_bom(edit, marked)]))
    assert after == BOM + "".join(applied(text, [edit]))
