"""Finding specs again after edits, moves and renames: by rules, first hit wins, one to one."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

SIMILAR = 0.6
"""Jaccard's index of the words of two specs of a file from which they count as one, reworded."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A spec at a place."""

    path: str
    slug: str
    handle: str | None = None
    ordinal: int = 0
    """Among specs of the same slug in the file."""
    words: frozenset[str] = frozenset()
    """Those of title and goal; where there are none, it is not found by them."""


def slug(title: str) -> str:
    """NFKC, casefold, what is not alphanumeric as `-`."""
    return "-".join(_words(title))


@lru_cache(4096)
def words_of(*texts: str) -> frozenset[str]:
    """The words of texts, casefolded."""
    return frozenset(word for text in texts for word in _words(text))


def match(known: Iterable[Placed], found: Iterable[Placed]) -> dict[Placed, Placed]:
    """Where the known specs are now: by handle; path and title; title in another file; similar words in the file."""
    lost, left = dict.fromkeys(known), dict.fromkeys(found)
    pairs: dict[Placed, Placed] = {}
    for name in NAMES:
        named: dict[str | tuple[str, str, int] | None, list[Placed]] = {}
        for new in reversed(left):
            named.setdefault(name(new), []).append(new)
        for old in list(lost):
            if (key := name(old)) and (same := named.get(key)):
                _pair(old, same.pop(), lost, left, pairs)
    for old in list(lost):
        reworded = next((new for new in left if new.path == old.path and similar(old.words, new.words)), None)
        if reworded:
            _pair(old, reworded, lost, left, pairs)
    return pairs


NAMES: tuple[Callable[[Placed], str | tuple[str, str, int] | None], ...] = (
    lambda spec: spec.handle,
    lambda spec: (spec.path, spec.slug, spec.ordinal),
    lambda spec: spec.slug,
)
"""What two places of one spec share, the surest first."""


def similar(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether most of the words are the same."""
    return bool(a) and len(a & b) >= SIMILAR * len(a | b)


def _pair(
    old: Placed, new: Placed, lost: dict[Placed, None], left: dict[Placed, None], pairs: dict[Placed, Placed]
) -> None:
    pairs[old] = new
    del lost[old], left[new]


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character if character.isalnum() else " " for character in folded).split()
