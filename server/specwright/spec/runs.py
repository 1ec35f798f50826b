"""Groups of logical lines that belong together: one comment, docstring, fence or section."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from specwright.spec.carriers import Piece
from specwright.spec.model import MARKDOWN, Carrier


class Logical(NamedTuple):
    """One line of a run: its row in the document, the column at which its text begins, and the text, trimmed.

    The column is below 0 where the marker word is left out and would not fit.
    """

    row: int
    column: int
    text: str
    level: int = 0
    """Of a Markdown heading; 0 for all other text."""
    broken: tuple[int, int, str] | None = None
    gutter: bool = False
    behind: int | None = None
    """Where code goes on behind the comment that ends here."""
    unsaid: int = 0
    """How many signs of the text, its marker word and a space, are not in the document."""


@dataclass(frozen=True, slots=True)
class Run:
    """Logical lines in order; rows count from the document's first line."""

    carrier: Carrier
    lines: tuple[Logical, ...]
    first: int
    last: int
    """First and last row of the whole comment or section."""
    unclosed: bool = False

    @property
    def whole(self) -> bool:
        """Whether the first line is a title by its carrier: a fence, a marker heading, or that of a file."""
        return self.carrier in MARKDOWN

    def from_top(self) -> "Run":
        """The same run with rows that count from its own first."""
        lines = tuple(line._replace(row=line.row - self.first) for line in self.lines)
        return Run(self.carrier, lines, 0, self.last - self.first, self.unclosed)


def logical(row: int, piece: Piece) -> Logical:
    """A piece of a comment as a logical line."""
    return Logical(row, piece.column, piece.text, 0, piece.broken, piece.gutter, piece.behind)


def comment_run(first: int, pieces: Sequence[Piece], unclosed: bool) -> Run:
    """The run of a comment whose pieces stand on consecutive rows."""
    lines = tuple(logical(first + n, piece) for n, piece in enumerate(pieces))
    return Run(pieces[0].carrier, lines, first, first + len(pieces) - 1, unclosed)
