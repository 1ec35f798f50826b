"""Secrets that are known by their value: where they stand in a text, as they are or encoded."""

import base64
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

from specwright.leaks.find import places

SHORTEST = 8
"""Characters of a value below which it is left alone: it would be found in words."""
_FIRST = (0, 2, 3)
"""Characters of base64 that what stands before a value takes part in, by its bytes modulo 3."""


def known_spans(text: str, values: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Begin and end of each place; encoded ones may be broken into lines, as `base64` and `xxd` do."""
    joined = text.replace("\n", "").replace("\r", "")
    offsets: list[int] = []
    for value in values:
        for form in written(value):
            yield from ((at, at + len(form)) for at in places(text, form))
        for form in (form for form in encoded(value) if form in joined):
            offsets = offsets or [at for at, character in enumerate(text) if character not in "\r\n"]
            yield from ((offsets[at], offsets[at + len(form) - 1] + 1) for at in places(joined, form))


@lru_cache(4096)
def written(value: str) -> tuple[str, ...]:
    """A value as it is, escaped in JSON and percent-encoded; none of what is too short."""
    if len(value) < SHORTEST:
        return ()
    data = value.encode("utf-8", "surrogatepass")
    percent = {quote(data), quote(data, safe=""), quote_plus(data), "".join(f"%{byte:02X}" for byte in data)}
    escaped = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    return tuple({value, *escaped, *percent, *map(_lower_escapes, percent)})


@lru_cache(4096)
def encoded(value: str) -> tuple[str, ...]:
    """A value in hex, and in base64 at each of the three places that it can have among other bytes."""
    if len(value) < SHORTEST:
        return ()
    data = value.encode("utf-8", "surrogatepass")
    hexadecimal = (data.hex(), data.hex().upper())
    return tuple(dict.fromkeys((*hexadecimal, *(form for before in range(3) for form in _base64(data, before)))))


def _base64(data: bytes, before: int) -> tuple[str, str]:
    """The characters that depend on nothing but the value, in both alphabets."""
    part = slice(_FIRST[before], (before + len(data)) * 8 // 6)
    padded = bytes(before) + data
    return base64.b64encode(padded).decode()[part], base64.urlsafe_b64encode(padded).decode()[part]


def _lower_escapes(text: str) -> str:
    first, *rest = text.split("%")
    return first + "".join(f"%{part[:2].lower()}{part[2:]}" for part in rest)
