"""Which lines of a text are a task's own block.

What a run wrote around it is its work, also where the spec's grammar would take it in: a result is compared with its
base, and a live text with what is known of both.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice

from specwright.review.diff import diff
from specwright.spec.carriers import WHITE
from specwright.spec.digest import digest
from specwright.spec.edit import block_lines
from specwright.spec.lines import body, split_lines
from specwright.spec.model import MARKDOWN, Carrier, Point, Span, Spec
from specwright.spec.own import Left, Own, find
from specwright.spec.unread import unread_rows, words

ALIKE = 0.6
"""How much of a line is left in what it was reworded to."""
MOST_COMPARED = 200
"""Characters of two lines that are compared: it takes the square of their number."""
MOST_ENDS = 8
"""Places that are tried as the block's end: each is read anew."""
COMMENTS = frozenset({Carrier.BLOCK, Carrier.DOCSTRING})


@dataclass(frozen=True, slots=True)
class Blocks:
    """The block's lines in base and result, and the own spec with what the run left around it."""

    own: Own
    base: range | None = None
    result: range | None = None


def blocks(own: Own, base: tuple[str, str | None], result: tuple[str, str | None]) -> Blocks:
    """The blocks in both texts of a file, each given with its path."""
    if own.path not in {base[0], result[0]}:
        return Blocks(own)
    before, after = (_placed(own, path, text) for path, text in (base, result))
    if before and after:
        first, second, left = _compared(own, before, after)
    else:
        first, second, left = before.outer if before else None, after.outer if after else None, Left()
    outside = {*_outside(base[1], first), *_outside(result[1], second)} - {""}
    return Blocks(replace(own, left=replace(left, outside=frozenset(outside))), first, second)


def block(own: Own, path: str, text: str) -> range | None:
    """The block's lines in a live text, or None."""
    spec = find(own, path, text)
    return None if spec is None else lines_of(own, split_lines(text), spec)


def lines_of(own: Own, lines: Sequence[str], spec: Spec) -> range | None:
    """The same where the spec is found already."""
    if own.left.mixed:
        return None
    here = _Placed(lines, spec)
    stop = end_of(own, lines, spec)
    if stop is None:
        return here.bare if own.left.bare else here.outer
    return range(here.bare.start, here.below_blanks(stop, own.left.blanks))


def end_of(own: Own, lines: Sequence[str], spec: Spec) -> int | None:
    """Where the spec as it was queued ends, if lines came to stand below it that it would take in."""
    here = _Placed(lines, spec)
    return _queued_end(own, here, here.ends(own.left.outside))


def ended(lines: Sequence[str], spec: Spec, stop: int) -> Spec:
    """The spec without what stands below its end."""
    span = Span(spec.span.start, Point(stop - 1, len(body(lines[stop - 1]))))
    if spec.carrier not in MARKDOWN or spec.body is None:
        return replace(spec, span=span, alone=False)
    here, above = _Placed(lines, spec), spec.body.start.line - 1
    meet = here.is_blank(stop) and (above < 0 or here.is_blank(above))  # then one of the blank lines goes, too
    return replace(spec, span=span, body=Span(spec.body.start, Point(stop + meet, 0)))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text and the own spec in it."""

    lines: Sequence[str]
    spec: Spec

    @property
    def outer(self) -> range:
        """The block with what goes with it: its comment, or an adjoining blank line of one."""
        return block_lines(self.lines, self.spec)

    @property
    def bare(self) -> range:
        """From the marker to the spec's last line; in Markdown the fence or section, which is its alone."""
        if self.spec.carrier in MARKDOWN:
            return self.outer
        return range(self.spec.span.start.line, min(self.spec.span.end.line + 1, len(self.lines)))

    @property
    def bullets(self) -> frozenset[int]:
        """The rows on which criteria and fields begin; other bullets may be anybody's."""
        fields = (field.span.start.line for field in self.spec.fields if field.key != "note")
        return frozenset([*(criterion.span.start.line for criterion in self.spec.criteria), *fields])

    @property
    def is_whole(self) -> bool:
        """Whether its comment or docstring holds nothing else, and goes with it."""
        return self.spec.carrier in COMMENTS and self.spec.alone

    def edges(self, block: range) -> tuple[bool, bool]:
        """Whether its comment or docstring opens, and closes, on lines of the block."""
        if self.spec.carrier not in COMMENTS or self.spec.body is None:
            return False, False
        end = self.spec.body.end
        return self.spec.body.start.line in block, end.line - (end.column == 0) in block

    def said(self, row: int) -> str:
        """What a line says without its leader or gutter."""
        text = body(self.lines[row]).strip(WHITE)
        if self.spec.carrier is Carrier.LINES:
            start = self.spec.span.start
            return text.removeprefix(self.lines[start.line][: start.column].strip(WHITE)).strip(WHITE)
        return text if self.spec.carrier in MARKDOWN else text.removeprefix("*").strip(WHITE)

    def is_blank(self, row: int) -> bool:
        """Whether a line says nothing."""
        return not self.said(row)

    def below_blanks(self, row: int, most: int) -> int:
        """The first row from this one on that is no longer the block's, at whose end stand at most so many blanks."""
        stop = min(row + most, self.bare.stop)
        return next((at for at in range(row, stop) if not self.is_blank(at)), max(row, stop))

    def unread(self, block: range) -> Iterator[str]:
        """The words of the block's lines that say nothing of the spec."""
        return (words(self.lines[row]) for row in unread_rows(self.lines, self.spec) if row in block)

    def ends(self, outside: frozenset[str]) -> list[int]:
        """The rows from which on all is outside or blank, topmost first."""
        start, stop = self.bare.stop, self.bare.stop
        while start - 1 > self.bare.start and (self.lines[start - 1].strip() in outside or self.is_blank(start - 1)):
            start -= 1
        said, bullets, found = None, self.bullets, []
        for row in range(stop - 1, start - 1, -1):
            said = row if not self.is_blank(row) else said
            if said is not None and said not in bullets:
                found.append(row)
        return found[::-1]


def _queued_end(own: Own, placed: _Placed, rows: Iterable[int]) -> int | None:
    """The first of the rows above which the spec says what was queued."""
    return next((row for row in islice(rows, MOST_ENDS) if _said_until(own, placed, row) == own.digest), None)


def _placed(own: Own, path: str, text: str | None) -> _Placed | None:
    spec = None if text is None else find(own, path, text)
    return None if text is None or spec is None else _Placed(split_lines(text), spec)


def _outside(text: str | None, block: range | None) -> Iterator[str]:
    """The lines beside the block, trimmed."""
    return (line.strip() for row, line in enumerate(split_lines(text or "")) if block is None or row not in block)


def _compared(own: Own, before: _Placed, after: _Placed) -> tuple[range | None, range | None, Left]:
    """The block of the base and what is left of it in the result."""
    blanks = next((n for n, row in enumerate(reversed(before.bare)) if not before.is_blank(row)), 0)
    kept = range(after.bare.start, _stop(own, before, after, blanks))
    is_all = kept == after.bare
    is_whole = is_all and before.is_whole and after.is_whole
    is_cut = not is_whole and before.edges(before.bare) != after.edges(kept)
    if is_cut or _has_more(own, before, after, kept):
        return None, None, Left(mixed=True)
    if is_whole:
        return before.outer, after.outer, Left()
    if is_all and _around(before) == _around(after):
        return before.outer, after.outer, Left(blanks=blanks)
    return before.bare, kept, Left(blanks=blanks, bare=True)


def _around(placed: _Placed) -> tuple[int, int]:
    """How many lines go with the block, above and below."""
    return placed.bare.start - placed.outer.start, placed.outer.stop - placed.bare.stop


def _stop(own: Own, before: _Placed, after: _Placed, blanks: int) -> int:
    """Where the block ends in the result: below what was its end in the base, reworded or not, and what it was given.

    That is criteria and fields. Other lines that are new there are the run's work.
    """
    old = [before.said(row) for row in before.bare][: len(before.bare) - blanks]
    new = [after.said(row) for row in after.bare]
    changes = diff(old, new)
    if not changes or changes[-1].new_end < len(new):
        return after.bare.stop
    lost, stop = iter(old[changes[-1].old_start : changes[-1].old_end]), changes[-1].new_start
    bullets = after.bullets
    for number in range(stop, len(new)):
        if after.bare.start + number in bullets or _stands_for_one(new[number], lost):
            stop = number + 1
        elif new[number]:
            break
    end = after.bare.start + stop
    wrapped = _queued_end(own, after, range(end, after.bare.stop + 1))
    return after.below_blanks(wrapped or end, blanks)


def _has_more(own: Own, before: _Placed, after: _Placed, kept: range) -> bool:
    """Whether lines were put into the block that stand for none that was there: they may be the run's work."""
    if _said_until(own, after, kept.stop) == digest(before.spec):
        known = Counter(before.unread(before.bare))
        return bool(Counter(after.unread(kept)) - known)
    old, new = [before.said(row) for row in before.bare], [after.said(row) for row in kept]
    for change in diff(old, new):
        lost = iter(old[change.old_start : change.old_end])
        added = [line for line in new[change.new_start : change.new_end] if line]
        if not all(_stands_for_one(line, lost) for line in added):
            return True
    return False


def _stands_for_one(line: str, lost: Iterator[str]) -> bool:
    """Whether a line is what became of the next of these that is like it; they are used up, so each is asked once."""
    return bool(line) and any(_is_alike(line, old) for old in lost)


def _said_until(own: Own, placed: _Placed, stop: int) -> str | None:
    """What the spec says above a row, by its digest."""
    first = placed.spec.body.start.line if placed.spec.body else placed.spec.span.start.line
    specs, _ = own.reading.parse("".join(placed.lines[first:stop]), own.path, own.language)
    return digest(specs[-1]) if specs else None


def _is_alike(new: str, old: str) -> bool:
    found = SequenceMatcher(None, new[:MOST_COMPARED], old[:MOST_COMPARED], autojunk=False)
    return found.real_quick_ratio() >= ALIKE and found.quick_ratio() >= ALIKE and found.ratio() >= ALIKE
