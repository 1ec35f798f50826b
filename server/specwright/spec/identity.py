"""Finding specs again after edits, moves and renames: by rules, first hit wins, one to one."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TypeVar

A = TypeVar("A", bound=Hashable)
B = TypeVar("B", bound=Hashable)

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
    for path in dict.fromkeys(old.path for old in lost):
        before, now = ({spec: spec.words for spec in specs if spec.path == path} for specs in (lost, left))
        pairs |= reworded(before, now)
    return pairs


NAMES: tuple[Callable[[Placed], str | tuple[str, str, int] | None], ...] = (
    lambda spec: spec.handle,
    lambda spec: (spec.path, spec.slug, spec.ordinal),
    lambda spec: spec.slug,
)
"""What two places of one spec share, the surest first."""


def reworded(lost: Mapping[A, frozenset[str]], left: Mapping[B, frozenset[str]]) -> dict[A, B]:
    """Which specs of a file are which by their words, the most similar first.

    What is as near to two of the others is none of them, and these are left alone.
    """
    near = [(score, old, new) for old in lost for new in left if (score := _alike(lost[old], left[new])) >= SIMILAR]
    near.sort(key=lambda each: -each[0])
    pairs: dict[A, B] = {}
    olds, news = Counter[A](), Counter[B]()
    for _, same in groupby(near, key=lambda each: each[0]):
        free = [(old, new) for _, old, new in same if old not in olds and new not in news]
        olds.update(old for old, _ in free)
        news.update(new for _, new in free)
        pairs |= {old: new for old, new in free if olds[old] == news[new] == 1}
    return pairs


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's index; nothing is like what has no words."""
    if min(len(a), len(b)) < SIMILAR * max(len(a), len(b), 1):  # it can't be enough, and there may be thousands
        return 0.0
    return len(a & b) / len(a | b)


def _pair(
    old: Placed, new: Placed, lost: dict[Placed, None], left: dict[Placed, None], pairs: dict[Placed, Placed]
) -> None:
    pairs[old] = new
    del lost[old], left[new]


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character if character.isalnum() else " " for character in folded).split()
