"""Which parts of a file are text for people: one small state per line, and the piece of comment that the line holds.

Strings and regions are `spec.code`'s, Markdown is `spec.markdown`'s. A wrong guess is inert: nothing ever runs
because of what is found here.
"""

import re
from typing import NamedTuple

from specwright.spec.code import State, close, follow, reader
from specwright.spec.languages import Language
from specwright.spec.lines import body
from specwright.spec.model import Carrier

LONGEST = 10_000
"""Characters above which a line counts as blank."""
WHITE = " \t\u00a0\ufeff"


class Piece(NamedTuple):
    """The text for people on one line; `leader` is empty inside a block, `opens` and `closes` tell of its ends."""

    carrier: Carrier
    leader: str
    column: int
    text: str
    opens: bool = False
    closes: bool = False
    broken: tuple[int, int, str] | None = None
    """Columns at which the text ends or nests its own comment, and the sign that does."""
    gutter: bool = False
    begin: int = 0
    """Where the signs begin that open it."""
    behind: int | None = None
    """Where code goes on behind what closes it."""


Scanned = tuple[State | None, Piece | None]


def scan(language: Language, line: str, state: State | None, row: int) -> Scanned:
    """What a line ends inside of, and the piece that it holds; `state` is what the line before ended inside of."""
    text = body(line)
    if len(text) > LONGEST:
        return state, None
    if state is not None and state.indent is not None:
        if not text.strip() or len(text) - len(text.lstrip(" ")) > state.indent:
            return state, None
        state = state.under
    if state is not None and state.kind in {"block", "doc"}:
        return _block(language, text, 0, state, None)
    here = reader(language, state)
    if here is None:
        return follow(language, text, 0, state), None
    start = here.start.match(text)
    if start is None:
        return follow(language, text, 0, state), None
    return _begin(language, here, text, start, state, row)


def _begin(
    top: Language, here: Language, text: str, start: re.Match[str], state: State | None, row: int
) -> Scanned:  # fmt: skip
    """A line that begins with a comment or a docstring."""
    name = str(start.lastgroup)
    if name == "leader":
        if row == 0 and text.startswith("#!"):
            return state, None
        leader = text[start.start("leader") : start.end()]
        after = follow(top, text, start.start("leader"), state)
        return after, _piece(Carrier.LINES, text, start.end(), len(text), leader=leader)
    if name == "doc":
        quotes = text[start.end() - 3 : start.end()]
        return _block(top, text, start.end(), State("doc", here, said=quotes, under=state), start.start(name))
    opened = State("block", here, int(name.removeprefix("block")), under=state)
    return _block(top, text, start.end(), opened, start.start(name))


def _block(top: Language, text: str, at: int, state: State, begin: int | None) -> Scanned:
    """A line of a block comment or docstring from a column on; `begin` is where it opens on this line."""
    end, after, depth, nested = close(text, at, state)
    block = state.language.row.blocks[state.which] if state.kind == "block" else None
    behind = after if after is not None and text[after:].strip(WHITE) else None
    if begin is not None and behind is not None and (second := _second(top, text, behind, state)):
        return second
    goes_on = behind is not None and (block is not None or text[behind:].lstrip(WHITE)[0].isalnum())
    place = nested or ((end, behind) if behind is not None and goes_on else None) or _banned(text, at, end, state)
    broken = (*place, text[slice(*place)]) if place else None
    piece = _piece(
        Carrier.BLOCK if block else Carrier.DOCSTRING, text, at, end, opens=begin is not None,
        closes=after is not None, broken=broken, gutter=block is not None and block.opener.endswith("/*"),
        begin=begin or 0, behind=behind,
    )  # fmt: skip
    ends = state._replace(depth=depth) if after is None else follow(top, text, after, state.under)
    return ends, None if state.quiet else piece


def _second(top: Language, text: str, at: int, state: State) -> Scanned | None:
    """The comment that stays open on a line that holds nothing but comments."""
    after: int | None = at
    while after is not None:
        start = state.language.start.match(text, after)
        if start is None or not str(start.lastgroup).startswith("block"):
            return None
        name = str(start.lastgroup)
        opened = State("block", state.language, int(name.removeprefix("block")), under=state.under)
        begin, at = start.start(name), start.end()
        _, after, _, _ = close(text, at, opened)
    return _block(top, text, at, opened, begin)


def _banned(text: str, at: int, end: int, state: State) -> tuple[int, int] | None:
    banned = state.language.row.blocks[state.which].banned if state.kind == "block" else ""
    found = text.find(banned, at, end) if banned else -1
    return (found, found + len(banned)) if found >= 0 else None


def _piece(
    carrier: Carrier, text: str, start: int, end: int, *, leader: str = "", opens: bool = False, closes: bool = False,
    broken: tuple[int, int, str] | None = None, gutter: bool = False, begin: int = 0, behind: int | None = None,
) -> Piece:  # fmt: skip
    inner = text[start:end]
    lead = len(inner) - len(inner.lstrip(WHITE))
    if gutter and inner[lead : lead + 1] == "*" and inner[lead + 1 : lead + 2] not in {"*", "/"}:
        lead += 1
        lead += len(inner[lead:]) - len(inner[lead:].lstrip(WHITE))
    else:
        gutter = False
    shown = inner[lead:].rstrip(WHITE)
    return Piece(carrier, leader, start + lead, shown, opens, closes, broken, gutter, begin, behind)
