"""What formatters of Markdown change in a text that means the same: escapes, entities, the signs of emphasis."""

import html
import re
from collections.abc import Iterator

ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
TICKS = re.compile("`+")
DELIMITERS = re.compile(r"\\.|(?P<sign>[*_])(?P=sign)*")
BREAK = re.compile(r"\\(?=\s|$)")
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
    code = list(_spans(text))
    opened: dict[str, list[tuple[int, int, bool]]] = {"*": [], "_": []}
    found: set[tuple[int, int]] = set()
    for run in DELIMITERS.finditer(text):
        if run["sign"] is None or any(start <= run.start() < end for start, end in code):
            continue
        (opens, closes), before = _flanks(text, *run.span()), opened[run["sign"]]
        size = run.end() - run.start()
        fits = [
            n for n, (a, b, both) in enumerate(before) if not (both or opens) or (size + b - a) % 3 or size % 3 == 0
        ]
        if closes and fits:
            found |= {before[fits[-1]][:2], run.span()}
            del before[fits[-1] :]
        elif opens:
            before.append((*run.span(), closes))
    return sorted(found)


def _flanks(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a run may open emphasis, and whether it may close it."""
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    left = not after.isspace() and (after.isalnum() or not before.isalnum())
    right = not before.isspace() and (before.isalnum() or not after.isalnum())
    if text[start] == "_":
        return left and not (right and before.isalnum()), right and not (left and after.isalnum())
    return left, right


def _bare(prose: str) -> str:
    return html.unescape(ESCAPE.sub(r"\1", BREAK.sub("", prose)))
