"""What a rule is: a code, how much it matters, a check of one spec, and how its findings are mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from specwright.spec.model import Problem, Severity, Span
from specwright.spec.rules.look import Look

Check = Callable[[Look], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of the document that becomes another text, whose lines end in `\\n` whatever those of the document do."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a problem; it never invents content, but leaves `‹…›` to be filled in."""

    title: str
    edits: tuple[Edit, ...]


Mend = Callable[[Look, Problem], Iterator[Fix]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One code of the catalogue, which docs/rules/ has a page on."""

    code: str
    severity: Severity
    """The gravest that its problems have."""
    check: Check | None = None
    """None for what the parser itself sees."""
    mend: Mend | None = None
    needs: frozenset[str] = frozenset()
    """The facts without which it stays silent; with none it looks at the spec alone."""
    on: bool = True
    """Whether it speaks where the settings do not say."""
    wording: bool = False
    """Whether it judges by English words: it is off for other languages."""
