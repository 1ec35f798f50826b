"""A task's own spec in the texts of its file: which one it is. Which lines are its block, `review/own.py` says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from specwright.spec.digest import digest
from specwright.spec.identity import slug
from specwright.spec.model import Spec
from specwright.spec.reading import USUAL, Reading


@dataclass(frozen=True, slots=True)
class Left:
    """What a run left of the lines around the block."""

    outside: frozenset[str] = frozenset()
    """The lines of the file, trimmed, that are not the block: where they come to stand below it, they are not its."""
    blanks: int = 0
    """How many blank lines at its end are the block's."""
    bare: bool = False
    """Whether the block is the spec's lines alone, without a comment or a blank line that would go with it."""
    mixed: bool = False
    """Whether the run made lines that are both the spec's and others', or put some into it: then none are the block."""


@dataclass(frozen=True, slots=True)
class Own:
    """How a task knows its spec again."""

    path: str
    digest: str
    title: str
    handle: str | None = None
    language: str | None = None
    """What its file is read as, where that is known."""
    reading: Reading = USUAL
    """How the project reads its texts."""
    keeps: bool = False
    """Whether the block stays when the task is accepted; a file that is one spec always does."""
    shown: frozenset[int] = frozenset()
    """The numbers of the criteria whose check passed: a block that stays has these ticked."""
    unread: str = ""
    """The name of what stood in its block and said nothing of the spec, as it was queued."""
    left: Left = Left()

    def at(self, path: str, language: str | None = None) -> "Own":
        """The same spec in the file in which it stands by now."""
        return replace(self, path=path, language=language or (self.language if path == self.path else None))


def find(own: Own, path: str, text: str) -> Spec | None:
    """The spec: by handle, else digest, else title; None unless exactly one fits."""
    if path != own.path:
        return None
    specs, _ = own.reading.parse(text, path, own.language)
    number = matching(own, specs, [digest(spec) for spec in specs])
    return None if number is None else specs[number]


def matching(own: Own, specs: Sequence[Spec], digests: Sequence[str]) -> int | None:
    """The number of the spec: by handle, else digest, else title; None unless exactly one fits."""
    title = slug(own.title)
    tests: tuple[Callable[[int], bool], ...] = (
        lambda number: own.handle is not None and specs[number].handle == own.handle,
        lambda number: digests[number] == own.digest,
        lambda number: slug(specs[number].title) == title,
    )
    for test in tests:
        if found := [number for number in range(len(specs)) if test(number)]:
            return found[0] if len(found) == 1 else None
    return None
