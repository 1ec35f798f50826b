"""The quick fix of SPEC011 that writes a block comment as line comments, which its own text can't end."""

from collections.abc import Iterator

from specwright.spec.languages import language_of
from specwright.spec.lines import body
from specwright.spec.model import Carrier, Point, Span
from specwright.spec.rules.look import Look
from specwright.spec.rules.rule import Edit, Fix
from specwright.spec.table import Block, Row

GUTTER = " \t*"


def as_line_comments(look: Look, broken: int) -> Iterator[Fix]:
    """Of a comment that holds the spec alone, with the lines that what ended it in the row `broken` left behind it."""
    row = language_of(look.path, look.spec.language).row
    if look.spec.carrier is not Carrier.BLOCK or look.spec.body is None or not row.leaders or row.id == "unknown":
        return
    first = look.spec.body.start.line
    line = body(look.lines[first]).lstrip()
    block = next((block for block in row.blocks if line.startswith(block.opener)), None)
    if block and _is_first(look, first, block) and (last := _last(look, broken, block)):
        text = _written(look, range(first, last + 1), block, _leader(row))
        span = Span(Point(first, 0), Point(last, len(body(look.lines[last]))))
        yield Fix("Write it in line comments", (Edit(span, text),))


def _is_first(look: Look, first: int, block: Block) -> bool:
    """Whether nothing stands in front of the spec in its comment."""
    marker = look.spec.span.start
    above = [body(line) for line in look.lines[first : marker.line]] + [look.lines[marker.line][: marker.column]]
    return not "".join(above).lstrip().removeprefix(block.opener).strip(GUTTER)


def _last(look: Look, broken: int, block: Block) -> int | None:
    """The row at whose end the comment was meant to end; those up to there look like rows of the spec."""
    last = None
    for row in range(broken, len(look.lines)):
        text = body(look.lines[row]).strip()
        is_own = row <= look.spec.span.end.line or text.startswith(("*", "- ", block.closer))
        if not is_own:
            break
        if text.endswith(block.closer):
            last = row
            if row > broken:
                break
    return last


def _written(look: Look, rows: range, block: Block, leader: str) -> str:
    first = body(look.lines[rows.start])
    indent = first[: len(first) - len(first.lstrip())]
    texts = [body(look.lines[row]).strip() for row in rows]
    texts[0] = texts[0].removeprefix(block.opener).lstrip(GUTTER)
    while texts[-1].endswith(block.closer):
        texts[-1] = texts[-1].removesuffix(block.closer).rstrip()
    said = [text.removeprefix("*").strip() for text in texts]
    return "\n".join(f"{indent}{leader} {text}".rstrip() for text in said[not said[0] : len(said) - (not said[-1])])


def _leader(row: Row) -> str:
    return "//" if "//" in row.leaders else row.leaders[0]
