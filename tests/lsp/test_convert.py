"""Columns in the client's code units, both ways, and edits of lines as edits of characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as t

from lsp.texts import BYTES, ENCODINGS, edited, size
from specwright.lsp.convert import Units, lines_span, to_position, to_range, to_text_edit
from specwright.review.diff import diff
from specwright.spec.edit import LineEdit
from specwright.spec.lines import split_lines
from specwright.spec.model import Point, Span

LINE = "aé€😀\ud83d\fz\r\n"
UNITS = {
    "utf-8": [0, 1, 3, 6, 10, 13, 14, 15],
    "utf-16": [0, 1, 2, 3, 5, 6, 7, 8],
    "utf-32": [0, 1, 2, 3, 4, 5, 6, 7],
}
TEXT = st.lists(st.sampled_from(["a", "😀", "\f", "\n", "\r\n", "\r", "b\n", "c\n"]), max_size=12).map("".join)
NAME = st.sampled_from(ENCODINGS)


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("column", range(8))
def test_columns_both_ways(name: str, column: int) -> None:
    units = Units(name)
    assert units.before(LINE, column) == UNITS[name][column]
    assert units.column(LINE, UNITS[name][column]) == column


@pytest.mark.parametrize(("name", "inside"), [("utf-8", 8), ("utf-8", 4), ("utf-16", 4), ("utf-8", 2)])
def test_inside_of_a_character_is_in_front_of_it(name: str, inside: int) -> None:
    column = Units(name).column(LINE, inside)
    assert UNITS[name][column] < inside < UNITS[name][column + 1]


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("line", ["", "\n", "ab\r\n", "😀\r", "no end"])
def test_a_column_beyond_the_line_is_the_end_of_its_body(name: str, line: str) -> None:
    assert Units(name).column(line, 2**31 - 1) == len(line.rstrip("\r\n"))


@given(st.text(max_size=20), NAME)
def test_units_are_those_of_the_encoded_text(line: str, name: str) -> None:
    assert Units(name).before(line, len(line)) == len(line.encode(BYTES[name][0])) // BYTES[name][1] == size(line, name)


def test_a_range_counts_each_end_in_its_own_line() -> None:
    span = Span(Point(0, 1), Point(1, 2))
    assert to_range(["😀a\n", "aé\n"], span, Units("utf-8")) == {
        "start": {"line": 0, "character": 4},
        "end": {"line": 1, "character": 3},
    }


def test_a_place_behind_the_last_line_is_at_its_first_column() -> None:
    assert to_position(["a\n"], Point(1, 0), Units()) == {"line": 1, "character": 0}


@pytest.mark.parametrize(
    ("rows", "lines", "expected"),
    [
        (["a\n", "bc\n", "d\n"], (1, 2), Span(Point(1, 0), Point(1, 2))),
        (["a\n", "bc\n", "d\n"], (0, 3), Span(Point(0, 0), Point(2, 1))),
        (["a\n", "bc\n"], (1, 1), Span(Point(1, 0), Point(1, 2))),
        (["a\n", "bc\n"], (2, 2), Span(Point(1, 0), Point(1, 2))),
        ([], (0, 0), Span(Point(0, 0), Point(0, 0))),
    ],
)
def test_lines_as_they_are_shown(rows: list[str], lines: tuple[int, int], expected: Span) -> None:
    assert lines_span(rows, *lines) == expected


@given(TEXT, TEXT, NAME)
def test_edits_of_lines_lead_an_editor_to_the_same_text(before: str, after: str, name: str) -> None:
    rows, wanted = split_lines(before), split_lines(after)
    text = before
    for change in diff(rows, wanted)[::-1]:
        lines = tuple(wanted[change.new_start : change.new_end])
        made = to_text_edit(rows, LineEdit(change.old_start, change.old_end, lines), Units(name))
        text = edited(text, t.TextDocumentContentChangePartial(range=made.range, text=made.new_text), name)
    assert text == after
