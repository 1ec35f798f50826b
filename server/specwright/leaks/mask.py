"""Masks secrets in a text before it is stored or leaves."""

import re
from collections.abc import Collection, Iterator

from specwright.leaks.find import ASSIGNMENT, PASSWORD_ADDRESS, find
from specwright.leaks.known import known_spans
from specwright.leaks.rules import PEM, RULES

KNOWN = "known value"
KINDS = tuple(dict.fromkeys([PEM.kind, *(rule.kind for rule in RULES), ASSIGNMENT, PASSWORD_ADDRESS, KNOWN]))
MARK = re.compile(rf"\[secret: (?:{'|'.join(map(re.escape, KINDS))})\]")
"""What stands for a secret."""
_MARKS = "".join(f"[secret: {kind}]" for kind in KINDS)
_ROUNDS = 4


def mask(text: str, known: Collection[str] = (), *, likely: bool = True) -> str:
    """The text with `[secret: kind]` for each known value, each key and, if `likely`, what else looks like a secret.

    Masking it again changes nothing.
    """
    values = [value for value in known if value not in _MARKS]
    for _ in range(_ROUNDS):  # what is masked ends a word, where another key may begin then
        masked = _once(text, values, likely)
        if masked == text:
            break
        text = masked
    return text


def _once(text: str, values: Collection[str], likely: bool) -> str:
    if "[secret: " not in text:
        return _masked(text, values, likely)
    parts, end = [], 0
    for mark in MARK.finditer(text):
        parts += [_masked(text[end : mark.start()], values, likely), mark[0]]
        end = mark.end()
    return "".join([*parts, _masked(text[end:], values, likely)])


def _masked(text: str, values: Collection[str], likely: bool) -> str:
    spans = [(start, end, KNOWN) for start, end in known_spans(text, values)]
    spans += [(leak.start, leak.end, leak.kind) for leak in find(text) if likely or leak.sure]
    if not spans:
        return text
    parts, done = [], 0
    for start, end, kind in _merged(sorted(spans)):
        parts += [text[done:start], f"[secret: {kind}]"]
        done = end
    return "".join([*parts, text[done:]])


def _merged(spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Spans that overlap as one, named as the first of them."""
    start, end, kind = spans[0]
    for begin, stop, other in spans[1:]:
        if begin < end:
            end = max(end, stop)
        else:
            yield start, end, kind
            start, end, kind = begin, stop, other
    yield start, end, kind
