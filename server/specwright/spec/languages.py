"""How languages carry text: leaders, block comments, docstrings, and the strings that are not text for people.

The table itself is `spec.table`'s; here a row becomes patterns. `Language` and `Inner` say what their groups mean.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property

from specwright.spec import table
from specwright.spec.table import Block, Long, Row

BEHIND = r"(?<![^\s;)}\]\"',])"
"""A `#` after one of these begins a comment, whatever follows it."""


@dataclass(frozen=True, eq=False)
class Inner:
    """How a string or a region goes on, up to where it ends."""

    long: Long
    pattern: re.Pattern[str]
    """Groups `end`, `hole`, `skip`, `sign`; for a region also `nest` and those of its language's `tokens`."""
    said: int
    """The group in which a closer says what the opener said; 0 for none."""

    @cached_property
    def language(self) -> "Language | None":
        """What a region is read with; None for a string."""
        return _part(self.long.inside) if self.long.inside else None

    @cached_property
    def hole(self) -> "Inner | None":
        """How code inside of the string goes on."""
        return inner(self.long.hole) if self.long.hole else None


@dataclass(frozen=True, eq=False)
class Language:
    """One row of the table, ready to scan with."""

    row: Row
    start: re.Pattern[str]
    """Matches the beginning of a comment-only line: group `doc`, `blockN` or `leader`."""
    tokens: re.Pattern[str]
    """Matches what a scanner must stop at in code: groups `leader`, `blockN`, `longN`, `skip`, `whole`."""
    closers: tuple[re.Pattern[str], ...]
    """For each block, its closer as group `end`, and its opener where it nests."""

    @property
    def id(self) -> str:
        """The LSP language id, or `unknown`."""
        return self.row.id

    @property
    def markdown(self) -> bool:
        """Whether Markdown's carriers hold here, and no others."""
        return self.row.id == "markdown"

    @cached_property
    def hints(self) -> re.Pattern[str]:
        """Matches somewhere in each line of code that can leave anything open at its end."""
        blocks = [re.escape(block.opener) for block in self.row.blocks if not block.column and not block.alone]
        return re.compile("|".join([*blocks, *(long.hint or long.opener for long in self.row.longs)]) or "(?!)")

    @cached_property
    def longs(self) -> tuple[Inner, ...]:
        """For each string or region of the row, how it goes on."""
        return tuple(inner(long) for long in self.row.longs)

    @cached_property
    def said(self) -> tuple[int, ...]:
        """For each of them, the group of `tokens` that holds what its opener says; 0 for none."""
        groups = self.tokens.groupindex
        return tuple(
            groups[f"long{n}"] + 1 if re.compile(long.opener).groups else 0 for n, long in enumerate(self.row.longs)
        )


def language_of(path: str, language_id: str | None = None, more: tuple[Row, ...] = ()) -> Language:
    """The language by LSP id, then file name, then extension; the unknown language where none fits."""
    ids, files = _index(more)
    name = path.rpartition("/")[2]
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    for key, where in ((language_id, ids), (name, files), (f".{extension}", files)):
        if key and key in where:
            return compiled(where[key])
    return compiled(table.UNKNOWN)


@cache
def compiled(row: Row) -> Language:
    """The language of a row; of one within a region, the language around it."""
    if row.within:
        row = Row(row.id, longs=(replace(row.within, inside=row.id),))
    return Language(row, _start(row), _tokens(row), tuple(_closer(block) for block in row.blocks))


@cache
def inner(long: Long) -> Inner:
    """How a string or region goes on."""
    end = f"(?P<end>{'' if long.mirrored else long.closer})" if long.closer else ""
    nest = f"(?P<nest>{long.nest})" if long.nest else ""
    tokens = _tokens(_part(long.inside).row).pattern if long.inside else ""
    skip = f"(?P<skip>{long.escape})" if long.escape else ""
    hole = f"(?P<hole>{long.hole.opener})" if long.hole else ""
    signs = r"(?P<skip>\\.)|(?P<sign>[^\w\s])" if long.mirrored else ""
    found = re.compile(_any([signs, skip, end, tokens, nest, hole]) or "(?!)")
    groups = re.compile(long.closer).groups
    return Inner(long, found, found.groupindex["end"] + 1 if groups else 0)


@cache
def _part(name: str) -> Language:
    """A language inside of another: a part, or the row of this id without what is around it."""
    row = next(row for row in (*table.PARTS, *table.ROWS) if row.id == name)
    return compiled(replace(row, within=None))


@cache
def _index(more: tuple[Row, ...]) -> tuple[dict[str, Row], dict[str, Row]]:
    rows = (*table.ROWS, *more)
    ids = {name: row for row in rows for name in (row.id, *row.ids)}
    files = {f".{extension}": row for row in rows for extension in row.files.split()}
    return ids, {**files, **{name: row for row in rows for name in row.names.split()}}


def _start(row: Row) -> re.Pattern[str]:
    blocks = [f"(?P<block{n}>{_opener(block)})" for n, block in enumerate(row.blocks)]
    docs = f"(?P<doc>{row.docs})" if row.docs else ""
    leader = f"(?P<leader>{_leaders(row, '')})" if row.leaders else ""
    return re.compile(rf"{row.margin}(?:{_any([docs, *blocks, leader]) or '(?!)'})")


def _opener(block: Block) -> str:
    sign = re.escape(block.opener) + (f"(?!{block.unless})" if block.unless else "")
    if block.column:
        return rf"(?<![^\n]){sign}(?!\S)"
    return rf"{sign}(?=[ \t]*+$)" if block.alone else sign


def _tokens(row: Row) -> re.Pattern[str]:
    open_anywhere = [(n, block) for n, block in enumerate(row.blocks) if not block.column and not block.alone]
    blocks = [f"(?P<block{n}>{_opener(block)})" for n, block in open_anywhere]
    whole = "|".join(long.whole for long in row.longs if long.whole)
    longs = [f"(?P<whole>{whole})"] if whole else []
    longs += [f"(?P<long{n}>{long.opener})" for n, long in enumerate(row.longs)]
    skip = f"(?P<skip>{'|'.join(row.strings)})" if row.strings else ""
    leader = f"(?P<leader>{_leaders(row, BEHIND)})" if row.leaders else ""
    return re.compile(_any([*blocks, *longs, skip, leader]) or "(?!)")


def _leaders(row: Row, behind: str) -> str:
    words = sorted(row.leaders, key=len, reverse=True)
    return "|".join(_word(word, row.unless, behind) for word in words)


def _word(word: str, unless: str, behind: str) -> str:
    """A leader as a pattern; `#` counts only before white space, another `#` or the end of the line."""
    escaped = re.escape(word)
    if word == "#":
        return r"#(?=[\s#\u00a0]|$)" + (f"|{behind}#" if behind else "")
    if word.isalpha():
        return rf"(?i:{escaped})(?=\s|$)"
    if word == "!":
        return rf"{escaped}(?=\s|$)"
    if word == "--":
        return rf"{escaped}(?!>)" + (rf"(?!-*+{unless})" if unless else "")
    return escaped


def _closer(block: Block) -> re.Pattern[str]:
    end = re.escape(block.closer) + (f"(?:{re.escape(block.tail)})?" if block.tail else "")
    if block.column:
        end = rf"^{end}(?!\S).*"
    if block.alone:
        end = rf"^[ \t]*+{end}(?=[ \t]*+$)"
    return re.compile(f"(?P<end>{end})|{_opener(block)}" if block.nests else f"(?P<end>{end})")


def _any(patterns: Iterable[str]) -> str:
    return "|".join(pattern for pattern in patterns if pattern)
