"""A document whose specs are kept current edit by edit; what it holds always equals a full parse.

Markdown, and files that are switched off, are parsed whole again; everything else only where an edit can matter.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from specwright.spec.builder import specs_in
from specwright.spec.carriers import LONGEST, Piece, scan
from specwright.spec.code import State, follow
from specwright.spec.grammar import near
from specwright.spec.languages import Language
from specwright.spec.lines import body
from specwright.spec.markdown import markdown_runs
from specwright.spec.model import Problem, Spec
from specwright.spec.parser import WORDS, is_off, run_at
from specwright.spec.runs import Run

MOST_TRIES = 100
"""Signs of a line that are looked at for the comment behind its code."""
NEAR = 400
"""Rows above that are looked at where no row's state is kept."""


@dataclass(slots=True, eq=False)
class Block:
    """One comment, docstring, fence or section with specs; its rows are `[first, last]`.

    Lines in `specs` and `problems` count from `first`, so that an edit above costs an addition.
    """

    first: int
    last: int
    specs: tuple[Spec, ...]
    problems: tuple[Problem, ...]
    said: tuple[Run, tuple[str, ...]] | None = None
    """Of Markdown, what it was read from."""


class Document:
    """Rows with their terminators, and the specs in them."""

    def __init__(
        self, rows: Sequence[str], language: Language, words: tuple[str, ...] = WORDS, may_be_file: bool = False
    ) -> None:
        self.rows = list(rows)
        self.language = language
        self.blocks: list[Block] = []
        """In order; never overlapping."""
        self._words = words
        self._signs = (*words, *near(words))
        self.may_be_file = may_be_file
        """Whether a Markdown text may be one spec as a whole."""
        self._states: list[State | None] = []
        """What each line ends inside of; none as long as no row holds a marker word."""
        self._off = False
        self._load()

    @property
    def specs(self) -> tuple[Spec, ...]:
        """All specs with their places in the document."""
        return tuple(spec.down(block.first) for block in self.blocks for spec in block.specs)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of syntax with their places in the document."""
        return tuple(problem.down(block.first) for block in self.blocks for problem in block.problems)

    def replace(self, first: int, last: int, rows: Sequence[str]) -> list[Block]:
        """Rows `first` to `last`, both included, became `rows`; the blocks that were parsed again."""
        self.rows[first : last + 1] = rows
        if self.language.markdown or is_off(self.rows) != self._off or (not self._states and self._has_word(rows)):
            before = set(self.blocks)
            self._load()
            return [block for block in self.blocks if block not in before]
        if not self._states:
            return []
        return self._reparse(first, last, len(rows) - (last - first + 1), self._rescan(first, last, len(rows)))

    def piece(self, row: int) -> Piece | None:
        """The text for people on a row that is no Markdown; without a marker in the file, by the rows just above."""
        return scan(self.language, self.rows[row], self._entered(row), row)[1]

    def behind_code(self, row: int) -> int | None:
        """The column at which a line comment begins behind code; None where there is none."""
        text, at, tries = body(self.rows[row]), 0, 0
        if self._entered(row) is not None or self.piece(row) is not None or len(text) > LONGEST:
            return None
        while tries < MOST_TRIES and (match := self.language.tokens.search(text, at)):
            tries += 1
            start, at = match.start(), max(match.end(), at + 1)
            is_sign = match.lastgroup == "leader" and text[:start].strip() != ""
            if is_sign and follow(self.language, text[:start], 0, None) is None:
                return start
        return None

    def _entered(self, row: int) -> State | None:
        """What the row above ends inside of."""
        if self._states or row == 0:
            return self._states[row - 1] if row else None
        state = None
        for above in range(max(0, row - NEAR), row):
            state, _ = scan(self.language, self.rows[above], state, above)
        return state

    @property
    def words(self) -> tuple[str, ...]:
        """The marker words."""
        return self._words

    def _load(self) -> None:
        before, self.blocks, self._states = self.blocks, [], []
        self._off = is_off(self.rows)
        if self._off or not (self.language.markdown or self._has_word(self.rows)):
            return
        if self.language.markdown:
            self.blocks = list(self._sections(before))
            return
        state: State | None = None
        for row, line in enumerate(self.rows):
            state, _ = scan(self.language, line, state, row)
            self._states.append(state)
        self.blocks = list(self._blocks(0, len(self.rows) - 1))

    def _sections(self, before: Sequence[Block]) -> Iterator[Block]:
        """The blocks of Markdown; those that an edit left as they were are the same ones."""
        known = {block.said: block for block in before}
        for run in markdown_runs(self.rows, self._words, self.may_be_file):
            said = run.from_top(), tuple(self.rows[run.first : run.last + 1])
            if block := known.pop(said, None):
                block.first, block.last = run.first, run.last
            else:
                block = self._block(run)
                block.said = said
            yield block

    def _has_word(self, rows: Sequence[str]) -> bool:
        return any(sign in row for sign in self._signs for row in rows)

    def _rescan(self, first: int, last: int, count: int) -> int:
        """Bring the states up to date; the row (as it was) up to which they differ."""
        entered = self._states[last] if last < len(self._states) else None
        state = self._states[first - 1] if first else None
        fresh: list[State | None] = []
        for row in range(first, first + count):
            state, _ = scan(self.language, self.rows[row], state, row)
            fresh.append(state)
        self._states[first : last + 1] = fresh
        row = first + count
        while row < len(self.rows) and state != entered:
            entered = self._states[row]
            state, _ = scan(self.language, self.rows[row], state, row)
            self._states[row] = state
            row += 1
        return row - 1

    def _reparse(self, first: int, last: int, grow: int, changed: int) -> list[Block]:
        """Parse again what the rows from `first` to `changed` (as they are now) can matter to."""
        low, high = self._reach(first, changed)
        gone = self._met(min(low, first - 1), max(high - grow, last + 1))
        if gone:
            low = min(low, self.blocks[gone.start].first)
            high = max(high, self.blocks[gone.stop - 1].last + grow)
        for block in self.blocks[gone.stop :] if grow else ():
            block.first, block.last = block.first + grow, block.last + grow
        fresh = list(self._blocks(max(0, low), min(high, len(self.rows) - 1)))
        self.blocks[gone.start : gone.stop] = fresh
        return fresh

    def _met(self, first: int, last: int) -> range:
        """The numbers of the blocks that meet some rows, all as they were; where they would be if none does."""
        start = bisect_left(self.blocks, first, key=lambda block: block.last)
        return range(start, max(start, bisect_right(self.blocks, last, key=lambda block: block.first)))

    def _reach(self, first: int, changed: int) -> tuple[int, int]:
        """The rows of all comments that meet the changed rows or stand beside them."""
        low, high = max(0, first - 1), min(len(self.rows) - 1, changed + 1)
        done = -1
        for row in sorted({low, min(first, high), max(low, changed), high}):
            if done < row < len(self.rows) and (run := run_at(self.rows, self._states, self.language, row)):
                low, high, done = min(low, run.first), max(high, run.last), run.last
        return low, high

    def _blocks(self, low: int, high: int) -> Iterator[Block]:
        """The blocks whose marker words stand in these rows."""
        done = -1
        for row in range(low, high + 1):
            if row > done and any(sign in self.rows[row] for sign in self._signs):
                run = run_at(self.rows, self._states, self.language, row)
                if run:
                    done = run.last
                    block = self._block(run)
                    if block.specs or block.problems:
                        yield block

    def _block(self, run: Run) -> Block:
        specs, problems = specs_in(run.from_top(), self.language.id, self._words)
        return Block(run.first, run.last, tuple(specs), tuple(problems))
