"""Hovers that explain the language: the marker, the keys, and each criterion by its number and its check."""

from lsprotocol import types as t

from specwright.lsp.convert import range_of
from specwright.lsp.document import Document
from specwright.spec.grammar import ALIASES
from specwright.spec.keys import BY_NAME, MARKER, MARKER_EXAMPLE
from specwright.spec.lines import body
from specwright.spec.model import Criterion, Point, Span
from specwright.spec.place import key_at, marker_at
from specwright.tasks.harmless import fenced, markdown, one_line


def hover(document: Document, position: t.Position) -> t.Hover | None:
    """What stands at a position; None where that is a title, prose or a value."""
    row, column = document.at(position)
    found = document.spec_at(row)
    if found is None:
        return None
    spec = found[2].down(found[0].first)
    at = Point(row, column)
    if row == spec.span.start.line:
        span = _span(row, marker_at(body(document.rows[row]), spec))
        return _hover(document, span, _of_marker()) if span and _holds(span, at) else None
    for number, criterion in enumerate(spec.criteria, 1):
        if _holds(criterion.span, at):
            return _hover(document, criterion.span, _of_criterion(number, criterion))
    for field in spec.fields:
        start = field.span.start.line
        span = _span(start, key_at(body(document.rows[start]), field))
        if span and _holds(span, at) and ALIASES.get(field.given, field.given) in BY_NAME:
            return _hover(document, span, _of_key(field.key, field.given))
    return None


def _holds(span: Span, point: Point) -> bool:
    """A cursor stands at a span's end, too."""
    return span.start <= point <= span.end


def _span(row: int, columns: tuple[int, int] | None) -> Span | None:
    return Span(Point(row, columns[0]), Point(row, columns[1])) if columns else None


def _of_marker() -> str:
    return f"{MARKER}\n\n{fenced(MARKER_EXAMPLE, '')}"


def _of_key(name: str, given: str) -> str:
    key = BY_NAME[name]
    said = f" (the same as `{name}`)" if given != name else ""
    often = ", at most once" if key.once else ""
    return f"**`{given}`**{said}{often}: {key.value}\n\n{key.meaning}\n\n{fenced(key.example, '')}"


def _of_criterion(number: int, criterion: Criterion) -> str:
    if criterion.manual:
        check = "A person checks it."
    elif criterion.check is None:
        check = "Nothing checks it yet: end it with ``check: `command` `` or `check: manual`."
    else:
        check = f"Checked by this command, when the agent is done:\n\n{fenced(one_line(criterion.check), 'sh')}"
    return f"**AC{number}**: {markdown(one_line(criterion.text))}\n\n{check}"


def _hover(document: Document, span: Span, text: str) -> t.Hover:
    where = range_of(document.rows, span, document.units)
    return t.Hover(contents=t.MarkupContent(kind=t.MarkupKind.Markdown, value=text), range=where)
