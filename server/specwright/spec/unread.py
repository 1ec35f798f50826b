"""The lines of a Markdown spec's block that say nothing of the spec: code, comments, headings, lines too long to be
read, all below its end. No digest has them, and they go with the block: so they are known by a name of their own."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from specwright.spec.edit import block_lines
from specwright.spec.model import MARKDOWN, Criterion, Field, Spec

WORDS = re.compile(r"\w+")
"""Formatters write all else in their own way: the signs of fences and headings, spaces, quotes, commas."""


def unread(lines: Sequence[str], spec: Spec) -> str:
    """The name of these lines; empty where there are none."""
    text = " ".join(words(lines[row]) for row in unread_rows(lines, spec))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else ""


def unread_rows(lines: Sequence[str], spec: Spec) -> Iterator[int]:
    """Where they stand. A comment's block has none: what it does not read is not taken out with it."""
    if spec.carrier not in MARKDOWN or spec.body is None:
        return
    known = {spec.body.start.line, *_read_rows(spec)}
    for row in block_lines(lines, spec):
        if row not in known and WORDS.search(lines[row]):
            yield row


def words(line: str) -> str:
    """What a line says, however it is formatted."""
    return " ".join(WORDS.findall(line))


def _read_rows(spec: Spec) -> Iterator[int]:
    parts: tuple[Criterion | Field, ...] = (*spec.criteria, *spec.fields)
    yield spec.span.start.line
    yield from (part.span.start.line for part in parts)
    for written in (spec.goal_written, *(part.written for part in parts)):
        yield from (row for row, _, _ in written.pieces)
