"""Quick fixes of a block as a whole: closed where it was meant to end (SPEC003), and written in line comments, which no
text of its own can end (SPEC011). They are not offered where code may have become a part of it."""

import re
from collections.abc import Iterator

from specwright.spec.grammar import BULLET
from specwright.spec.languages import language_of
from specwright.spec.lines import body
from specwright.spec.model import Carrier, Point, Problem, Span
from specwright.spec.rules import mending
from specwright.spec.rules.look import Look
from specwright.spec.rules.rule import Edit, Fix
from specwright.spec.table import Block, Row

GUTTER = " \t*"
STARRED = re.compile(r"\*(?=\s|$)")
GLOB = re.compile(r"(?<!\S)(?=\S*[^\s*/])\S*(?:\*\*/|/\*\*)\S*")
OWN = re.compile(r"(?:\*(?:\s.*)?|- .*)?")
"""A line of a comment that is no code."""


def meant_end(look: Look) -> Point | None:
    """Where an open block was meant to end: behind its last bullet, with what is starred or indented below that."""
    fields = (field.span.start.line for field in look.spec.fields if field.key != "note" or field.given)
    bullets = {*(criterion.span.start.line for criterion in look.spec.criteria), *fields}
    last, depth, starred, gap = None, 0, False, False
    for row in range(look.spec.span.start.line + 1, len(look.lines)):
        text = body(look.lines[row])
        has_star, column = STARRED.match(text.lstrip()) is not None, len(text) - len(text.lstrip(GUTTER))
        if row in bullets and (last is None or has_star == starred):
            last, depth, starred, gap = row, column, has_star, False
        elif (last is not None and starred and has_star) or (last is None and has_star and _is_all_starred(look, row)):
            last, starred = row, True
        elif last is not None and not gap and column == depth and BULLET.match(text.lstrip(GUTTER)):
            last = row
        elif not text.strip():
            gap = True
        elif last is None:
            continue
        elif starred or gap or column <= depth:
            break
        else:
            last = row
    if last is None:
        below = look.lines[look.spec.span.start.line + 1 :]
        return None if any(line.strip() for line in below) else mending.marker_end(look)
    return Point(last, len(body(look.lines[last]).rstrip()))


def _is_all_starred(look: Look, stop: int) -> bool:
    """Whether all lines below the marker have the comment's star, so that none is code."""
    return all(STARRED.match(line.lstrip()) for line in look.lines[look.spec.span.start.line + 1 : stop])


def as_line_comments(look: Look, problem: Problem) -> Iterator[Fix]:
    """Of a comment that holds the spec alone, with the lines that what ended it too early left behind it."""
    row = language_of(look.path, look.spec.language).row
    if look.spec.carrier is not Carrier.BLOCK or look.spec.body is None or not row.leaders or row.id == "unknown":
        return
    first = look.spec.body.start.line
    line = body(look.lines[first]).lstrip()
    block = next((block for block in row.blocks if line.startswith(block.opener)), None)
    if block and _is_first(look, first, block) and (last := _last(look, problem.span, block)):
        text = _written(look, range(first, last + 1), block, row)
        span = Span(Point(first, 0), Point(last, len(body(look.lines[last]))))
        if not any(line.endswith("\\") or "?>" in line for line in text.split("\n")):  # either would end or join lines
            yield Fix("Write it in line comments", (Edit(span, text),))


def _is_first(look: Look, first: int, block: Block) -> bool:
    """Whether nothing stands in front of the spec in its comment."""
    marker = look.spec.span.start
    above = [body(line) for line in look.lines[first : marker.line]] + [look.lines[marker.line][: marker.column]]
    return not "".join(above).lstrip().removeprefix(block.opener).strip(GUTTER)


def _last(look: Look, broken: Span, block: Block) -> int | None:
    """The row at whose end the comment was meant to end, if nothing but the spec stands up to there."""
    marker = look.spec.span.start
    for row in range(marker.line, len(look.lines)):
        text = GLOB.sub(_blanked, body(look.lines[row]))
        if row == broken.start.line:
            text = text[: broken.start.column] + " " + text[broken.end.column :]
        bare = text[marker.column if row == marker.line else 0 :].strip()
        rest = _open(bare, block)
        if block.opener in rest or block.closer in rest or (row > broken.start.line and not OWN.fullmatch(rest)):
            return None
        if rest != bare:
            return row if row >= broken.start.line else None
    return None


def _written(look: Look, rows: range, block: Block, row: Row) -> str:
    first = body(look.lines[rows.start])
    indent = first[: len(first) - len(first.lstrip())]
    texts = [body(look.lines[row]).strip() for row in rows]
    texts[0] = texts[0].removeprefix(block.opener).lstrip(GUTTER)
    texts[-1] = _open(texts[-1], block)
    said = [text.removeprefix("*").strip() for text in texts]
    leader = "//" if "//" in row.leaders else row.leaders[0]
    return "\n".join(f"{indent}{leader} {text}".rstrip() for text in said[not said[0] : len(said) - (not said[-1])])


def _blanked(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _open(text: str, block: Block) -> str:
    """The text without the closers at its end."""
    while text.endswith(block.closer):
        text = text.removesuffix(block.closer).rstrip()
    return text
