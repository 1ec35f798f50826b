"""What an `after:` value names: other specs, whose tasks must be accepted before this one's starts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

WORD = re.compile(r"(?<!\S)(?:\\(?=#))?(?P<word>\S+)")
"""A handle may stand behind a backslash: formatters of Markdown put one there."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another spec: `#` and its handle, or its exact title."""

    name: str
    stacked: bool = False
    """Whether its whole result will do, before anybody has accepted it."""


def references(value: str) -> tuple[Reference, ...]:
    """Handles with their `#`, each with the word `stacked` after it or not, or one exact title."""
    return tuple(reference for reference, _ in located(value))


def stray(value: str) -> str:
    """The first word behind a handle that is neither one nor its `stacked`; it would name nothing."""
    words = [word for word, _ in _words(value) if word]
    behind = pairwise(words) if words and words[0].startswith("#") else ()
    found = (word for before, word in behind if word[0] != "#" and (word != "stacked" or before[0] != "#"))
    return next(found, "")


def located(value: str) -> Iterator[tuple[Reference, int]]:
    """The same, each with its place in the value."""
    words = _words(value)
    if words and words[0][0].startswith("#"):
        following = [word for word, _ in words[1:]] + [""]
        for (word, start), after in zip(words, following, strict=True):
            if word.startswith("#"):
                yield Reference(word, after == "stacked"), start
    elif title := value.strip().removesuffix(" stacked"):
        yield Reference(title, title != value.strip()), value.index(title)


def _words(value: str) -> list[tuple[str, int]]:
    return [(found["word"].rstrip(","), found.start("word")) for found in WORD.finditer(value)]
