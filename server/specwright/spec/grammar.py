"""The grammar of one logical line, as patterns. What follows from a line is `spec.builder`'s."""

import re
import unicodedata
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

W = r"[ \t\u00a0]"
ALIASES = {
    "intent": "goal",
    "scope": "files",
    "interface": "api",
    "errors": "error",
    "constraint": "must",
    "non-goal": "not",
    "wont": "not",
    "context": "see",
    "ref": "see",
    "depends": "after",
}
KEYS = (
    "goal", "files", "api", "error", "must", "not", "see", "after", "budget", "priority", "gates", "template",
    "note", "allow",
)  # fmt: skip
"""Canonical keys, in the order in which they are printed."""
ONCE = frozenset({"goal", "budget", "priority", "gates", "template"})

BULLET = re.compile(rf"[-*+](?:{W}+|$)(?P<rest>.*)")
GUTTER_BULLET = re.compile(rf"-(?:{W}+|$)(?P<rest>.*)")
"""With nothing behind it, it has just been begun: it says nothing, and ends what stands above."""
CRITERION = re.compile(rf"\\?\[(?P<box>[ xX])\\?\]{W}+(?P<text>\S.*)")
FIELD = re.compile(rf"(?P<key>[a-z][a-z-]{{0,11}}):(?:{W}+(?P<value>.*))?$")
HANDLE = re.compile(rf"^(?P<title>.*\S){W}+\(#(?P<handle>[a-z][a-z0-9-]{{3,15}})\)$")
CHECK = re.compile(r"[\s,;.]check:\s+$")
MANUAL = re.compile(r"[\s,;.]check:\s+manual\.?$")
TICKS = re.compile("`+")
SECTIONS = {
    "goal": "goal", "purpose": "goal", "acceptance criteria": "criterion", "files": "files", "scope": "files",
    "interface": "api", "errors": "error", "constraints": "must", "non-goals": "not", "out of scope": "not",
    "context": "see",
}  # fmt: skip
"""Which field the headings of a file that is one spec stand for; any other is a note."""
NUMBER = re.compile(r"\d{1,9}[.)][ \t\u00a0]+(?P<rest>.*)")
OPEN_CHECK = re.compile(r"[\s,;.]check:\s+(?P<ticks>`+)")


class Kind(Enum):
    """What a logical line is."""

    MARKER = auto()
    BARE = auto()
    """The marker word alone."""
    END = auto()
    BLANK = auto()
    CRITERION = auto()
    FIELD = auto()
    ITEM = auto()
    HEADING = auto()
    FOREIGN = auto()
    """Meant for another tool; `spec.foreign` tells it, where that can be."""
    PROSE = auto()


class Line(NamedTuple):
    """A classified line: its kind, the key or word, the text that belongs to it, and where that begins in the line."""

    kind: Kind
    key: str = ""
    text: str = ""
    at: int = 0
    given: str = ""
    """The key of a field as it was written, known or not."""


def classify(text: str, words: tuple[str, ...], gutter: bool = False, level: int = 0) -> Line:
    """One line by itself, in the order marker, end, blank, criterion, field, item, prose."""
    if not text:
        return Line(Kind.HEADING if level else Kind.BLANK)
    marker = _marker(words).match(text)
    if marker:
        return _marked(marker)
    if text.startswith("/") and text[1:] in words:
        return Line(Kind.END)
    if level:
        return Line(Kind.HEADING)
    bullet = (GUTTER_BULLET if gutter else BULLET).match(text)
    return _bullet(bullet) if bullet else Line(Kind.PROSE, text=text)


@cache
def near(words: tuple[str, ...]) -> tuple[str, ...]:
    """What people write who mean one of the marker words."""
    return tuple(form for word in words for base in [word.rstrip("!")]
                 for form in (f"{base.capitalize()}!", f"{base.upper()}!", f"{base} !", f"{base}s!"))  # fmt: skip


def is_odd(text: str, words: tuple[str, ...]) -> bool:
    """Whether a line begins as a marker line does, or nearly, and is none."""
    return text.startswith((*words, *near(words))) and classify(text, words).kind is Kind.PROSE


@cache
def _marker(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?P<word>{'|'.join(re.escape(word) for word in words)})(?:{W}+(?P<title>.*))?$")


def _marked(marker: re.Match[str]) -> Line:
    title = marker["title"]
    if not title:
        return Line(Kind.BARE, marker["word"])
    if unicodedata.category(title[0])[0] == "L" or unicodedata.category(title[0]) == "Nd" or title[0] in "\"'`‹":
        return Line(Kind.MARKER, marker["word"], title, marker.start("title"))
    return Line(Kind.PROSE, text=marker[0])


def _bullet(bullet: re.Match[str]) -> Line:
    rest, at = bullet["rest"], bullet.start("rest")
    if criterion := CRITERION.match(rest):
        return Line(Kind.CRITERION, criterion["box"].lower().strip(), criterion["text"], at + criterion.start("text"))
    if field := FIELD.match(rest):
        key = ALIASES.get(field["key"], field["key"])
        start = field.start("value") if field["value"] else len(rest)
        if key in KEYS:
            return Line(Kind.FIELD, key, field["value"] or "", at + start, field["key"])
        return Line(Kind.ITEM, "note", rest, at, field["key"])
    return Line(Kind.ITEM, "note", rest, at)


def check_of(text: str) -> tuple[str, str] | None:
    """What a criterion states, and its check: a command, or `manual`; None without one at its end."""
    if manual := MANUAL.search(text):
        at, check = manual.start(), "manual"
    elif span := _last_span(text):
        at, check = span
    else:
        return None
    stated = text[:at].rstrip(" \t\u00a0,;.")
    return (stated, check) if stated and check else None


def _last_span(text: str) -> tuple[int, str] | None:
    """Where a `check:` with a code span at the very end begins, and what is in the span."""
    text = text[:-1] if text.endswith("`.") else text
    runs = [found.span() for found in TICKS.finditer(text)]
    if not runs or runs[-1][1] != len(text):
        return None
    start, end = runs[-1]
    opener = next((run for run in reversed(runs[:-1]) if run[1] - run[0] == end - start), None)
    before = CHECK.search(text[: opener[0]]) if opener else None
    return (before.start(), text[opener[1] : start].strip()) if opener and before else None
