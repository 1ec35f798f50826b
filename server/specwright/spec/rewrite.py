"""Edits of a spec that somebody asks for: a criterion more, a handle, one spec that becomes two."""

from collections.abc import Collection, Iterable, Iterator

from specwright.spec.document import Document
from specwright.spec.edit import removal
from specwright.spec.lines import body
from specwright.spec.model import Carrier, Criterion, Field, Point, Span, Spec
from specwright.spec.offers import OPEN_CRITERION
from specwright.spec.place import has_end, line_prefix
from specwright.spec.rules.mending import first_below
from specwright.spec.rules.rule import Edit, Fix
from specwright.spec.rules.size import joined

TITLE, GOAL = "‹title›", "‹what is true afterwards, and why›"
IN_TWO = "Split into two specs"
CARRIERS = {Carrier.LINES, Carrier.BLOCK, Carrier.DOCSTRING, Carrier.FENCE, Carrier.HEADING}
"""Those that take a second spec."""
SHARED = ("files", "must", "not", "see", "gates", "template", "budget", "priority")
"""Fields that a spec made of another one has too."""


def with_handle(spec: Spec, handle: str) -> Edit:
    """The handle behind the title."""
    return Edit(Span(spec.title_span.end, spec.title_span.end), f" (#{handle})")


def without_spec(document: Document, spec: Spec) -> Edit:
    """The block's lines go, as when its task is accepted."""
    rows = document.rows
    edit = removal(rows, spec, document.language)
    end = Point(edit.end, 0) if edit.end < len(rows) else Point(len(rows) - 1, len(rows[-1]))
    start = Point(edit.start, 1 if edit.start == 0 and rows[0].startswith("\ufeff") else 0)
    return Edit(Span(start, end), "".join(edit.lines).removeprefix("\ufeff"))


def with_criterion(document: Document, spec: Spec) -> Fix:
    """One more criterion, below the last one."""
    pieces = spec.goal_written.pieces
    last = max([spec.span.start.line, *(row for row, _, _ in pieces), *(c.span.end.line for c in spec.criteria)])
    gap = "\n" if spec.carrier is Carrier.HEADING and not spec.criteria and not spec.fields else ""
    at = text_end(document, last)
    text = f"{gap}\n{bullet_prefix(document, spec)}{OPEN_CRITERION}"
    return Fix("Add a criterion", (Edit(Span(at, at), text),))


def in_two(document: Document, spec: Spec, row: int, handle: str) -> Fix:
    """From the criterion at a row on, or the second half, goes to a spec of its own; a title of two parts makes two."""
    count, titles = len(spec.criteria), joined(spec.title)
    if titles and titles[0][:1].isupper():
        titles = titles[0], titles[1][:1].upper() + titles[1][1:]
    here = next((n for n, c in enumerate(spec.criteria, 1) if c.span.start.line <= row <= c.span.end.line), 1)
    moved = range(here if here > 1 else (count + 1) // 2 + 1, count + 1)
    return Fix(IN_TWO, split(document, spec, moved, handle, titles) if moved or titles else ())


def split(
    document: Document, spec: Spec, moved: Collection[int], handle: str, titles: tuple[str, str] | None = None
) -> tuple[Edit, ...]:
    """Criteria of these numbers go to a spec of their own, which comes after this one; none where that can't be."""
    at = _end_of(document, spec) if spec.carrier in CARRIERS else None
    criteria = [criterion for number, criterion in enumerate(spec.criteria, 1) if number in moved]
    if at is None or not (criteria or titles) or (criteria and len(criteria) == len(spec.criteria)):
        return ()
    first, second = titles or (spec.title, TITLE)
    start = Point(spec.title_span.start.line, spec.title_span.start.column + len(first))
    named = "" if spec.handle else f" (#{handle})"
    edits = [Edit(Span(start, spec.title_span.end), named)] if named or titles else []
    text = _second(document, spec, second, criteria, spec.handle or handle)
    for criterion in criteria:
        gone = _lines_of(document, criterion)
        if gone.end >= at:  # what is taken away ends where the new spec begins
            return (*edits, Edit(gone, text))
        edits.append(Edit(gone, ""))
    return (*edits, Edit(Span(at, at), text))


def text_end(document: Document, row: int) -> Point:
    """Where the text for people on a row ends: in front of what closes its comment."""
    line = body(document.rows[row])
    piece = None if document.language.markdown else document.piece(row)
    return Point(row, piece.column + len(piece.text) if piece and piece.closes else len(line))


def bullet_prefix(document: Document, spec: Spec) -> str:
    """What stands in front of a `-` line of this spec."""
    if below := first_below(spec, document.rows):
        return document.rows[below.line][: below.column]
    return marker_prefix(document, spec)


def marker_prefix(document: Document, spec: Spec) -> str:
    """What stands in front of a line at the marker's depth."""
    row = spec.span.start.line
    piece = None if document.language.markdown else document.piece(row)
    return line_prefix(document, row, piece) if piece else ""


def _end_of(document: Document, spec: Spec) -> Point | None:
    """Where a spec of its own may begin behind this one; None where a fence is open."""
    if spec.carrier is not Carrier.FENCE or spec.body is None:
        return text_end(document, spec.span.end.line)
    row = spec.body.end.line - 1
    is_closed = row > spec.span.start.line and not body(document.rows[row]).strip().strip("`~")
    return text_end(document, row) if is_closed else None


def _second(document: Document, spec: Spec, title: str, criteria: Collection[Criterion], handle: str) -> str:
    bullets = [*as_lines(criteria), *as_lines(field for key in SHARED for field in spec.fields if field.key == key)]
    bullets = [*([] if criteria else [OPEN_CRITERION]), *bullets, f"- after: #{handle}"]
    first = body(document.rows[spec.span.start.line])
    if spec.carrier is Carrier.HEADING:
        signs = first.lstrip()[: len(first.lstrip()) - len(first.lstrip().lstrip("#"))]
        return "\n".join(["", "", f"{signs} {spec.word} {title}", "", GOAL, "", *bullets])
    if spec.carrier is Carrier.FENCE and spec.body:
        opener = body(document.rows[spec.body.start.line])
        fence = opener[: len(opener) - len(opener.lstrip(" `~"))].rstrip()
        return "\n".join(["", "", f"{fence}spec {title}", GOAL, *bullets, fence])
    prefix = marker_prefix(document, spec)
    end = [f"/{spec.word}"] if has_end(document, spec) else []
    lines = [f"{prefix}{line}" for line in (f"{spec.word} {title}", GOAL, *bullets, *end)]
    return "\n".join(["", prefix.rstrip(), *lines])


def as_lines(parts: Iterable[Criterion | Field]) -> Iterator[str]:
    """Parts of a spec as lines, wrapped as they were."""
    for part in parts:
        sign = f"- [{'x' if part.ticked else ' '}] " if isinstance(part, Criterion) else f"- {part.key}: "
        for number, (_, column, text) in enumerate(part.written.pieces):
            yield " " * max(0, column - part.span.start.column) + text if number else sign + text


def _lines_of(document: Document, criterion: Criterion) -> Span:
    """Its lines with the line end in front of them, so that what closes a comment behind them stays."""
    row = criterion.span.start.line - 1
    return Span(Point(row, len(body(document.rows[row]))), text_end(document, criterion.span.end.line))
