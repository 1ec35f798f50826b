"""Finding specs and their tasks again after edits, moves and renames: by rules, first hit wins, one to one."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SIMILAR = 0.6
"""Jaccard similarity of words above which a spec in the same file is the same one."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A spec at a place; `key` is the caller's own name for it, `words` are those of title and goal, casefolded."""

    key: str
    path: str
    slug: str
    ordinal: int = 0
    """Among specs of the same slug in the file."""
    handle: str | None = None
    words: frozenset[str] = frozenset()


def slug(title: str) -> str:
    """NFKC, casefold, what is not alphanumeric as `-`."""
    text = unicodedata.normalize("NFKC", title).casefold()
    words = "".join(character if character.isalnum() else " " for character in text).split()
    return "-".join(words)


def words_of(*texts: str) -> frozenset[str]:
    """The words of texts, casefolded."""
    return frozenset(word for text in texts for word in slug(text).split("-") if word)


def match(known: Sequence[Placed], found: Sequence[Placed]) -> dict[str, str]:
    """Keys of `known` to keys of `found`: by handle; path and slug; slug elsewhere; similar words in the file."""
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for same in RULES:
        for old in known:
            if old.key in pairs:
                continue
            new = next((new for new in found if new.key not in taken and same(old, new)), None)
            if new is not None:
                pairs[old.key] = new.key
                taken.add(new.key)
    return pairs


def _same_handle(old: Placed, new: Placed) -> bool:
    return old.handle is not None and old.handle == new.handle


def _same_place(old: Placed, new: Placed) -> bool:
    return (old.path, old.slug, old.ordinal) == (new.path, new.slug, new.ordinal)


def _same_slug(old: Placed, new: Placed) -> bool:
    return old.slug == new.slug


def _similar(old: Placed, new: Placed) -> bool:
    union = old.words | new.words
    return old.path == new.path and bool(union) and len(old.words & new.words) / len(union) >= SIMILAR


RULES: tuple[Callable[[Placed, Placed], bool], ...] = (_same_handle, _same_place, _same_slug, _similar)
