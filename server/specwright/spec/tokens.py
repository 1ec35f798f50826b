"""The tokens of a field's value: what white space separates, without commas around it; with spaces in back-ticks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

TOKEN = re.compile(r"`(?P<quoted>[^`]+)`|(?P<plain>[^\s,]\S*)")


def located_tokens(value: str) -> Iterator[tuple[str, int, int]]:
    """Each token in Unicode's NFC; where it begins and ends in the value, its back-ticks included."""
    for found in TOKEN.finditer(value):
        written = found["quoted"].strip() if found["quoted"] else found["plain"].rstrip(",")
        end = found.end() if found["quoted"] else found.start() + len(written)
        if written:
            yield unicodedata.normalize("NFC", written), found.start(), end


def tokens(values: Iterable[str]) -> list[str]:
    """The tokens of values, in order."""
    return [token for value in values for token, _, _ in located_tokens(value)]
