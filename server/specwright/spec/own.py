"""A task's own spec in the texts of its file: which one it is, and which lines its block takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from specwright.spec.digest import digest
from specwright.spec.edit import block_lines
from specwright.spec.identity import slug
from specwright.spec.lines import split_lines
from specwright.spec.model import Spec
from specwright.spec.reading import USUAL, Reading


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

    def at(self, path: str, language: str | None = None) -> "Own":
        """The same spec in the file in which it stands by now."""
        return replace(self, path=path, language=language or (self.language if path == self.path else None))


def find(own: Own, path: str, text: str) -> tuple[Spec, range] | None:
    """The spec and its block's lines: by handle, else digest, else title; None unless exactly one fits."""
    if path != own.path:
        return None
    specs, _ = own.reading.parse(text, path, own.language)
    number = matching(own, specs, [digest(spec) for spec in specs])
    return None if number is None else (specs[number], block_lines(split_lines(text), specs[number]))


def block(own: Own, path: str, text: str) -> range | None:
    """The lines of the block, or None."""
    found = find(own, path, text)
    return found[1] if found else None


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
