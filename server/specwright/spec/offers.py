"""What can be written at a place of a spec, from the language alone; what a project holds is looked up elsewhere.

A text holds `‹…›` where somebody has to fill in: a snippet stops there, and what is left is SPEC108.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from specwright.spec.carriers import WHITE
from specwright.spec.grammar import Kind, classify
from specwright.spec.keys import BY_NAME, Key
from specwright.spec.languages import Language
from specwright.spec.model import MARKDOWN, Carrier, Field, Span
from specwright.spec.place import Place
from specwright.spec.syntax import PRIORITIES

CRITERION = "- [ ] ‹observable result›, check: `‹command›`"
OPEN_CRITERION = "- [ ] ‹observable result›, check: `‹command›`"
"""The same for an edit that nobody is asked to fill in: a command that is none must not look like one."""
MINIMAL = ("‹title›", "‹what is true afterwards, and why›", CRITERION)
FULL = (
    *MINIMAL,
    "- files: ‹paths that may be changed›",
    "- error: IF ‹condition› THEN ‹result›",
    "- must: ‹what stays true›",
    "- not: ‹what is out of scope›",
    "- see: ‹where to look›",
)
EARS = (
    ("WHEN ‹trigger› THEN ‹result›", "what happens at an event"),
    ("WHILE ‹state› ‹result›", "what holds as long as something does"),
    ("IF ‹condition› THEN ‹result›", "what happens when something goes wrong"),
    ("WHERE ‹feature› ‹result›", "what holds where something is built in or switched on"),
)
BUDGETS = ("15 min", "2 h", "$2", "200 changed lines", "300k tokens")
OPENING = re.compile(r"[-*+][ \t\u00a0]+(?P<word>[a-z][a-z-]{0,11}|\[[ xX]?\]?)?$")
CHECK = re.compile(r"[\s,;.]check:[ \t\u00a0]+(?P<typed>(?P<tick>`?)[^`]*)$")
BETWEEN = re.compile(r"[\s'\"=`]")
"""Signs between the words of a command."""
NEAR = 300
"""Characters in front of the cursor in which the word is looked for."""
CHECK_WORD = re.compile(r"\S.*[\s,;.](?P<typed>ch(?:e(?:ck?)?)?:?)$")
EMPHASIS = re.compile(r"\*|\b_|_\b")
"""A name such as `src/__init__.py` would become `src/**init**.py`."""
PROSE = frozenset({"error", "must"})
LOOKED_UP = frozenset({"files", "see", "gates", "template", "after"})


class Choices(StrEnum):
    """What there are choices of at a place."""

    MARKER = "marker"
    LINE = "line"
    """A whole `-` line."""
    KEY = "key"
    EARS = "EARS"
    CHECK = "check"
    CHECK_WORD = "check word"
    ARGUMENT = "argument"
    """A word of a command that began on a line above."""
    FILES = "files"
    SEE = "see"
    GATES = "gates"
    TEMPLATE = "template"
    AFTER = "after"
    PRIORITY = "priority"
    ALLOW = "allow"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is being written: its kind, what of it is there, and the column where that begins."""

    kind: Choices
    typed: str
    start: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to write in place of what was typed."""

    label: str
    text: str
    detail: str = ""
    filter: str = ""
    """What a typed text is compared with; empty: the label."""
    key: Key | None = None


def wanted_at(place: Place) -> Wanted | None:
    """What is being written at a place; None where that is prose, or nothing that has choices."""
    before = place.before
    if place.spec is None or place.row == place.spec.span.start.line:
        return _marker(place) if place.may_begin and not place.behind.strip(WHITE) else None
    begins = len(before) > 1 and any(word.startswith(before) for word in place.words)
    if begins and place.spec.carrier not in {Carrier.FILE, Carrier.FENCE}:
        return _marker(place)
    if not before:
        return Wanted(Choices.LINE, "", place.start) if not place.behind else None
    has_gutter = place.prefix.strip(WHITE).endswith("*")
    if (opening := OPENING.match(before)) and (before[0] == "-" or not has_gutter):
        return Wanted(Choices.KEY, opening["word"] or "", place.column - len(opening["word"] or ""))
    found = classify(before, place.words, has_gutter)
    if found.kind is Kind.CRITERION:
        return _in_criterion(place, found.at)
    if found.kind is Kind.FIELD:
        return _in_value(place, found.key, found.at)
    return _empty_criterion(place) or _in_wrapped(place)


def static(place: Place, wanted: Wanted, snippets: bool = True) -> Iterator[Offer]:
    """What the language itself offers; without snippets a spec is one line, and one offer."""
    match wanted.kind:
        case Choices.MARKER:
            yield from islice(_specs(place), None if snippets else 1)
        case Choices.LINE | Choices.KEY:
            yield from _lines(place, wanted.kind is Choices.LINE)
        case Choices.EARS:
            yield from (Offer(text, text, detail) for text, detail in EARS)
        case Choices.PRIORITY:
            yield from (Offer(name, name) for name in PRIORITIES)
        case Choices.BUDGET:
            yield from (Offer(form, form) for form in BUDGETS)
        case Choices.CHECK | Choices.CHECK_WORD:
            yield _check(place, wanted, "manual", "a person looks", False)


def commands(place: Place, wanted: Wanted, known: Sequence[tuple[str, str]]) -> Iterator[Offer]:
    """Test commands, each with where it comes from, as checks."""
    for command, source in known:
        if "`" not in command:
            yield _check(place, wanted, command, source, True)


def argument(wanted: Wanted) -> str | None:
    """The word of a command that is being written, where it may be a path: the first one once it has a `/`."""
    word = BETWEEN.split(wanted.typed)[-1]
    is_first = wanted.kind is not Choices.ARGUMENT and not wanted.typed.removesuffix(word).strip("` ")
    return None if is_first and "/" not in word else word


def breaks(text: str, carrier: Carrier, language: Language) -> bool:
    """Whether a text would end or nest the comment that it is written into."""
    if carrier is Carrier.DOCSTRING:
        return '"""' in text or "'''" in text
    if carrier is not Carrier.BLOCK:
        return False
    signs = {sign for block in language.row.blocks for sign in (block.closer, block.opener, block.banned) if sign}
    return any(sign in text for sign in signs)


def quoted(token: str, carrier: Carrier) -> str:
    """A token of a value; in back-ticks one with a space, and in Markdown what formatters would take for emphasis."""
    return f"`{token}`" if " " in token or (carrier in MARKDOWN and EMPHASIS.search(token)) else token


def _marker(place: Place) -> Wanted | None:
    typed = place.before
    if typed and (len(typed) < 2 or not any(word.startswith(typed) for word in place.words)):
        return None
    return Wanted(Choices.MARKER, typed, place.start)


def _in_criterion(place: Place, at: int) -> Wanted | None:
    if found := CHECK.search(place.before):
        return Wanted(Choices.CHECK, found["typed"], place.start + found.start("typed"))
    if found := CHECK_WORD.search(place.before, max(at, len(place.before) - NEAR)):
        return Wanted(Choices.CHECK_WORD, found["typed"], place.start + found.start("typed"))
    return _ears(place, at)


def _empty_criterion(place: Place) -> Wanted | None:
    """A box without a text is no criterion yet."""
    found = re.fullmatch(r"[-*+][ \t\u00a0]+\[[ xX]\][ \t\u00a0]+", place.before)
    return Wanted(Choices.EARS, "", place.column) if found else None


def _ears(place: Place, at: int) -> Wanted | None:
    typed = place.before[at:]
    if typed and not any(text.startswith(typed.upper()) for text, _ in EARS):
        return None
    return Wanted(Choices.EARS, typed, place.start + at)


def _in_value(place: Place, key: str, at: int) -> Wanted | None:
    value = place.before[at:]
    if not value and place.before[-1:] not in WHITE:
        return None
    if key in PROSE:
        return _ears(place, at)
    if key in {"priority", "template"} or (key == "allow" and not re.search(r"\s", value)):
        return Wanted(Choices(key), value, place.start + at)
    if key == "budget":
        typed = value.rpartition(",")[2].lstrip()
        return Wanted(Choices.BUDGET, typed, place.column - len(typed))
    if key == "after" and value and not value.lstrip().startswith("#"):
        return Wanted(Choices.AFTER, value, place.start + at)
    return _token(place, key, value) if key in LOOKED_UP else None


def _token(place: Place, key: str, value: str) -> Wanted:
    """The last token of a value; one in back-ticks may hold spaces."""
    is_open = value.count("`") % 2 == 1
    typed = value[value.rindex("`") :] if is_open else re.split(r"[\s\u00a0]", value)[-1]
    return Wanted(Choices(key), typed, place.column - len(typed))


def _in_wrapped(place: Place) -> Wanted | None:
    """A line that goes on with the element above, or has no key because the heading above it stands for one."""
    spec = place.spec
    field = _on(spec.fields, place.row) if spec else None
    if field and field.key in LOOKED_UP - {"template", "after"}:
        return _token(place, field.key, place.before)
    criterion = next((c for c in spec.criteria if _has(c.span, place.row)), None) if spec else None
    above = " ".join(text for row, _, text in criterion.written.pieces if row < place.row) if criterion else ""
    found = CHECK.search(f"{above} {place.before}") if criterion else None
    if found and found.start("typed") <= len(above):
        typed = BETWEEN.split(place.before)[-1]
        return Wanted(Choices.ARGUMENT, typed, place.column - len(typed))
    return Wanted(Choices.CHECK, found["typed"], place.column - len(found["typed"])) if found else None


def _on(fields: Sequence[Field], row: int) -> Field | None:
    return next((field for field in fields if _has(field.span, row)), None)


def _has(span: Span, row: int) -> bool:
    return span.start.line <= row <= span.end.line


def _specs(place: Place) -> Iterator[Offer]:
    word = next((word for word in place.words if place.before and word.startswith(place.before)), place.words[0])
    for label, lines, detail in (
        (word, MINIMAL, "a spec: title, goal, one criterion"),
        (f"{word} with all fields", FULL, "a spec with what is most often said"),
    ):
        goal = ["", lines[1], ""] if place.carrier is Carrier.HEADING else [lines[1]]
        text = ("\n" + place.prefix).join([f"{place.lead}{word} {lines[0]}", *goal, *lines[2:]])
        text = text if not place.prefix.strip(WHITE) else re.sub(r"[ \t]+(?=\n)", "", text)
        yield Offer(label, text, detail, word)


def _lines(place: Place, whole: bool) -> Iterator[Offer]:
    bullet = "- " if whole else ""
    yield Offer(f"{bullet}[ ] with a check", bullet + CRITERION[2:], "a criterion that a command decides", "[ ]")
    yield Offer(f"{bullet}[ ]", f"{bullet}[ ] ‹observable result›", "a criterion")
    used = {field.key for field in place.spec.fields} if place.spec else set()
    for key in BY_NAME.values():
        if not (key.once and key.name in used) and key.name != "goal" and not key.later:
            yield Offer(f"{bullet}{key.name}:", f"{bullet}{key.name}: ", key.value, key=key)


def _check(place: Place, wanted: Wanted, command: str, source: str, ticked: bool) -> Offer:
    tick = "`" if ticked else ""
    closed = "" if place.behind.startswith("`") and ticked else tick
    begin = "check: " if wanted.kind is Choices.CHECK_WORD else ""
    shown = f"{begin}{tick}{command}{tick}"
    is_bare = wanted.kind is Choices.CHECK and not wanted.typed.startswith("`")
    return Offer(shown, f"{begin}{tick}{command}{closed}", source, command if is_bare else shown)
