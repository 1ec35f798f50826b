"""Edits of a text, applied as editors do."""

from collections.abc import Iterable
from itertools import pairwise

from specwright.spec.edit import LineEdit
from specwright.spec.lines import split_lines
from specwright.spec.model import Point, Span
from specwright.spec.rules.rule import Edit


def applied(text: str, edits: Iterable[Edit | LineEdit]) -> str:
    """Places are those of the text before; no two edits meet, so that it does not matter which comes first."""
    found = ((*(offset(text, point) for point in ends(edit)), put(edit)) for edit in edits)
    places = sorted(found, key=lambda place: place[:2])
    assert all(start <= end for start, end, _ in places)
    assert all(a[1] <= b[0] for a, b in pairwise(places))
    assert not any(a[1] == b[0] == b[1] > a[0] for a, b in pairwise(places))  # editors differ on which comes first
    for start, end, new in reversed(places):
        text = text[:start] + new + text[end:]
    return text


def put(edit: Edit | LineEdit) -> str:
    """What an edit puts in."""
    return edit.text if isinstance(edit, Edit) else "".join(edit.lines)


def ends(edit: Edit | LineEdit) -> tuple[Point, Point]:
    """Where an edit begins and ends, one of whole lines too."""
    return (edit.span.start, edit.span.end) if isinstance(edit, Edit) else (Point(edit.start, 0), Point(edit.end, 0))


def within(text: str, span: Span) -> str:
    """What a text has at a span."""
    return text[offset(text, span.start) : offset(text, span.end)]


def offset(text: str, point: Point) -> int:
    """How many characters stand before a point."""
    return sum(map(len, split_lines(text)[: point.line])) + point.column
