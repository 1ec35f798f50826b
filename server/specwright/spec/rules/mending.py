"""What quick fixes are made of: lines of a spec put in and taken out, whatever carries it."""

import re
from collections.abc import Iterator, Sequence

from specwright.spec.lines import body
from specwright.spec.model import Carrier, Criterion, Point, Problem, Span, Spec, Written
from specwright.spec.rules.look import Look, Statement
from specwright.spec.rules.rule import Edit, Fix

HANDLE = re.compile(r"[ \t\u00a0]+\(#[a-z0-9-]{4,16}\)")
WHITE = " \t\u00a0"
GOAL_KEY = re.compile(r"[-*+][ \t\u00a0]+[a-z]+:[ \t\u00a0]*$")


def line_start(look: Look) -> str:
    """What a new line of the spec begins with: indentation, and the sign of its comment."""
    spec = look.spec
    marker = spec.span.start
    line = body(look.lines[marker.line]) if marker.line < len(look.lines) else ""
    if spec.carrier is Carrier.LINES:
        return line[: marker.column]
    indent = line[: len(line) - len(line.lstrip(WHITE))]
    if spec.carrier in {Carrier.HEADING, Carrier.FENCE}:
        return indent
    if below := first_below(spec, look.lines):
        return body(look.lines[below.line])[: below.column]
    if spec.body is None or spec.body.start.line < marker.line:
        return line[: marker.column]
    return indent + (" * " if line.lstrip(WHITE).startswith("/*") else "")


def first_below(spec: Spec, lines: Sequence[str]) -> Point | None:
    """Where the first line of the spec below its marker begins: a bullet, else the goal."""
    starts = [*(criterion.span.start for criterion in spec.criteria), *(field.span.start for field in spec.fields)]
    keyed = [(row, GOAL_KEY.search(lines[row][:column]), column) for row, column, _ in spec.goal_written.pieces]
    starts += [Point(row, found.start()) for row, found, _ in keyed if found]
    goal = [Point(row, column) for row, found, column in keyed if not found]
    below = [[place for place in places if place.line > spec.span.start.line] for places in (starts, goal)]
    return min(below[0] or below[1], default=None)


def marker_end(look: Look) -> Point:
    """Where the marker line ends, before what closes its comment."""
    row, column = look.spec.title_span.end.line, look.spec.title_span.end.column
    line = body(look.lines[row])
    if look.spec.carrier not in {Carrier.BLOCK, Carrier.DOCSTRING}:
        return Point(row, len(line))
    handle = HANDLE.match(line, column) if look.spec.handle else None
    return Point(row, handle.end() if handle else column)


def end(look: Look) -> Point:
    """Where the last line of the spec ends that says something."""
    spec = look.spec
    return max([marker_end(look), *_ends(spec.goal_written), *(span.end for span in _bullets(look))])


def head_end(look: Look) -> Point:
    """Where the goal ends that stands above the bullets, else the marker line."""
    first = min((span.start for span in _bullets(look)), default=Point(len(look.lines), 0))
    return max([marker_end(look), *(place for place in _ends(look.spec.goal_written) if place < first)])


def insert(look: Look, at: Point, *texts: str) -> Edit:
    """New lines of the spec below a place that ends one."""
    start, line = line_start(look), body(look.lines[at.line])
    at = at if line[at.column :].strip(WHITE) else Point(at.line, len(line))
    return Edit(Span(at, at), "".join(f"\n{start}{text}" for text in texts))


def delete(look: Look, span: Span) -> Edit:
    """Take a line of the spec away, with those that it goes on in; what closes the comment behind it stays."""
    above = span.start.line - 1
    return Edit(Span(Point(above, len(body(look.lines[above]))), span.end), "")


def cut(look: Look, span: Span) -> Edit:
    """Take words away with one of the spaces around them; a line that is left empty goes too."""
    first, last = body(look.lines[span.start.line]), body(look.lines[span.end.line])
    before, after = first[: span.start.column], last[span.end.column :]
    if not after.strip() and span.start.line and before.strip(WHITE) == line_start(look).strip(WHITE):
        return delete(look, span)
    if before.endswith(tuple(WHITE)) and (not after or after[0] in " \t.,;"):
        return Edit(Span(Point(span.start.line, len(before.rstrip(WHITE))), span.end), "")
    if after.startswith(tuple(WHITE)):
        return Edit(Span(span.start, Point(span.end.line, span.end.column + 1)), "")
    return Edit(span, "")


def without_token(look: Look, key: str, span: Span) -> Edit:
    """Take one token of a field away; the field goes with its last."""
    for field in look.fields(key):
        if not field.span.start <= span.start <= field.span.end:
            continue
        spans = [place for _, place in look.tokens(key) if field.span.start <= place.start <= field.span.end]
        at = spans.index(span)
        if len(spans) == 1:
            return delete(look, field.span)
        return Edit(Span(spans[at - 1].end, span.end) if at else Span(span.start, spans[1].start), "")
    return Edit(span, "")


def statement_at(look: Look, span: Span) -> Statement | None:
    """The statement that a finding stands in."""
    for statement in look.statements:
        whole = statement.span()
        if whole.start <= span.start and span.end <= whole.end:
            return statement
    return None


def takes_check(criterion: Criterion) -> bool:
    """Whether a check can be put behind it."""
    return not criterion.check and not criterion.manual and "check:" not in criterion.text


def one(title: str, *edits: Edit) -> Iterator[Fix]:
    """A single way to mend something."""
    yield Fix(title, edits)


def new_line(title: str, text: str, problem: Problem, look: Look) -> Iterator[Fix]:
    """A line at the end of the spec."""
    yield Fix(title, (insert(look, end(look), text),))


def _bullets(look: Look) -> list[Span]:
    return [*(criterion.span for criterion in look.spec.criteria), *(field.span for field in look.spec.fields)]


def _ends(written: Written) -> list[Point]:
    return [Point(row, column + len(text)) for row, column, text in written.pieces]
