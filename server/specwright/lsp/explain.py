"""Hovers that explain the language: the marker, the keys, and each criterion by its number and its check."""

from lsprotocol import types as t

from specwright.lsp.convert import to_range
from specwright.lsp.document import Document
from specwright.spec.grammar import ALIASES
from specwright.spec.keys import BY_NAME, MARKER, MARKER_EXAMPLE
from specwright.spec.lines import body
from specwright.spec.model import Criterion, Field, Point, Span, Spec
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
        return _hover(document, _marker_span(spec), _of_marker()) if _holds(_marker_span(spec), at) else None
    for number, criterion in enumerate(spec.criteria, 1):
        if _holds(criterion.span, at):
            return _hover(document, criterion.span, _of_criterion(number, criterion))
    for field in spec.fields:
        span = _key_span(document, field)
        if span and _holds(span, at):
            return _hover(document, span, _of_key(field.key, field.given))
    return None


def _holds(span: Span, point: Point) -> bool:
    """A cursor stands at a span's end, too."""
    return span.start <= point <= span.end


def _marker_span(spec: Spec) -> Span:
    start = spec.span.start
    return Span(start, Point(start.line, spec.title_span.start.column - 1))


def _key_span(document: Document, field: Field) -> Span | None:
    """Of the key as it is written; None for a bullet without one that is known."""
    if ALIASES.get(field.given, field.given) not in BY_NAME:
        return None
    row, column = field.span.start.line, field.span.start.column
    at = body(document.rows[row]).index(field.given, column)
    return Span(Point(row, at), Point(row, at + len(field.given)))


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
    wire = to_range(document.rows, span, document.units)
    where = t.Range(t.Position(**wire["start"]), t.Position(**wire["end"]))
    return t.Hover(contents=t.MarkupContent(kind=t.MarkupKind.Markdown, value=text), range=where)
