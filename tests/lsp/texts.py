"""Documents and edits without a server: short ways to make them, and the plainest thing that they must equal."""

import re

from lsprotocol import types as t

from specwright.lsp.convert import Units
from specwright.lsp.document import Document

ADVICE = frozenset({"SPEC102", "SPEC103", "SPEC104", "SPEC105", "SPEC205"})
"""Rules that say of the short specs of tests that they are short; what is shown of rules is tests/spec's."""
ENCODINGS = ("utf-8", "utf-16", "utf-32")
BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
URI = "file:///nowhere/a.py"
ODD = {
    "astral": "😀",
    "two bytes": "é",
    "form feed": "\f",
    "vertical tab": "\v",
    "file separator": "\x1c",
    "next line": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "lone surrogate": "\ud83d",
    "no character": "\0",
    "byte-order mark": "\ufeff",
}


def document(text: str, name: str = "utf-16", uri: str = URI, language: str | None = None) -> Document:
    return Document(uri, text, 1, language, Units(name))


def place(line: int, column: int) -> t.Position:
    return t.Position(line=line, character=column)


def partial(start: tuple[int, int], end: tuple[int, int], text: str) -> t.TextDocumentContentChangePartial:
    return t.TextDocumentContentChangePartial(range=t.Range(start=place(*start), end=place(*end)), text=text)


def size(text: str, name: str) -> int:
    """Code units of a text."""
    codec, width = BYTES[name]
    return len(text.encode(codec, "surrogatepass")) // width


def offset(text: str, position: t.Position, name: str) -> int:
    """Where a position stands in a text, by the words of the protocol."""
    starts = [0, *(found.end() for found in re.finditer("\r\n|\n|\r", text))]
    if position.line >= len(starts):
        return len(text)
    at = starts[position.line]
    left = position.character
    while at < len(text) and text[at] not in "\r\n" and left >= size(text[at], name):
        left -= size(text[at], name)
        at += 1
    return at


def edited(text: str, change: t.TextDocumentContentChangeEvent, name: str) -> str:
    """The text after a change."""
    if isinstance(change, t.TextDocumentContentChangePartial):
        start, end = (offset(text, position, name) for position in (change.range.start, change.range.end))
        return text[:start] + change.text + text[end:]
    return change.text
