"""Parsing takes time that grows with the text and no faster, whatever sign of a language the text repeats."""

import time

import pytest

from specwright.spec.languages import compiled
from specwright.spec.parser import parse
from specwright.spec.table import ROWS, UNKNOWN, Row

SIGNS = ["spec! A", "- [ ] x, check: `", '"', "'", "`", "\\"]
LINE, LINES = 9_900, 1_000
"""A longer line is blank."""
SECONDS = 1.0
"""Generous: what is linear takes a fiftieth of it."""


@pytest.mark.parametrize("row", [*ROWS, UNKNOWN], ids=lambda row: row.id)
def test_no_text_takes_longer_than_it_is_long(row: Row) -> None:
    blocks = [sign for block in row.blocks for sign in (block.opener, f"{block.opener} ", block.closer)]
    led = [f"{leader} {sign}" for leader in row.leaders[:1] for sign in SIGNS[:2]]
    for sign in [*SIGNS, *row.leaders, *blocks, *led]:
        for text in ((sign * LINE)[:LINE], f"{sign}\n" * LINES):
            began = time.process_time()
            parse(text, compiled(row))
            took = time.process_time() - began
            assert took < SECONDS, f"{took:.1f} s for {sign!r}"
