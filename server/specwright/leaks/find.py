"""Finds likely secrets in a text: keys of a known format, and what is assigned to a password and looks random."""

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from specwright.leaks.rules import ADDRESS, APART, NAME, NAME_LENGTH, PEM, RULES, VALUE, WORD_LENGTH, Rule, compiled

Span = tuple[int, int]

PASSWORD_ADDRESS = "address with a password"  # noqa: S105 - a kind, no password
ASSIGNMENT = "random value"
LEAST_BITS = 3.0
"""Entropy per character of what looks random. For comparison: English words have about 2.5, random hex 3.7."""
LEAST_CHANGES = 4
"""Changes between letters and digits, of which there are two at least, and to capitals in what looks random."""
_PLACEHOLDER = re.compile(
    r"example|sample|placeholder|dummy|fake|change.?me|your|redacted|xxx|\*\*\*|\.\.\.|…|test|mock|insert|1234567|abcdefg"
    r"|[<>{}$%]|^(?:sha\d+|md5|\.{0,2}/|\w+://)|(.)\1{4}",
    re.IGNORECASE,
)
"""Values that stand for another one, are filled in later, or name a hash, a path or an address."""
_STAND_IN = re.compile(r"EXAMPLE|xxxx|XXXX|REDACTED|\.\.\.")
"""The same for formats, where a chance hit is likelier: only what no issuer's random part may be taken for."""
_COMMON = frozenset({"password", "passwd", "secret", "username", "postgres", "changeme"})
_LOCAL = re.compile(r"localhost|127\.|0\.0\.0\.0|\[?::1|.*\bexample\b|.*\.(?:test|invalid|local)\b", re.IGNORECASE)
_CHANGE = re.compile(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])")
_CAPITAL = re.compile(r"[a-z](?=[A-Z])")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""A UUID; far more of them are names than keys."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A part of a text that is likely a secret."""

    kind: str
    start: int
    end: int
    line: int
    """From 1, as `column`, in code points."""
    column: int
    sure: bool
    """Whether it has the format of a key; else it only looks random where a secret would stand."""


def find(text: str) -> tuple[Leak, ...]:
    """All of them, in the order of their places."""
    spans = dict(_assigned(text)) | {span: PASSWORD_ADDRESS for span in _addresses(text)}
    sure = dict([*_formats(text), *_private_keys(text)])
    return tuple(_leaks(text, sorted({**spans, **sure}.items()), sure))


def looks_random(value: str) -> bool:
    """Whether a value that is assigned to a password is likely one."""
    changes = len(_CHANGE.findall(value))
    if changes < 2 or changes + len(_CAPITAL.findall(value)) < LEAST_CHANGES or entropy(value) < LEAST_BITS:
        return False
    return not _PLACEHOLDER.search(value) and not _ID.fullmatch(value)


def entropy(text: str) -> float:
    """Shannon's, in bits per character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def places(text: str, part: str) -> Iterator[int]:
    """Where a part begins, overlapping ones too."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _formats(text: str) -> Iterator[tuple[Span, str]]:
    """Anchors are looked for in long words first: searching all of a text for each would take ten times as long."""
    words = text.encode("utf-8", "replace").translate(APART).split()
    long = b" ".join(word for word in words if len(word) >= WORD_LENGTH).decode()
    for rule in RULES:
        for anchor in rule.anchors:
            for at in places(text, anchor) if anchor in long else ():
                if found := _format(text, rule, at - rule.back):
                    yield found, rule.kind


def _format(text: str, rule: Rule, at: int) -> Span | None:
    if at < 0 or not (rule.inside or _begins(text, at)):
        return None
    match = compiled(rule.pattern).match(text, at)
    if match is None or not _is_key(match[0], rule):
        return None
    return match.span("v") if "v" in match.re.groupindex else match.span()


def _private_keys(text: str) -> Iterator[tuple[Span, str]]:
    if PEM.anchors[0] in text:
        yield from ((match.span(), PEM.kind) for match in compiled(PEM.pattern).finditer(text))


def _begins(text: str, at: int) -> bool:
    """Whether no word goes on here; `\\n` in a string's source is the end of one."""
    before = text[at - 1] if at else " "
    return not (before.isascii() and before.isalnum()) or (at > 1 and text[at - 2] == "\\" and before in "nrt")


def _is_key(found: str, rule: Rule) -> bool:
    if rule.mixed and not (any(map(str.isdigit, found)) and found != found.lower() and found != found.upper()):
        return False
    return not _STAND_IN.search(found) and entropy(found) >= LEAST_BITS


def _assigned(text: str) -> Iterator[tuple[Span, str]]:
    for first in compiled(VALUE).finditer(text):
        start, end = first.span(first.lastgroup or 0)
        within = compiled(VALUE).search(text, start, end)  # `note: password=…`
        for match in (first, within) if within else (first,):
            value = str(match[match.lastgroup or 0])
            if looks_random(value) and compiled(NAME).search(text[max(0, match.start() - NAME_LENGTH) : match.start()]):
                yield match.span(match.lastgroup or 0), ASSIGNMENT


def _addresses(text: str) -> Iterator[Span]:
    for match in compiled(ADDRESS).finditer(text) if "@" in text else ():
        if _PLACEHOLDER.search(match["v"]) or match["v"].lower() in _COMMON:
            continue
        if not _LOCAL.match(match["host"]):
            yield match.span("v")


def _leaks(text: str, found: Iterable[tuple[Span, str]], sure: Container[Span]) -> Iterator[Leak]:
    """With their places, in one pass: a text of secrets alone would be counted through for each."""
    line, at = 1, 0
    for (start, end), kind in found:
        line, at = line + text.count("\n", at, start), start
        yield Leak(kind, start, end, line, start - text.rfind("\n", 0, start), (start, end) in sure)
