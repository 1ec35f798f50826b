"""What a rule looks at: one spec with its lines, the statements in it, and what is known of the world outside."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from specwright.spec.facts import Facts
from specwright.spec.lines import body
from specwright.spec.model import Point, Span, Spec, Written

QUOTED = re.compile(r"`+[^`]*`+|\"[^\"]*\"|“[^”]*”")
"""Parts of a statement that are code, or words of somebody else."""


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
        return QUOTED.sub(lambda found: " " * len(found[0]), self.text)

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Of a part of the text in the document."""
        return self.written.span(start, len(self.text) if end is None else end)


class Look:
    """One spec as rules see it. Its rows count in `lines`; `path` is relative to the checkout."""

    def __init__(self, spec: Spec, lines: Sequence[str], path: str = "", facts: Facts | None = None) -> None:
        self.spec = spec
        self.lines = lines
        self.path = path
        self.facts = facts or Facts()

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
    def is_english(self) -> bool:
        """Whether rules that judge by words can speak: letters are mostly ASCII."""
        letters = [character for statement in self.statements for character in statement.text if character.isalpha()]
        return 2 * sum(map(str.isascii, letters)) >= len(letters)

    def rows(self) -> Iterator[tuple[int, str, int]]:
        """Row, text and first column of each line of the spec."""
        first, last = self.spec.span.start.line, self.spec.span.end.line
        for row in range(first, min(last + 1, len(self.lines))):
            yield row, body(self.lines[row]), self.spec.span.start.column if row == first else 0

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[Span, str]]:
        """What a pattern finds in the lines of the spec."""
        for row, text, start in self.rows():
            for match in pattern.finditer(text, start):
                yield Span(Point(row, match.start()), Point(row, match.end())), match[0]
