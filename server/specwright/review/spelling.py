"""How a text spells its lines: the terminator it uses and a byte-order mark. Compares texts without them.

A buffer may hold CRLF where the blobs hold LF; what is put into it must look like the rest of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from specwright.spec.edit import LineEdit

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a live text is compared with base and result, and how their lines are written into it.

    `terminator` is the live text's own kind, None where lines are compared with their terminators;
    `bom` is true if the live text begins with a byte-order mark.
    """

    terminator: str | None = None
    bom: bool = False

    def compared(self, lines: list[str]) -> list[str]:
        """Lines of any of the three texts as they are compared."""
        return lines if self.terminator is None else respelled(lines, "\n")

    def written(self, lines: Sequence[str]) -> list[str]:
        """Lines of base or result as they belong into the live text."""
        return list(lines) if self.terminator is None else respelled(lines, self.terminator)


def spelling_of(live: Sequence[str], *others: Sequence[str]) -> Spelling:
    """How to compare `live` with base and result: exactly, unless its dominating terminator is another."""
    own = terminator_of(live)
    kinds = {terminator_of(lines) for lines in others} - {None, own}
    return Spelling(own if kinds else None, bool(live) and live[0].startswith(BOM))


def terminator_of(lines: Sequence[str]) -> str | None:
    """The terminator that more than half of the lines use; None if there is no such."""
    text = "".join(lines)
    if "\r" not in text:
        return "\n" if "\n" in text else None
    pairs = text.count("\r\n")
    counts = {"\n": text.count("\n") - pairs, "\r\n": pairs, "\r": text.count("\r") - pairs}
    most = max(counts, key=lambda kind: counts[kind])
    return most if 2 * counts[most] > sum(counts.values()) else None


def respelled(lines: Sequence[str], terminator: str) -> list[str]:
    """The lines with this terminator; a last line without one stays without."""
    if terminator == "\n" and "\r" not in "".join(lines):
        return list(lines)
    return [_respelled(line, terminator) for line in lines]


def without_bom(lines: list[str]) -> list[str]:
    """The lines without a leading byte-order mark; a text of nothing else has no lines."""
    if not lines or not lines[0].startswith(BOM):
        return lines
    first = lines[0].removeprefix(BOM)
    return [first, *lines[1:]] if first else lines[1:]


def terminated(lines: Sequence[str], terminator: str) -> list[str]:
    """The lines, the last of which has a terminator, too."""
    if not lines or _is_ended(lines[-1]):
        return list(lines)
    return [*lines[:-1], lines[-1] + terminator]


def apart(edit: LineEdit, live: Sequence[str]) -> LineEdit:
    """The same edit, with terminators where its lines would otherwise run into those around it."""
    terminator = terminator_of(live) or "\n"
    start, lines = edit.start, list(edit.lines)
    if lines and edit.end < len(live):
        lines = terminated(lines, terminator)
    if lines and start and not _is_ended(live[start - 1]):
        start, lines = start - 1, [*terminated([live[start - 1]], terminator), *lines]
    return LineEdit(start, edit.end, tuple(lines))


def below_bom(edit: LineEdit, live: Sequence[str]) -> LineEdit:
    """The same edit of a text that begins with a byte-order mark, which stays in front."""
    if edit.start:
        return edit
    end = max(edit.end, 1)
    lines = (*without_bom(list(edit.lines)), *without_bom(list(live[edit.end : end])))
    if not lines:
        lines = tuple(live[end : end + 1])
        end += len(lines)
    return LineEdit(0, end, (BOM + "".join(lines[:1]), *lines[1:]))


def _is_ended(line: str) -> bool:
    return line.endswith(("\n", "\r"))


def _respelled(line: str, terminator: str) -> str:
    bare = line.rstrip("\r\n")
    return line if bare == line else bare + terminator
