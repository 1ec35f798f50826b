"""An open document: rows with their ends, edited where an edit touches them, with its specs kept current.

pygls' own splits the whole text again at each change, and at form feeds, which are no line ends to an editor.
"""

import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lsprotocol import types as t
from pygls.workspace import TextDocument

from specwright.api.views import SpecPlace
from specwright.lsp.convert import Units, Wire
from specwright.lsp.project import NAME, project_of
from specwright.paths.files import checkout_root
from specwright.review.own import lines_of
from specwright.review.tracker import Typed
from specwright.spec.digest import digest
from specwright.spec.document import Block
from specwright.spec.document import Document as Specs
from specwright.spec.facts import Facts
from specwright.spec.identity import slug
from specwright.spec.lines import split_lines
from specwright.spec.lint import alone, of_syntax, order
from specwright.spec.model import Problem, Spec
from specwright.spec.own import Own
from specwright.spec.rules.look import Look

Said = Mapping[frozenset[str], tuple[Problem, ...]]
"""What rules say that look beyond a spec, by the facts that they need."""
Place = tuple[Block, int]
"""A spec by its block and its number there."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the specs of a block are known until it is parsed again."""

    digests: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    """By what a task finds each spec again: its handle (`#k7f3qa`), if any, its digest, its title (`=slug`)."""


class Document(TextDocument):
    """One text that the editor holds, saved or not."""

    def __init__(
        self,
        uri: str,
        source: str,
        version: int | None,
        language_id: str | None,
        units: Units,
        relates: bool = False,
    ) -> None:
        super().__init__(uri, source="", version=version, language_id=language_id)
        self.units = units
        self.relates = relates
        """Whether the client shows the other places that a diagnostic is about."""
        self.dirty = False
        """Whether it was changed since it was opened or saved, as far as is known."""
        self.saves = 0
        """Counts the times that it was saved."""
        self.typed: list[Typed | None] = []
        """The changes since somebody looked; None for one that replaced the whole text."""
        self.generation = 0
        """Counts the times that a block came, went or was parsed again."""
        self.typing: Block | None = None
        """The block that is being typed in: its unfinished parts are hints until typing rests."""
        self.shown: dict[Block, tuple[int, list[Wire]]] = {}
        """The problems of a block as they are shown, made when it began at this row: a keystroke makes one block's."""
        self.together: dict[Block, Said] = {}
        """What rules say that look beyond the spec, too, as it was when typing rested; rows as in `_alone`."""
        self.carried: dict[Block, list[Problem]] = {}
        """The same of the block that is being typed in, as it was said of it before."""
        self._heirs: dict[Place, Place] = {}
        """What became of specs in edits, since somebody asked."""
        self.misread: list[Wire] = []
        """What is wrong with it as its project's settings, where it stood when typing rested; editors move it along."""
        self.facts: Facts | None = None
        """What they knew of the world outside."""
        self._alone: dict[Block, tuple[Problem, ...]] = {}
        """What is said of a block by its own text, until it is parsed again; rows count from the block's first."""
        self._names: dict[Block, Names] = {}
        self._named: dict[str, dict[Block, list[int]]] = {}
        """The blocks with specs of this key, and their numbers in each."""
        self._known: set[Block] = set()
        """The blocks as they were after the last change."""
        self._unnamed: set[Block] = set()
        """Those that are not in `_named` yet."""
        self._own: tuple[int, Own, Block | None, range] | None = None
        self.project = project_of(self.root)
        """What its project's settings say, as they were when they were last looked at."""
        self._load(source)

    @property
    def rows(self) -> list[str]:
        """The lines with their ends; a text that ends with a line end has no empty one after it."""
        return self.specs.rows

    @property
    def source(self) -> str:
        """The whole text."""
        return "".join(self.rows)

    @property
    def lines(self) -> Sequence[str]:
        """The same as `rows`, under the name that pygls knows."""
        return self.rows

    @cached_property
    def real_path(self) -> str:
        """The path on the disk with links resolved; empty for a text that has none."""
        return os.path.realpath(self.path) if self.uri.startswith("file:") else ""

    @cached_property
    def root(self) -> str:
        """The checkout that the file lies in; empty outside of one."""
        found = checkout_root(Path(self.real_path).parent) if self.real_path else None
        return str(found) if found else ""

    @cached_property
    def relative(self) -> str:
        """The path relative to the checkout, with `/`."""
        return Path(self.real_path).relative_to(self.root).as_posix() if self.root else self.real_path

    @property
    def is_settings(self) -> bool:
        """Whether it holds its project's settings."""
        return self.relative == NAME and bool(self.root)

    @property
    def blocks(self) -> list[Block]:
        """The blocks with specs, in order."""
        return self.specs.blocks

    def names(self, block: Block) -> Names:
        """How the specs of a block are known."""
        if block not in self._names:
            digests = tuple(map(digest, block.specs))
            keys = tuple(_keys(spec, name) for spec, name in zip(block.specs, digests, strict=True))
            self._names[block] = Names(digests, keys)
        return self._names[block]

    def problems(self, block: Block) -> tuple[Problem, ...]:
        """All that is said of a block, in order."""
        if block not in self._alone:
            self._alone[block] = self._checked(block)
        alone, beyond = self._alone[block], self._beyond(block)
        return tuple(sorted([*alone, *beyond], key=order)) if beyond else alone

    def _checked(self, block: Block) -> tuple[Problem, ...]:
        rows, lint = self.rows[block.first : block.last + 1], self.project.lint
        found = list(of_syntax(block.problems, block.specs, lint))
        for spec in block.specs:
            found += alone(Look(spec, rows, lang=lint.lang), lint)
        return tuple(sorted(found, key=order))

    def _beyond(self, block: Block) -> list[Problem]:
        if block in self.together:
            return [problem for group in self.together[block].values() for problem in group]
        return self.carried.get(block, [])

    def take_together(self, found: Mapping[Block, Said]) -> bool:
        """Keep what rules said of blocks that are still there; whether it is news."""
        is_news = False
        for block in self.blocks:
            if block not in found:
                continue
            before = self._beyond(block)
            self.together[block] = {**self.together.get(block, {}), **found[block]}
            if self._beyond(block) != before:
                is_news = True
                self.shown.pop(block, None)
        return is_news

    def renew(self) -> bool:
        """Read the text anew if its project's settings are others now; whether they are."""
        found = project_of(self.root)
        is_other = found != self.project
        if is_other:
            self.project = found
            self._load(self.source)
        return is_other

    def placed(self) -> Iterator[tuple[Block, int, Spec]]:
        """Each spec with its block and its number there; its rows count from the block's first."""
        for block in self.blocks:
            for number, spec in enumerate(block.specs):
                yield block, number, spec

    def named(self, key: str) -> list[tuple[Block, int]]:
        """The specs of a key in order, each by its block and its number there."""
        for block in self._unnamed:
            for number, names in enumerate(self.names(block).keys):
                for name in names:
                    self._named.setdefault(name, {}).setdefault(block, []).append(number)
        self._unnamed.clear()
        blocks = sorted(self._named.get(key, {}).items(), key=lambda found: found[0].first)
        return [(block, number) for block, numbers in blocks for number in numbers]

    def spec_at(self, line: int) -> tuple[Block, int, Spec] | None:
        """The spec whose lines hold this one."""
        at = bisect_right(self.blocks, line, key=lambda block: block.first) - 1
        if at >= 0:
            block = self.blocks[at]
            for number, spec in enumerate(block.specs):
                if spec.span.start.line <= line - block.first <= spec.span.end.line:
                    return block, number, spec
        return None

    def heir(self, place: Place) -> Place | None:
        """What edits made of a spec since `follow_on`; None where it is gone."""
        while place in self._heirs:
            place = self._heirs[place]
        return place if place[0] in self._known else None

    def follow_on(self) -> None:
        """From now on specs are followed from what they are now."""
        self._heirs.clear()

    def own_block(self, own: Own) -> range | None:
        """The lines of a task's own spec here; None where it is not, or not exactly once."""
        if own.path != self.relative:
            return None
        if self._own is None or self._own[:2] != (self.generation, own):
            self._own = (self.generation, own, *self._find_own(own))
        _, _, block, lines = self._own
        return range(lines.start + block.first, lines.stop + block.first) if block and lines else None

    def take_typed(self) -> list[Typed | None]:
        """The changes since the last call."""
        typed, self.typed = self.typed, []
        return typed

    def at(self, position: t.Position) -> tuple[int, int]:
        """Row and column in code points, clamped to the text."""
        if position.line < len(self.rows):
            return position.line, self.units.column(self.rows[position.line], position.character)
        return self._end()

    def _end(self) -> tuple[int, int]:
        rows = self.rows
        unfinished = bool(rows) and not rows[-1].endswith(("\n", "\r"))
        return (len(rows) - 1, len(rows[-1])) if unfinished else (len(rows), 0)

    def _find_own(self, own: Own) -> tuple[Block | None, range]:
        found: list[tuple[Block, int]] = next(filter(None, map(self.named, keys_of(own))), [])
        if len(found) != 1:
            return None, range(0)
        [(block, number)] = found
        here = own.at(own.path, self.specs.language.id)
        lines = lines_of(here, self.rows, block.specs[number].down(block.first)) or range(block.first, block.first)
        return block, range(lines.start - block.first, lines.stop - block.first)

    def _load(self, source: str) -> None:
        reading = self.project.reading
        language = reading.language(self.path, self.language_id)
        whole = language.markdown and reading.is_whole(self.relative)
        self.specs = Specs(split_lines(source), language, reading.words, whole)
        self._changed(None)

    def _apply_full_change(self, change: t.TextDocumentContentChangeEvent) -> None:
        self._load(change.text)
        self.typed.append(None)
        self.dirty = True

    def _apply_incremental_change(self, change: t.TextDocumentContentChangePartial) -> None:
        rows = self.rows
        (first, a), (last, b) = self.at(change.range.start), self.at(change.range.end)
        head = rows[first][:a] if first < len(rows) else ""
        tail = rows[last][b:] if last < len(rows) else ""
        text = head + change.text + tail
        stays = b == 0 and (head + change.text == "" or change.text.endswith(("\n", "\r")))
        if first and text.startswith("\n") and rows[first - 1].endswith("\r"):  # \r and \n became one line end
            first -= 1
            text = rows[first] + text
        self._replace(first, min(last, len(rows) - 1), split_lines(text), last - stays)

    def _replace(self, first: int, last: int, rows: list[str], touched: int) -> None:
        """`touched` is the last row whose text is another; the one below it may only have moved."""
        fresh = self.specs.replace(first, last, rows)
        self._carry(fresh, (first, last, touched), len(rows) - (last - first + 1))
        self.typed.append(Typed(first, last + 1, len(rows)))
        self.dirty = True
        self._changed(fresh, first)

    def _carry(self, fresh: Sequence[Block], rows: tuple[int, int, int], down: int) -> None:
        """Keep what is said of the lines around an edit until typing rests: it would vanish and come back."""
        first, last, touched = rows
        gone = sorted(self._known.difference(self.blocks), key=lambda block: block.first)
        self._heirs.update(_heirs(gone, fresh, (first, touched), down))
        if len(fresh) == len(gone):
            self.carried = {
                new: list(_moved(self._beyond(old), (old.first, new.first), (first, last), down))
                for new, old in zip(fresh, gone, strict=True)
            }

    def _changed(self, fresh: Sequence[Block] | None, row: int = 0) -> None:
        """Forget what was known of blocks that are gone."""
        before, self._known = self._known, set(self.blocks)
        gone = before - self._known
        self._unnamed = (self._unnamed | (self._known - before)) - gone
        for block in gone:
            self._forget(block)
        if fresh is None or fresh or gone:
            self.generation += 1
        at = (block for block in fresh or () if block.first <= row <= block.last)
        self.typing = next(at, fresh[0] if fresh and not self.specs.language.markdown else None)

    def _forget(self, block: Block) -> None:
        names = self._names.pop(block, None)
        for key in (key for keys in (names.keys if names else ()) for key in keys):
            self._named.get(key, {}).pop(block, None)
        for kept in (self._alone, self.shown, self.together, self.carried):
            kept.pop(block, None)


def _moved(said: Iterable[Problem], starts: tuple[int, int], edited: tuple[int, int], down: int) -> Iterator[Problem]:
    """What is said of the rows above and below an edit; rows count from a block that began, and now begins, so."""
    for problem in said:
        absolute = problem.down(starts[0])
        if absolute.span.end.line < edited[0]:
            yield absolute.down(-starts[1])
        elif absolute.span.start.line > edited[1]:
            yield absolute.down(down - starts[1])


def _heirs(
    gone: Iterable[Block], fresh: Iterable[Block], edited: tuple[int, int], down: int
) -> Iterator[tuple[Place, Place]]:
    """Which spec became which: by the row of a marker that was not touched, by what it says, then in order."""
    left, new = _by_row(gone), _by_row(fresh)
    for row in [row for row in left if not edited[0] <= row <= edited[1]]:
        if found := new.pop(row if row < edited[0] else row + down, None):
            yield left.pop(row), found
    for row, (block, number) in list(left.items()):
        same = (at for at, (other, n) in new.items() if other.specs[n] == block.specs[number])
        if (at := next(same, None)) is not None:
            yield left.pop(row), new.pop(at)
    if len(left) == len(new):
        yield from zip(left.values(), new.values(), strict=True)


def _by_row(blocks: Iterable[Block]) -> dict[int, Place]:
    """The specs by the rows of their markers."""
    return {block.first + spec.span.start.line: (block, n) for block in blocks for n, spec in enumerate(block.specs)}


def _keys(spec: Spec, name: str) -> tuple[str, ...]:
    return (*((f"#{spec.handle}",) if spec.handle else ()), name, f"={slug(spec.title)}")


def keys_of(task: Own | SpecPlace) -> tuple[str, ...]:
    """By what a task knows its spec again, the surest first."""
    return (*((f"#{task.handle}",) if task.handle else ()), task.digest, f"={slug(task.title)}")
