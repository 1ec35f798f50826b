"""Between our lines and columns in code points and the protocol's, in code units of the negotiated encoding."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types as t

from specwright.spec.edit import LineEdit
from specwright.spec.lines import body
from specwright.spec.model import Point, Severity, Span
from specwright.tasks.harmless import harmless
from specwright.tasks.wording import cut

UTF16, UTF32 = "utf-16", "utf-32"
SOURCE = "specwright"
SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3, Severity.HINT: 4}
LONGEST = 1000
"""Characters of a message; the rest is in the log, or in `show`."""
Wire = dict[str, Any]
"""A JSON object of the protocol; diagnostics are built so, because they are sent at each keystroke."""


@dataclass(frozen=True, slots=True)
class Units:
    """How the client counts columns: `utf-8`, `utf-16` or `utf-32`."""

    name: str = UTF16

    def size(self, character: str) -> int:
        """Units of one character; a lone surrogate has no UTF-8, and counts as three."""
        point = ord(character)
        if self.name == UTF32:
            return 1
        if self.name == UTF16:
            return 1 + (point > 0xFFFF)
        return 1 + (point > 0x7F) + (point > 0x7FF) + (point > 0xFFFF)

    def before(self, line: str, column: int) -> int:
        """Units before a column in code points."""
        if line.isascii() or self.name == UTF32:
            return column
        return sum(map(self.size, line[:column]))

    def column(self, line: str, units: int) -> int:
        """The column in code points, at most the end of the line's body; inside a character: in front of it."""
        end = len(body(line))
        if line.isascii() or self.name == UTF32:
            return min(units, end)
        for column, character in enumerate(line[:end]):
            units -= self.size(character)
            if units < 0:
                return column
        return end


def negotiated(encoding: t.PositionEncodingKind | str | None) -> Units:
    """How a client counts that agreed to an encoding; one that names none counts as the protocol always did."""
    if isinstance(encoding, t.PositionEncodingKind):  # whose `str()` is the name of the member
        return Units(encoding.value)
    return Units(encoding or UTF16)


def to_position(rows: Sequence[str], point: Point, units: Units) -> Wire:
    """A place between two characters."""
    line = rows[point.line] if point.line < len(rows) else ""
    return {"line": point.line, "character": units.before(line, point.column)}


def to_range(rows: Sequence[str], span: Span, units: Units) -> Wire:
    """From one place to another."""
    return {"start": to_position(rows, span.start, units), "end": to_position(rows, span.end, units)}


def range_of(rows: Sequence[str], span: Span, units: Units) -> t.Range:
    """The same as `to_range`, as the protocol's own type."""
    wire = to_range(rows, span, units)
    return t.Range(t.Position(**wire["start"]), t.Position(**wire["end"]))


def lines_span(rows: Sequence[str], start: int, end: int) -> Span:
    """The lines `[start, end)` from their first character to their last; an empty place takes the line it is above."""
    first = max(0, min(start, len(rows) - 1))
    last = max(first, min(end, len(rows)) - 1)
    return Span(Point(first, 0), Point(last, len(body(rows[last])) if rows else 0))


def to_text_edit(rows: Sequence[str], edit: LineEdit, units: Units) -> t.TextEdit:
    """An edit of whole lines; a last line without its end is replaced up to its last character."""
    start, end = _line_start(rows, edit.start, units), _line_start(rows, edit.end, units)
    return t.TextEdit(range=t.Range(start=start, end=end), new_text="".join(edit.lines))


def _line_start(rows: Sequence[str], line: int, units: Units) -> t.Position:
    if line == len(rows) and rows and body(rows[-1]) == rows[-1]:
        return t.Position(line=line - 1, character=units.before(rows[-1], len(rows[-1])))
    return t.Position(line=line, character=0)


def diagnostic(where: Wire, severity: int, code: str, message: str, **data: Any) -> Wire:
    """One thing to show at a range; `data` carries what an action at this place needs."""
    told = cut(harmless(message), LONGEST)
    wire = {"range": where, "severity": severity, "code": code, "source": SOURCE, "message": told}
    return {**wire, "data": data} if data else wire
