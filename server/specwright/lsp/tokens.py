"""Semantic tokens of specs: marker, title, handle, keys, boxes and check commands; nothing else of a file."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lsprotocol import types as t

from specwright.lsp.document import Document
from specwright.spec.document import Block
from specwright.spec.grammar import ALIASES, KEYS
from specwright.spec.lines import body
from specwright.spec.model import Criterion, Spec
from specwright.spec.place import key_at, marker_at

KEYWORD, TITLE, HANDLE, KEY, BOX, COMMAND = range(6)
LEGEND = t.SemanticTokensLegend(["keyword", "class", "variable", "property", "operator", "macro"], [])
"""By number: marker, title, handle, key, criterion's box, check command."""

BOXED = re.compile(r"[-*+][ \t\u00a0]+(?P<box>\\?\[[ xX]\\?\])")


class Token(NamedTuple):
    """A part of one row; columns count in the client's units."""

    row: int
    start: int
    length: int
    kind: int


class Tokens:
    """The tokens of one document, kept by block; what was sent last, for an answer that tells only what differs."""

    def __init__(self) -> None:
        self._of: dict[Block, list[Token]] = {}
        self._sent: tuple[str, list[int]] = ("", [])
        self._number = 0

    def full(self, document: Document) -> t.SemanticTokens:
        """All of them."""
        data = self._data(document, 0, len(document.rows))
        self._number += 1
        self._sent = (str(self._number), data)
        return t.SemanticTokens(data=data, result_id=self._sent[0])

    def within(self, document: Document, first: int, last: int) -> t.SemanticTokens:
        """Those of some rows, both included."""
        return t.SemanticTokens(data=self._data(document, first, last))

    def since(self, document: Document, result_id: str) -> t.SemanticTokens | t.SemanticTokensDelta:
        """What differs from what was sent last."""
        name, old = self._sent
        found = self.full(document)
        if result_id != name:
            return found
        new = found.data
        same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        tail, most = 0, min(len(old), len(new)) - same
        while tail < most and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        edits = [t.SemanticTokensEdit(same, len(old) - tail - same, new[same : len(new) - tail])] if old != new else []
        return t.SemanticTokensDelta(edits=edits, result_id=found.result_id)

    def _data(self, document: Document, first: int, last: int) -> list[int]:
        self._of = {block: self._of.get(block) or _tokens(document, block) for block in document.blocks}
        data: list[int] = []
        row = column = 0
        for block, tokens in self._of.items():
            if block.last < first or block.first > last:
                continue
            for token in tokens:
                at = token.row + block.first
                if first <= at <= last:
                    data += (at - row, token.start - (column if at == row else 0), token.length, token.kind, 0)
                    row, column = at, token.start
        return data


def _tokens(document: Document, block: Block) -> list[Token]:
    rows = [body(row) for row in document.rows[block.first : block.last + 1]]
    parts = sorted({part for spec in block.specs for part in _parts(rows, spec)})
    units = document.units
    return [
        Token(row, start, units.before(rows[row], end) - start, kind)
        for row, column, end, kind in parts
        for start in (units.before(rows[row], column),)
        if end > column
    ]


def _parts(rows: Sequence[str], spec: Spec) -> Iterator[tuple[int, int, int, int]]:
    """Row, first column, end and kind of each part."""
    row = spec.span.start.line
    if found := marker_at(rows[row], spec):
        yield row, *found, KEYWORD
    start, end = spec.title_span.start.column, spec.title_span.end.column
    yield row, start, end, TITLE
    if spec.handle:
        at = rows[row].find(f"(#{spec.handle})", end)
        yield row, at + 1, at + 2 + len(spec.handle), HANDLE
    for field in spec.fields:
        if ALIASES.get(field.given, field.given) in KEYS:
            found = key_at(rows[field.span.start.line], field)
            yield from [(field.span.start.line, *found, KEY)] if found else []
    for criterion in spec.criteria:
        yield from _of_criterion(rows, criterion)


def _of_criterion(rows: Sequence[str], criterion: Criterion) -> Iterator[tuple[int, int, int, int]]:
    row = criterion.span.start.line
    if box := BOXED.match(rows[row], criterion.span.start.column):
        yield row, *box.span("box"), BOX
    if criterion.check is None:
        return
    start = criterion.written.text.rfind(criterion.check)  # it ends the criterion
    end, offset = start + len(criterion.check), 0
    for piece_row, column, text in criterion.written.pieces:
        first, last = max(start - offset, 0), min(end - offset, len(text))
        if first < last:
            yield piece_row, column + first, column + last, COMMAND
        offset += len(text) + 1
