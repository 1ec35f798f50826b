"""What an `after:` value names: other specs, whose tasks must be accepted before this one's starts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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


def located(value: str) -> Iterator[tuple[Reference, int]]:
    """The same, each with its place in the value."""
    words = [(found["word"].rstrip(","), found.start("word")) for found in WORD.finditer(value)]
    if words and words[0][0].startswith("#"):
        following = [word for word, _ in words[1:]] + [""]
        for (word, start), after in zip(words, following, strict=True):
            if word.startswith("#"):
                yield Reference(word, after == "stacked"), start
    elif title := value.strip().removesuffix(" stacked"):
        yield Reference(title, title != value.strip()), value.index(title)
