"""The tokens of a field's value: what white space separates, without commas around it; with spaces in back-ticks."""

import re
import unicodedata
from collections.abc import Iterator

from specwright.spec.escapes import unescaped
from specwright.spec.model import MARKDOWN, Span, Spec

TOKEN = re.compile(r"`(?P<quoted>[^`]+)`|(?P<plain>[^\s,]\S*)")


def located_tokens(value: str, markdown: bool = False) -> Iterator[tuple[str, int, int]]:
    """Each token in Unicode's NFC, in Markdown without its escapes; where it begins and ends, back-ticks included."""
    for found in TOKEN.finditer(value):
        written = found["quoted"].strip() if found["quoted"] else found["plain"].rstrip(",")
        end = found.end() if found["quoted"] else found.start() + len(written)
        token = unescaped(written) if markdown and not found["quoted"] else written
        if token:
            yield unicodedata.normalize("NFC", token), found.start(), end


def placed_tokens(spec: Spec, *keys: str) -> Iterator[tuple[str, str, Span]]:
    """The tokens of a spec's fields of these keys, with their keys and places."""
    for field in spec.fields:
        if field.key in keys:
            for token, start, end in located_tokens(field.value, spec.carrier in MARKDOWN):
                yield field.key, token, field.written.span(start, end)


def tokens(spec: Spec, key: str) -> list[str]:
    """The tokens of the fields of a key, in order."""
    return [token for _, token, _ in placed_tokens(spec, key)]
