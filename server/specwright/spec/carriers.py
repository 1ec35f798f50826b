"""Which parts of a file are text for people: one small state per line, and the piece of comment that the line holds.

Markdown is `spec.markdown`'s. A wrong guess is inert: nothing ever runs because of what is found here.
"""

import re
from typing import NamedTuple

from specwright.spec.languages import Language
from specwright.spec.lines import body
from specwright.spec.model import Carrier

LONGEST = 10_000
"""Characters above which a line counts as blank."""
WHITE = " \t\u00a0\ufeff"


class State(NamedTuple):
    """What a line ends inside of: a comment of the language's `blocks`, a docstring, or a string over lines."""

    kind: str
    which: int = 0
    depth: int = 1
    closer: str = ""
    quiet: bool = False
    """A comment that began after code: it carries nothing."""


class Piece(NamedTuple):
    """The text for people on one line; `leader` is empty inside a block, `opens` and `closes` tell of its ends."""

    carrier: Carrier
    leader: str
    column: int
    text: str
    opens: bool = False
    closes: bool = False
    broken: tuple[int, int] | None = None
    """Columns at which the text ends or nests its own comment."""
    gutter: bool = False


Scanned = tuple[State | None, Piece | None]


def scan(language: Language, line: str, state: State | None, row: int) -> Scanned:
    """What a line ends inside of, and the piece that it holds; `state` is what the line before ended inside of."""
    text = body(line)
    if len(text) > LONGEST:
        return state, None
    if state is not None:
        return _inside(language, text, state)
    start = language.start.match(text)
    if start is None:
        return (_code(language, text, 0), None) if language.tokens.search(text) else (None, None)
    return _begin(language, text, start, row)


def _begin(language: Language, text: str, start: re.Match[str], row: int) -> Scanned:
    """A line that begins with a comment or a docstring."""
    name = str(start.lastgroup)
    if name == "leader":
        if row == 0 and text.startswith("#!"):
            return None, None
        return None, _piece(
            Carrier.LINES, text, start.end(), len(text), leader=text[start.start("leader") : start.end()]
        )
    if name == "doc":
        quotes = text[start.end() - 3 : start.end()]
        return _block(language, text, start.end(), State("doc", closer=quotes), opens=True)
    index = int(name.removeprefix("block"))
    return _block(language, text, start.end(), State("block", index), opens=True)


def _inside(language: Language, text: str, state: State) -> Scanned:
    if state.kind == "long":
        closer = re.compile(state.closer).search(text)
        return (_code(language, text, closer.end()), None) if closer else (state, None)
    return _block(language, text, 0, state, opens=False)


def _block(language: Language, text: str, at: int, state: State, opens: bool) -> Scanned:
    """A line of a block comment or docstring from a column on."""
    end, after, depth, nested = _close(language, text, at, state)
    closes = after is not None
    rest = text[after:] if after is not None else ""
    carrier = Carrier.DOCSTRING if state.kind == "doc" else Carrier.BLOCK
    broken = (
        nested
        or ((end, after) if after is not None and rest.strip(WHITE) else None)
        or _banned(language, text, at, end, state)
    )
    gutter = state.kind == "block" and language.row.blocks[state.which].opener == "/*"
    piece = _piece(carrier, text, at, end, opens=opens, closes=closes, broken=broken, gutter=gutter)
    after_state = _code(language, text, after) if after is not None else state._replace(depth=depth)
    return after_state, None if state.quiet else piece


def _close(language: Language, text: str, at: int, state: State) -> tuple[int, int | None, int, tuple[int, int] | None]:
    """Where a block's text ends on this line, where code goes on (None: nowhere), its depth, and what nests in it."""
    if state.kind == "doc":
        found = text.find(state.closer, at)
        return (len(text), None, 1, None) if found < 0 else (found, found + 3, 0, None)
    depth, nested = state.depth, None
    closer = language.row.blocks[state.which].closer
    for match in language.inner[state.which].finditer(text, at):
        depth += -1 if match[0] == closer else 1
        if match[0] != closer:
            nested = nested or match.span()
        if depth == 0:
            return match.start(), match.end(), 0, nested
    return len(text), None, depth, nested


def _banned(language: Language, text: str, at: int, end: int, state: State) -> tuple[int, int] | None:
    banned = language.row.blocks[state.which].banned if state.kind == "block" else ""
    found = text.find(banned, at, end) if banned else -1
    return (found, found + len(banned)) if found >= 0 else None


def _code(language: Language, text: str, at: int) -> State | None:
    """What code from a column on ends inside of."""
    while match := language.tokens.search(text, at):
        name = str(match.lastgroup)
        if name == "leader":
            return None
        at = match.end()
        if name.startswith("block"):
            state = State("block", int(name.removeprefix("block")), quiet=True)
            _, after, depth, _ = _close(language, text, at, state)
            if after is None:
                return state._replace(depth=depth)
            at = after
        elif name.startswith("long") or name == "tag":
            state = _long(language, match)
            closer = None if "\\s*$" in state.closer else re.compile(state.closer).search(text, at)
            if closer is None:
                return state
            at = closer.end()
        at = max(at, match.end())
    return None


def _long(language: Language, match: re.Match[str]) -> State:
    """The state of a string that runs over lines; its closer may repeat what its opener said."""
    index = next(n for n in range(len(language.row.longs)) if match[f"long{n}"] is not None)
    long = language.row.longs[index]
    inner = re.compile(long.opener).match(match[0])
    said = "" if inner is None or not inner.re.groups else inner.groupdict().get("tag") or inner[1] or ""
    return State("long", index, closer=long.closer.replace("\\0", re.escape(said)))


def _piece(
    carrier: Carrier, text: str, start: int, end: int, *, leader: str = "", opens: bool = False, closes: bool = False,
    broken: tuple[int, int] | None = None, gutter: bool = False,
) -> Piece:  # fmt: skip
    inner = text[start:end]
    lead = len(inner) - len(inner.lstrip(WHITE))
    if gutter and inner[lead : lead + 1] == "*" and inner[lead + 1 : lead + 2] in {"", *WHITE}:
        lead += 1
        lead += len(inner[lead:]) - len(inner[lead:].lstrip(WHITE))
    else:
        gutter = False
    return Piece(carrier, leader, start + lead, inner[lead:].rstrip(WHITE), opens, closes, broken, gutter)
