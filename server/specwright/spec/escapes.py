"""The backslash escapes of Markdown, which formatters put in and take out."""

import re
from collections.abc import Iterator

ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
TICKS = re.compile("`+")


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
