"""What code ends inside of at the end of a line: strings that run over lines, comments behind code, regions."""

import re
from typing import NamedTuple

from specwright.spec.languages import Inner, Language

DEEPEST = 8
"""Regions inside of each other that are told apart; what is deeper counts as text."""
MIRRORED = {"(": ")", "[": "]", "{": "}", "<": ">"}
DOC_END = re.compile(r"\\.|(?P<end>\"\"\"|''')")


class State(NamedTuple):
    """What a line ends inside of: a comment, a docstring, a string, a region, a hole of a string."""

    kind: str
    """`block`, `doc`, `long` or `hole`."""
    language: Language
    """Whose `blocks` or `longs` it is one of, at `which`."""
    which: int = 0
    depth: int = 1
    said: str = ""
    """What its opener said, for its closer to say again."""
    quiet: bool = False
    """A comment that began after code: it carries nothing."""
    under: "State | None" = None
    """What goes on behind it."""
    indent: int | None = None
    """The column up to which a text by indentation is over."""


def reader(top: Language, state: State | None) -> Language | None:
    """The language that code is read with; None inside of a string."""
    if state is None:
        return top
    return _inner(state).language


def follow(top: Language, text: str, at: int, state: State | None) -> State | None:
    """What code, or a string, ends inside of when it is read from a column on."""
    if state is None and not top.hints.search(text, at):
        return None
    later: list[State] = []
    while at <= len(text):
        inner = _inner(state) if state else None
        match = (inner.pattern if inner else top.tokens).search(text, at)
        if match is None:
            break
        name, at = str(match.lastgroup), max(match.end(), at + (match.end() == match.start()))
        here = (inner.language if inner else top) if name[-1].isdigit() else None
        if name == "leader":
            state = _after_comment(text, match.start(), state)
            break
        if here and name.startswith("block"):
            state = State("block", here, int(name[5:]), quiet=True, under=state)
            _, after, depth, _ = close(text, at, state)
            if after is None:
                state = state._replace(depth=depth)
                break
            state, at = state.under, after
        elif here:
            state = _opened(here, match, int(name[4:]), state, later)
            if state and state.indent is not None:
                break
        elif state:
            state = _step(match, name, state)
    for waiting in reversed(later[:DEEPEST]):
        state = waiting._replace(under=state)
    return state


def close(text: str, at: int, state: State) -> tuple[int, int | None, int, tuple[int, int] | None]:
    """Where a comment's text ends on this line, where code goes on (None: nowhere), its depth, and what nests in it."""
    depth, nested = state.depth, None
    pattern = DOC_END if state.kind == "doc" else state.language.closers[state.which]
    for match in pattern.finditer(text, at):
        if match["end"] is None:
            if state.kind == "block":
                depth, nested = depth + 1, nested or match.span()
        elif state.kind == "block" or match["end"] == state.said:
            depth -= 1
        if depth == 0:
            return match.start(), match.end(), 0, nested
    return len(text), None, depth, nested


def _inner(state: State) -> Inner:
    found = state.language.longs[state.which]
    return found.hole if state.kind == "hole" and found.hole else found


def _opened(here: Language, match: re.Match[str], which: int, state: State | None, later: list[State]) -> State | None:
    """A string or region that begins; one that begins on the next line is kept for later."""
    long, group = here.row.longs[which], here.said[which]
    if group and match.re is not here.tokens:
        group = match.re.groupindex[f"long{which}"] + 1
    if long.inside and _depth(state) >= DEEPEST:
        return state
    indent = _indent(match.string, match.start()) if long.indented else None
    opened = State("long", here, which, said=(match[group] or "") if group else "", under=state, indent=indent)
    if long.later:
        later.append(opened)
        return state
    return opened


def _step(match: re.Match[str], name: str, state: State) -> State | None:
    """What a sign inside of a string or region does."""
    inner = _inner(state)
    if name == "end" and (not inner.said or match[inner.said] == state.said):
        return state._replace(depth=state.depth - 1) if state.depth > 1 else state.under
    if name == "nest":
        return state._replace(depth=state.depth + 1)
    if name == "hole" and _depth(state) < DEEPEST:
        return State("hole", state.language, state.which, under=state)
    if name == "sign" and match[0] == MIRRORED.get(state.said, state.said):
        return state._replace(depth=state.depth - 1) if state.depth > 1 else state.under
    if name == "sign" and match[0] == state.said:
        return state._replace(depth=state.depth + 1)
    return state


def _after_comment(text: str, at: int, state: State | None) -> State | None:
    """Some regions end inside of a line comment, too."""
    if state is None or state.kind == "hole":
        return state
    inner = _inner(state)
    found = re.compile(inner.long.closer).search(text, at)
    return state.under if found else state


def _depth(state: State | None) -> int:
    depth = 0
    while state is not None:
        depth, state = depth + 1, state.under
    return depth


def _indent(text: str, at: int) -> int:
    """The column of the key or the dash whose text by indentation begins behind it."""
    dashes = re.compile(r"[ ]*+(?:-[ ]++)*+").match(text)
    end = dashes.end() if dashes else 0
    return text.rfind("-", 0, end) if at < end else end
