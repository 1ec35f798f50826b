"""What a run changed in one file, cut into hunks. Says nothing about what stands in the user's buffer."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from specwright.review.block import Gap, without
from specwright.review.diff import Change, diff
from specwright.review.spelling import BOM, respelled, terminated, terminator_of, without_bom
from specwright.spec.lines import split_lines

REGULAR_FILE = "100644"
ABSENT = "000000"
"""The mode of a side on which the file does not exist."""


class HunkKind(StrEnum):
    """What a hunk is of; all but `text` are decided whole or not at all."""

    TEXT = "text"  # lines of a file that is there before and after
    CREATED = "created"  # the file is new
    DELETED = "deleted"  # the file is gone
    RENAMED = "renamed"  # the file's path; its text has hunks of its own
    MODE = "mode"  # the file's mode, or what a symlink or submodule points to
    BINARY = "binary"  # the file's bytes
    LINE_ENDS = "line_ends"  # nothing but line terminators or the byte-order mark


BY_LINES = frozenset({HunkKind.TEXT, HunkKind.CREATED, HunkKind.DELETED})
"""Hunks that edits of lines make; whoever writes files decides the others whole, by their bytes."""


class Decision(StrEnum):
    """What the human decided about a hunk."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"

    @classmethod
    def of(cls, accept: bool) -> "Decision":
        """As messages and rows say it."""
        return cls.ACCEPTED if accept else cls.REJECTED


class HunkState(StrEnum):
    """How a hunk stands, by what was decided and what its file holds now; the table is in `review/plan.py`."""

    PENDING = "pending"
    """Not decided, and can be applied or is there already."""
    ACCEPTED = "accepted"
    EDITED = "edited"
    """Accepted, and the text there was changed by hand."""
    REJECTED = "rejected"
    CONFLICT = "conflict"
    """Not decided, and the text there is neither the base's nor the result's."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `[old_start, old_end)` of base become `[new_start, new_end)` of the result; 0-based.

    The lines count in the texts of `sides_of`: without the task's own spec block. `id` is `RUN.NUMBER`,
    unique in the task.
    """

    id: str
    path: str
    old_start: int
    old_end: int
    new_start: int
    new_end: int
    kind: HunkKind = HunkKind.TEXT


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file before and after a run; text None where it does not exist, or is not shown as text.

    Which of the two, the modes tell. `old_path` is the path in base where it differs; the blocks are the lines of
    the task's own spec.
    """

    path: str
    base: str | None
    result: str | None
    old_path: str | None = None
    modes: tuple[str, str] = (REGULAR_FILE, REGULAR_FILE)
    binary: bool = False
    base_block: range | None = None
    result_block: range | None = None

    @property
    def opaque(self) -> bool:
        """Whether a side is there and has no text to be shown; then the file is decided by its bytes."""
        sides = zip((self.base, self.result), self.modes, strict=True)
        return self.binary or any(text is None and mode != ABSENT for text, mode in sides)

    @property
    def regular(self) -> bool:
        """Whether it is a plain file wherever it exists, neither a link nor a submodule."""
        return all(mode.startswith("100") or mode == ABSENT for mode in self.modes)


@dataclass(frozen=True, slots=True)
class Sides:
    """Base and result lines of a file as hunks and plans compare them: no own block, no byte-order mark.

    Where the run changed the file's line ends, `line_ends` holds both kinds, and `result` has those of base.
    """

    base: list[str]
    result: list[str]
    base_gap: Gap
    result_gap: Gap
    line_ends: tuple[str, str] | None


def sides_of(file: FileResult) -> Sides:
    """The lines of both sides; a side that does not exist has none."""
    base, base_gap = without(without_bom(split_lines(file.base or "")), file.base_block)
    result, result_gap = without(without_bom(split_lines(file.result or "")), file.result_block)
    if base_gap.size and base_gap.start == len(base):  # the block, which stays for now, can't follow an open line
        result = terminated(result, terminator_of(result) or "\n")
    old, new = terminator_of(base), terminator_of(result)
    if old is None or new is None or old == new:
        return Sides(base, result, base_gap, result_gap, None)
    return Sides(base, respelled(result, old), base_gap, result_gap, (old, new))


def hunks_of(file: FileResult, run: int, first: int) -> tuple[Hunk, ...]:
    """The file's hunks, numbered from `first`; those that take the file whole stand first."""
    sides = sides_of(file)
    gone = ABSENT in file.modes
    whole = Change(0, len(sides.base), 0, len(sides.result)) if gone and not file.opaque else Change(0, 0, 0, 0)
    changes = [(kind, whole) for kind in _whole_kinds(file, sides)]
    if not gone and not file.opaque and file.regular:
        changes += [(HunkKind.TEXT, change) for change in diff(sides.base, sides.result)]
    return tuple(
        Hunk(f"{run}.{number}", file.path, *change, kind) for number, (kind, change) in enumerate(changes, first)
    )


def added_removed(hunks: Iterable[Hunk]) -> tuple[int, int]:
    """How many lines the hunks add and how many they take away."""
    spans = [(hunk.new_end - hunk.new_start, hunk.old_end - hunk.old_start) for hunk in hunks]
    return sum(new for new, _ in spans), sum(old for _, old in spans)


def unified_position(hunk: Hunk) -> tuple[int, int, int, int]:
    """`(old_start, old_lines, new_start, new_lines)` as in a unified diff without context, 1-based.

    An empty side names the line before it.
    """
    old, new = hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start
    return hunk.old_start + bool(old), old, hunk.new_start + bool(new), new


def _whole_kinds(file: FileResult, sides: Sides) -> list[HunkKind]:
    if file.binary or not file.regular:
        return [HunkKind.BINARY if file.binary else HunkKind.MODE]
    if file.opaque:
        return [HunkKind.BINARY]
    if file.base is None or file.result is None:
        return [HunkKind.CREATED] if file.base is None else [HunkKind.DELETED]
    found = {
        HunkKind.RENAMED: file.old_path not in (None, file.path),
        HunkKind.MODE: file.modes[0] != file.modes[1],
        HunkKind.LINE_ENDS: bool(sides.line_ends) or file.base.startswith(BOM) != file.result.startswith(BOM),
    }
    return [kind for kind, changed in found.items() if changed]
