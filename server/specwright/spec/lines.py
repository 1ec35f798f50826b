"""Splits text into lines as editors and git do: at \\r\\n, \\n and \\r only, not at form feeds or U+2028."""

import re
from collections.abc import Sequence

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their terminators; `''` has none, a last line may lack its terminator."""
    lines = text.splitlines(keepends=True)
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    unfinished = bool(text) and not text.endswith(("\n", "\r"))
    return lines if len(lines) == ends + unfinished else _LINE.findall(text)


def line_end(lines: Sequence[str], row: int) -> str:
    """What ends a line; of a last one that nothing ends, what ends the one above."""
    ends = (line[len(body(line)) :] for line in reversed(lines[max(0, row - 1) : row + 1]))
    return next(filter(None, ends), "\n")


def body(line: str) -> str:
    """A line without its terminator."""
    return line.rstrip("\r\n")
