"""A task's own spec in the texts of its file: which one it is, and which lines its block takes."""

from dataclasses import dataclass

from specwright.spec.digest import digest
from specwright.spec.edit import block_lines
from specwright.spec.identity import slug
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.model import Spec
from specwright.spec.parser import parse


@dataclass(frozen=True, slots=True)
class Own:
    """How a task knows its spec again."""

    path: str
    digest: str
    title: str
    handle: str | None = None


def find(own: Own, path: str, text: str) -> tuple[Spec, range] | None:
    """The spec and its block's lines: by handle, else digest, else title; None unless exactly one fits."""
    if path != own.path:
        return None
    specs, _ = parse(text, language_of(path), path)
    spec = _matching(own, specs)
    return None if spec is None else (spec, block_lines(split_lines(text), spec))


def block(own: Own, path: str, text: str) -> range | None:
    """The lines of the block, or None."""
    found = find(own, path, text)
    return found[1] if found else None


def _matching(own: Own, specs: tuple[Spec, ...]) -> Spec | None:
    tests = (
        lambda spec: own.handle is not None and spec.handle == own.handle,
        lambda spec: digest(spec) == own.digest,
        lambda spec: slug(spec.title) == slug(own.title),
    )
    for test in tests:
        if found := [spec for spec in specs if test(spec)]:
            return found[0] if len(found) == 1 else None
    return None
