"""How languages carry text: leaders, block comments, docstrings, and the strings that are not text for people.

The table itself is `spec.table`'s.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from specwright.spec import table
from specwright.spec.table import Row


@dataclass(frozen=True, slots=True)
class Language:
    """One row of the table, ready to scan with."""

    row: Row
    start: re.Pattern[str]
    """Matches the beginning of a comment-only line: group `doc`, `blockN` or `leader`."""
    tokens: re.Pattern[str]
    """Matches what a scanner must stop at in code: groups `leader`, `blockN`, `longN`, `skip`."""
    inner: tuple[re.Pattern[str], ...]
    """For each block, its closer, and its opener where it nests."""

    @property
    def id(self) -> str:
        """The LSP language id, or `unknown`."""
        return self.row.id

    @property
    def markdown(self) -> bool:
        """Whether Markdown's carriers hold here, and no others."""
        return self.row.id == "markdown"


def language_of(path: str, language_id: str | None = None) -> Language:
    """The language by LSP id, then file name, then extension; the unknown language where none fits."""
    ids, files = _index()
    name = path.rpartition("/")[2]
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    for key, where in ((language_id, ids), (name, files), (f".{extension}", files)):
        if key and key in where:
            return compiled(where[key])
    return compiled(table.UNKNOWN)


@cache
def compiled(row: Row) -> Language:
    """The language of a row."""
    return Language(row, _start(row), _tokens(row), tuple(_inner(block) for block in row.blocks))


@cache
def _index() -> tuple[dict[str, Row], dict[str, Row]]:
    ids = {name: row for row in table.ROWS for name in (row.id, *row.ids)}
    files = {f".{extension}": row for row in table.ROWS for extension in row.files.split()}
    return ids, {**files, **{name: row for row in table.ROWS for name in row.names.split()}}


def _start(row: Row) -> re.Pattern[str]:
    blocks = [f"(?P<block{n}>{_opener(block)})" for n, block in enumerate(row.blocks)]
    docs = f"(?P<doc>{row.docs})" if row.docs else ""
    return re.compile(rf"[ \t\u00a0\ufeff]*(?:{_any([docs, *blocks, _leader(row)]) or '(?!)'})")


def _opener(block: table.Block) -> str:
    return (r"(?<![ \t])" if block.column else "") + re.escape(block.opener)


def _tokens(row: Row) -> re.Pattern[str]:
    blocks = [f"(?P<block{n}>{re.escape(b.opener)})" for n, b in enumerate(row.blocks) if not b.column]
    longs = [f"(?P<long{n}>{long.opener})" for n, long in enumerate(row.longs)]
    skip = f"(?P<skip>{'|'.join(row.strings)})" if row.strings else ""
    return re.compile(_any([*blocks, *longs, skip, _leader(row)]) or "(?!)")


def _leader(row: Row) -> str:
    words = sorted(row.leaders, key=len, reverse=True)
    return f"(?P<leader>{'|'.join(_word(word) for word in words)})" if words else ""


def _word(word: str) -> str:
    """A leader as a pattern; `#` counts only before white space, another `#` or the end of the line."""
    escaped = re.escape(word)
    if word == "#":
        return r"#(?=[\s#\u00a0]|$)"
    if word in {"!", "REM"}:
        return rf"{escaped}(?=\s|$)"
    return rf"{escaped}(?!>)" if word == "--" else escaped


def _inner(block: table.Block) -> re.Pattern[str]:
    closer = re.escape(block.closer)
    if block.column:
        return re.compile(rf"^{closer}")
    return re.compile(f"{closer}|{re.escape(block.opener)}" if block.nests else closer)


def _any(patterns: Iterable[str]) -> str:
    return "|".join(pattern for pattern in patterns if pattern)
