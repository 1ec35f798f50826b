"""What a rule looks at: one spec with its lines, the statements in it, and what is known of the world outside."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from specwright.spec.facts import Facts
from specwright.spec.lines import body
from specwright.spec.model import Carrier, Field, Point, Span, Spec, Written
from specwright.spec.scope import Scope, scope_of
from specwright.spec.tokens import placed_tokens

QUOTED = re.compile(r"`+[^`]*`+|\"[^\"]*\"|“[^“”]*”")
"""Parts of a statement that are code, or words of somebody else."""
SENTENCE = re.compile(r"[^.!?]+(?:[.!?]+(?!\s|$)[^.!?]+)*(?:[.!?]+|$)")
PART = re.compile(r"[^\s,;:()]+")
WORD = re.compile(r"[^\W_]+")
PROSE = ("goal", "criterion", "error", "must")
"""Where clarity counts."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One text of a spec: of its title, goal or a criterion, or the value of a field."""

    kind: str
    """`title`, `goal`, `criterion`, or the key of the field."""
    text: str
    written: Written
    number: int = 0
    """Of a criterion, from 1."""

    @property
    def plain(self) -> str:
        """The text with spaces for what is quoted: the same length, so places in it are places in the text."""
        return _without_quotes(self.text)

    @property
    def sentences(self) -> tuple[tuple[int, str], ...]:
        """Where each sentence begins, and what it says but for what is quoted."""
        return _sentences(self.plain)

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Of a part of the text in the document."""
        return self.written.span(start, len(self.text) if end is None else end)


class Look:
    """One spec as rules see it. Rows count in `lines`; `path` is relative to the checkout, `lang` from the settings."""

    def __init__(
        self, spec: Spec, lines: Sequence[str], path: str = "", facts: Facts | None = None, lang: str = ""
    ) -> None:
        self.spec = spec
        self.lines = lines
        self.path = path
        self.facts = facts or Facts()
        self._lang = lang.casefold()

    @property
    def place(self) -> tuple[str, int]:
        """Path and marker line of the spec."""
        return self.path, self.spec.span.start.line

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All of them: title, goal, criteria, then fields in the language's order."""
        spec = self.spec
        title = Written(((spec.title_span.start.line, spec.title_span.start.column, spec.title),))
        return (
            Statement("title", spec.title, title),
            *([Statement("goal", spec.goal, spec.goal_written)] if spec.goal else []),
            *(Statement("criterion", c.text, c.written, n) for n, c in enumerate(spec.criteria, 1)),
            *(Statement(field.key, field.value, field.written) for field in spec.fields),
        )

    def of(self, *kinds: str) -> Iterator[Statement]:
        """The statements of these kinds, in their order."""
        return (statement for statement in self.statements if statement.kind in kinds)

    @cached_property
    def scope(self) -> Scope:
        """What the spec lets an agent change."""
        return scope_of(self.spec, self.path, self.facts.tests)

    def fields(self, *keys: str) -> Iterator[Field]:
        """The fields of these keys."""
        return (field for field in self.spec.fields if field.key in keys)

    def tokens(self, *keys: str) -> Iterator[tuple[str, Span]]:
        """Each token of the fields of these keys, and where it stands."""
        return ((token, span) for _, token, span in placed_tokens(self.spec, *keys))

    @cached_property
    def words(self) -> tuple[frozenset[str], ...]:
        """The words of each criterion, without case; a sign or a quote is part of one."""
        texts = (criterion.text.casefold() for criterion in self.spec.criteria)
        return tuple(frozenset(word.rstrip(".") for word in PART.findall(text)) for text in texts)

    @cached_property
    def is_english(self) -> bool:
        """Whether rules that judge by words can speak: by the settings, else if letters are mostly ASCII."""
        if self._lang:
            return self._lang.startswith("en")
        texts = [statement.text for statement in self.statements]
        if all(map(str.isascii, texts)):
            return True
        letters = [character for text in texts for character in text if character.isalpha()]
        return 2 * sum(map(str.isascii, letters)) >= len(letters)

    def rows(self) -> Iterator[tuple[int, str, int]]:
        """Row, text and first column of each line of the spec."""
        first, last = self.spec.span.start.line, self.spec.span.end.line
        for row in range(first, min(last + 1, len(self.lines))):
            yield row, body(self.lines[row]), self.spec.span.start.column if row == first else 0


def of_text(lines: Sequence[str], path: str = "", language: str = "") -> Look:
    """A look at what holds no spec, for what the parser says of it."""
    nowhere = Span(Point(0, 0), Point(0, 0))
    spec = Spec("", None, "", (), (), nowhere, nowhere, Carrier.LINES, language)
    return Look(spec, lines, path)


@lru_cache(4096)
def _without_quotes(text: str) -> str:
    return QUOTED.sub(lambda found: " " * len(found[0]), text)


@lru_cache(4096)
def _sentences(text: str) -> tuple[tuple[int, str], ...]:
    said = ((found.end(), found[0].lstrip()) for found in SENTENCE.finditer(text))
    return tuple((end - len(sentence), sentence) for end, sentence in said if sentence)
