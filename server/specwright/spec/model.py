"""What a spec is made of, with places. Lines and columns count from 0, columns in code points; ends are exclusive."""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import accumulate


class Severity(StrEnum):
    """How much a problem matters; only an error keeps a spec from being queued."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"


class Carrier(StrEnum):
    """The kind of text that a spec sits in."""

    LINES = "line comment"
    BLOCK = "block comment"
    DOCSTRING = "docstring"
    FENCE = "Markdown fence"
    HEADING = "Markdown heading"
    FILE = "Markdown file"


MARKDOWN = frozenset({Carrier.FENCE, Carrier.HEADING, Carrier.FILE})


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place between two characters."""

    line: int
    column: int

    def down(self, lines: int) -> "Point":
        """The same column, some lines further down."""
        return Point(self.line + lines, self.column)


@dataclass(frozen=True, slots=True)
class Span:
    """From one point to another."""

    start: Point
    end: Point

    def down(self, lines: int) -> "Span":
        """The same span, some lines further down."""
        return Span(self.start.down(lines), self.end.down(lines)) if lines else self


@dataclass(frozen=True)
class Written:
    """Where a joined text stands: row, column and text of each piece; one space lies between two of them."""

    pieces: tuple[tuple[int, int, str], ...] = ()

    @property
    def text(self) -> str:
        """All pieces, joined."""
        return " ".join(text for _, _, text in self.pieces)

    def point(self, offset: int) -> Point:
        """Where a character of the joined text stands; at the end of the last piece for one beyond it."""
        if not self.pieces:
            return Point(0, 0)
        number = max(0, bisect_right(self._starts, offset) - 1)
        row, column, text = self.pieces[number]
        return Point(row, column + min(offset - self._starts[number], len(text)))

    @cached_property
    def _starts(self) -> list[int]:
        """Where each piece begins in the joined text."""
        return list(accumulate((len(text) + 1 for _, _, text in self.pieces[:-1]), initial=0))

    def span(self, start: int, end: int) -> Span:
        """Of a part of the joined text."""
        return Span(self.point(start), self.point(end))

    def down(self, lines: int) -> "Written":
        """The same text, some lines further down."""
        return Written(tuple((row + lines, column, text) for row, column, text in self.pieces))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One acceptance criterion; `check` is the command without its back-ticks."""

    text: str
    check: str | None = None
    manual: bool = False
    ticked: bool = field(default=False, compare=False)
    span: Span = field(default=Span(Point(0, 0), Point(0, 0)), compare=False)
    written: Written = field(default=Written(), compare=False)
    """Of its text and what follows it."""

    def down(self, lines: int) -> "Criterion":
        """The same criterion, some lines further down."""
        return replace(self, span=self.span.down(lines), written=self.written.down(lines))


@dataclass(frozen=True, slots=True)
class Field:
    """One field by its canonical key; notes are fields with the key `note`."""

    key: str
    value: str
    span: Span = field(default=Span(Point(0, 0), Point(0, 0)), compare=False)
    written: Written = field(default=Written(), compare=False)
    """Of its value."""
    given: str = field(default="", compare=False)
    """Its key as it was written; empty for a bullet without one."""

    def down(self, lines: int) -> "Field":
        """The same field, some lines further down."""
        return replace(self, span=self.span.down(lines), written=self.written.down(lines))


@dataclass(frozen=True, slots=True)
class Spec:
    """One spec. `span` goes from the marker to the end of its last line; two specs are equal by what they say.

    `fields` stand in the language's order of keys, those of one key in the order of the text.
    """

    title: str
    handle: str | None
    goal: str
    criteria: tuple[Criterion, ...]
    fields: tuple[Field, ...]
    span: Span = field(compare=False)
    title_span: Span = field(compare=False)
    carrier: Carrier = field(compare=False)
    language: str = field(compare=False)
    word: str = field(default="spec!", compare=False)
    goal_written: Written = field(default=Written(), compare=False)
    body: Span | None = field(default=None, compare=False)
    """The whole comment, docstring, fence or section that carries it; its last line is outside where code is on it."""
    alone: bool = field(default=False, compare=False)
    """Whether nothing else stands in its comment or docstring."""

    def values(self, key: str) -> tuple[str, ...]:
        """The raw values of a field, in order."""
        return tuple(field.value for field in self.fields if field.key == key)

    def down(self, lines: int) -> "Spec":
        """The same spec, some lines further down."""
        if not lines:
            return self
        return replace(
            self,
            criteria=tuple(criterion.down(lines) for criterion in self.criteria),
            fields=tuple(field.down(lines) for field in self.fields),
            goal_written=self.goal_written.down(lines),
            span=self.span.down(lines),
            title_span=self.title_span.down(lines),
            body=self.body.down(lines) if self.body else None,
        )


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a problem is about."""

    message: str
    span: Span
    path: str | None = None
    """Relative to the checkout; None for the text that the problem is in."""

    def down(self, lines: int) -> "Related":
        """The same place, if it is in the text whose lines went down."""
        return self if self.path else replace(self, span=self.span.down(lines))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say about a spec, on the smallest span that shows it."""

    code: str
    severity: Severity
    message: str
    span: Span
    data: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()

    def down(self, lines: int) -> "Problem":
        """The same problem, some lines further down."""
        if not lines:
            return self
        return replace(self, span=self.span.down(lines), related=tuple(other.down(lines) for other in self.related))
