"""Where somebody types: the line of a comment or of Markdown around a place, and the spec that it belongs to."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from specwright.spec.carriers import LONGEST, WHITE, Piece
from specwright.spec.document import Block, Document
from specwright.spec.lines import body
from specwright.spec.markdown import FENCE, HEADING
from specwright.spec.model import Carrier, Field, Spec

SIGNS = re.compile(r" {0,3}#{1,6}[ \t]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in text for people. Columns are those of the document's line."""

    row: int
    column: int
    start: int
    """Where the text of the line begins, behind leader, gutter and white space."""
    before: str
    """The text of the line in front of the place."""
    behind: str
    """The text of the line behind the place."""
    prefix: str
    """What a new line below begins with."""
    carrier: Carrier
    spec: Spec | None
    """The spec that the line belongs to, or would if it were a `-` line."""
    may_begin: bool
    """Whether a marker here would begin a spec."""
    words: tuple[str, ...]
    """The marker words."""
    lead: str = ""
    """What must stand between `start` and a marker."""


def place_at(document: Document, row: int, column: int) -> Place | None:
    """The place; None in code, in strings and in what is fenced in Markdown. Below the last line end is a row, too."""
    line = body(document.rows[row]) if row < len(document.rows) else ""
    if row > len(document.rows) or len(line) > LONGEST:
        return None
    if document.language.markdown:
        return _in_markdown(document, row, column, line)
    piece = document.piece(row) if row < len(document.rows) else None
    return _in_comment(document, row, column, piece) if piece else None


def spec_around(document: Document, row: int) -> Spec | None:
    """The spec that a row belongs to, or follows with nothing but blank lines of the same comment between."""
    block = _block(document, row)
    if block is None:
        return None
    spec = next((spec for spec in reversed(block.specs) if spec.span.start.line + block.first <= row), None)
    if spec is None or spec.span.end.line + block.first >= row:
        return spec and spec.down(block.first)
    spec = spec.down(block.first)
    gap = range(spec.span.end.line + 1, row)
    return None if has_end(document, spec) or any(_text(document, n) for n in gap) else spec


def has_end(document: Document, spec: Spec) -> bool:
    """Whether its last line is an end line: what stands below it is no spec's."""
    last = body(document.rows[spec.span.end.line])[: spec.span.end.column]
    return spec.span.end.line > spec.span.start.line and last.endswith(tuple(f"/{word}" for word in document.words))


def marker_at(line: str, spec: Spec) -> tuple[int, int] | None:
    """The columns of the marker word in its line, or of what stands for it; None where nothing does."""
    at = spec.span.start.column
    if at >= 0 and line.startswith(spec.word, at):
        return at, at + len(spec.word)
    at = line.find("spec") if spec.carrier is Carrier.FENCE else -1
    return (at, at + len("spec")) if at >= 0 else None


def key_at(line: str, field: Field) -> tuple[int, int] | None:
    """The columns of a field's key as it is written in its line; None for one that is not."""
    at = line.find(field.given, field.span.start.column) if field.given else -1
    return (at, at + len(field.given)) if at >= 0 else None


def line_prefix(document: Document, row: int, piece: Piece) -> str:
    """What a line below a row of a comment begins with."""
    line = body(document.rows[row])
    indent = line[: len(line) - len(line.lstrip(WHITE))]
    if piece.carrier is Carrier.LINES:
        return line[: piece.column] + _pad(line, piece.column)
    if not piece.opens:
        return line[: piece.column] + (" " if piece.gutter and not piece.text and line.endswith("*") else "")
    below = document.piece(row + 1) if not piece.closes and row + 1 < len(document.rows) else None
    if below is not None and below.text and not below.gutter:
        return document.rows[row + 1][: below.column]
    is_starred = piece.carrier is Carrier.BLOCK and line.lstrip(WHITE).startswith("/*")
    return f"{indent} * " if is_starred else indent


def _in_comment(document: Document, row: int, column: int, piece: Piece) -> Place | None:
    line = body(document.rows[row])
    start = min(piece.column, column) if not piece.text else piece.column
    end = piece.column + len(piece.text)
    limit = len(line) - len(line[end:].lstrip(WHITE)) if piece.closes else len(line)
    if not start <= column <= limit or (not piece.text and column < len(line) - len(line.lstrip(WHITE))):
        return None
    if piece.leader and column < line.index(piece.leader) + len(piece.leader):
        return None
    spec = spec_around(document, row)
    above = document.piece(row - 1) if row else None
    follows = above is not None and _same_comment(piece, above) and bool(above.text)
    ends = above is not None and above.text in {f"/{word}" for word in document.words}
    return Place(
        row, column, start, line[start:column], line[column : max(column, end)],
        line_prefix(document, row, piece), piece.carrier, spec,
        not follows or ends or spec is not None, document.words,
        lead="" if piece.carrier is Carrier.DOCSTRING else _pad(line, start),
    )  # fmt: skip


def _same_comment(piece: Piece, above: Piece) -> bool:
    if (piece.carrier, piece.leader) != (above.carrier, above.leader):
        return False
    return piece.carrier is Carrier.LINES or not (piece.opens or above.closes)


def _in_markdown(document: Document, row: int, column: int, line: str) -> Place | None:
    block = _block(document, row)
    carrier = block.specs[0].carrier if block and block.specs else None
    fenced, in_file = carrier is Carrier.FENCE, carrier is Carrier.FILE and block is not None and row > block.first
    if block and fenced and (row == block.first or (row == block.last and _is_closed(document, block))):
        return None
    if not fenced and _is_fenced(document, row, line):
        return None
    heading = SIGNS.match(line)
    start = len(line) - len(line.lstrip(WHITE)) if heading is None else heading.end()
    start = column if not line.strip(WHITE) else start
    if not start <= column:
        return None
    is_begin = not (fenced or in_file) and (heading is not None or (not line.strip(WHITE) and not column))
    return Place(
        row, column, start, line[start:column], line[column:].rstrip(WHITE),
        line[:start] if heading is None else "", Carrier.FENCE if fenced else Carrier.HEADING,
        None if heading else spec_around(document, row), is_begin, document.words,
        "" if heading else "# " if document.may_be_file else "## ",
    )  # fmt: skip


def _is_fenced(document: Document, row: int, line: str) -> bool:
    """Whether a row of Markdown stands in a fence, or is the line of one."""
    sign = ""
    for above in document.rows[: row + 1]:
        if "```" not in above and "~~~" not in above:
            continue
        found = FENCE.match(body(above))
        if found and not sign:
            sign = found["fence"]
        elif found and found["fence"].startswith(sign) and not found["info"].strip():
            sign = ""
    return bool(sign) or FENCE.match(line) is not None


def _block(document: Document, row: int) -> Block | None:
    at = bisect_right(document.blocks, row, key=lambda block: block.first) - 1
    block = document.blocks[at] if at >= 0 else None
    is_below = row == len(document.rows) and block is not None and not _is_closed(document, block)
    return block if block and row - is_below <= block.last else None


def _is_closed(document: Document, block: Block) -> bool:
    """Whether the last row of a fence ends it."""
    found = FENCE.match(body(document.rows[block.last])) if block.last > block.first else None
    return found is not None and not found["info"].strip()


def _text(document: Document, row: int) -> str:
    """The text for people on a row of a spec's own comment or section."""
    if document.language.markdown:
        line = body(document.rows[row]).strip(WHITE)
        heading = HEADING.match(line)
        return (heading["text"] or "") if heading else line
    piece = document.piece(row)
    return piece.text if piece else ""


def _pad(line: str, start: int) -> str:
    return " " if start and line[start - 1] not in WHITE else ""
