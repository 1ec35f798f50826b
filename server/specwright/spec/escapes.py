"""What formatters of Markdown change in a text that means the same: escapes, entities, the signs of emphasis."""

import html
import re
from collections.abc import Iterator

ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
TICKS = re.compile("`+")
DELIMITERS = re.compile(r"\\.|(?P<sign>[*_])(?P=sign)*")
MEANT = re.compile(
    r"\\(?:(?P<sign>[!-/:-@\[-`{-~])|(?=\s|$))|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)
"""An escape, a hard break, an entity: each read once."""
MOST_OPEN = 50
"""Openers that a closer is tried with, the nearest first: a hostile line costs what its length costs."""
MARKED = re.compile(r"[\\*_&`]")


def unescaped(text: str) -> str:
    """A text without its escapes; in code spans there are none."""
    if "\\" not in text:
        return text
    parts, at = [], 0
    for start, end in _spans(text):
        parts += [ESCAPE.sub(r"\1", text[at:start]), text[start:end]]
        at = end
    return "".join([*parts, ESCAPE.sub(r"\1", text[at:])])


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where code spans begin and end: a run of back-ticks, up to the next one that is as long."""
    runs = [found.span() for found in TICKS.finditer(text)]
    following: dict[int, list[int]] = {}
    for end in reversed(range(len(runs))):
        following.setdefault(runs[end][1] - runs[end][0], []).append(end)
    at = 0
    for number, (start, stop) in enumerate(runs):
        same = following[stop - start]
        same.pop()
        if number >= at and same:
            yield start, runs[same[-1]][1]
            at = same[-1] + 1


def settled(text: str) -> str:
    """A text as any formatter of Markdown leaves it: no escapes, entities or hard breaks, and emphasis by `*` alone."""
    if not MARKED.search(text):
        return text
    signs = list(text)
    for start, end in emphasis(text):
        signs[start:end] = "*" * (end - start)
    text, at, parts = "".join(signs), 0, []
    for start, end in _spans(text):
        ticks = text[start:end][: len(text[start:end]) - len(text[start:end].lstrip("`"))]
        parts += [_bare(text[at:start]), f"{ticks}{text[start:end].strip('`').strip()}{ticks}"]
        at = end
    return "".join([*parts, _bare(text[at:])]).strip()


def emphasis(text: str) -> list[tuple[int, int]]:
    """The runs of `*` and `_` that Markdown reads as the ends of emphasis, roughly by CommonMark's rules of flanks.

    https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    """
    opened: dict[str, list[tuple[int, int, bool]]] = {"*": [], "_": []}
    found: set[tuple[int, int]] = set()
    for run in _runs(text):
        (opens, closes), before = _flanks(text, *run.span()), opened[run["sign"]]
        size = run.end() - run.start()
        first = max(0, len(before) - MOST_OPEN)
        fits = (n for n in reversed(range(first, len(before))) if _is_pair(before[n], size, opens))
        at = next(fits, None) if closes else None
        if at is not None:
            found |= {before[at][:2], run.span()}
            del before[at:]
        elif opens:
            before.append((*run.span(), closes))
    return sorted(found)


def _runs(text: str) -> Iterator[re.Match[str]]:
    """The runs of signs outside of code spans that no backslash stands before."""
    code, end = _spans(text), 0
    start, stop = next(code, (len(text), len(text)))
    while end < len(text):
        yield from (run for run in DELIMITERS.finditer(text, end, start) if run["sign"])
        end, (start, stop) = stop, next(code, (len(text), len(text)))


def _is_pair(opener: tuple[int, int, bool], size: int, opens: bool) -> bool:
    """The rule of three: of runs that could be either end, not all lengths fit."""
    start, end, closes = opener
    return not (closes or opens) or (size + end - start) % 3 != 0 or size % 3 == 0


def _flanks(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a run may open emphasis, and whether it may close it."""
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    left = not after.isspace() and (after.isalnum() or not before.isalnum())
    right = not before.isspace() and (before.isalnum() or not after.isalnum())
    if text[start] == "_":
        return left and not (right and before.isalnum()), right and not (left and after.isalnum())
    return left, right


def _bare(prose: str) -> str:
    return MEANT.sub(lambda found: found["sign"] or html.unescape(found["entity"] or ""), prose)
