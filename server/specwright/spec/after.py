"""What an `after:` value names: other specs, whose tasks must be accepted before this one's starts."""

from collections.abc import Sequence
from dataclasses import dataclass

from specwright.spec.facts import Known


@dataclass(frozen=True, slots=True)
class Reference:
    """Another spec: `#` and its handle, or its exact title."""

    name: str
    stacked: bool = False
    """Whether its whole result will do, before anybody has accepted it."""


def references(value: str) -> tuple[Reference, ...]:
    """Handles with their `#`, each with the word `stacked` after it or not, or one exact title."""
    words = [word.rstrip(",") for word in value.split()]
    if words and words[0].startswith("#"):
        following = [*words[1:], ""]
        pairs = zip(words, following, strict=True)
        return tuple(Reference(word, after == "stacked") for word, after in pairs if word.startswith("#"))
    title = value.strip().removesuffix(" stacked")
    return (Reference(title, title != value.strip()),) if title else ()


def targets(name: str, known: Sequence[Known]) -> list[Known]:
    """The specs that a reference names, by `#handle` or by title."""
    if name.startswith("#"):
        return [other for other in known if other.handle == name[1:]]
    return [other for other in known if other.title.casefold() == name.casefold()]
