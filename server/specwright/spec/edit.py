"""The edits of a spec's own block: taking it away when it is accepted, ticking it, giving it a handle."""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from specwright.spec.carriers import WHITE, scan
from specwright.spec.grammar import BULLET, CRITERION
from specwright.spec.languages import Language
from specwright.spec.lines import body
from specwright.spec.model import MARKDOWN, Carrier, Spec

LETTERS = "abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the lines `[first, last)` by a text that holds its line ends."""

    first: int
    last: int
    text: str = ""


def block_lines(lines: Sequence[str], spec: Spec) -> range:
    """The lines that are the task's own block; a comment or docstring that becomes empty goes with it."""
    first, last = spec.span.start.line, min(spec.span.end.line + 1, len(lines))
    if spec.body is None:
        return range(first, last)
    outer = range(spec.body.start.line, min(spec.body.end.line, len(lines)))
    if spec.carrier in MARKDOWN:
        return outer
    if spec.carrier is Carrier.LINES:
        return _with_blank(lines, spec, range(first, last), outer)
    return outer if _only(lines, spec, outer) else range(first, last)


def removal(lines: Sequence[str], spec: Spec, language: Language) -> Edit:
    """The edit that takes the block away; what is left is a file that its language still reads."""
    block = block_lines(lines, spec)
    outer = spec.body
    if spec.carrier is Carrier.FILE:  # a file is never deleted unasked
        return Edit(block.start, block.start)
    whole = outer is not None and block == range(outer.start.line, min(outer.end.line, len(lines)))
    if spec.carrier is Carrier.DOCSTRING and whole:
        return _title_as_docstring(lines, spec, block)
    if spec.carrier in {Carrier.BLOCK, Carrier.DOCSTRING} and not whole:
        return _from_comment(lines, block, language, outer.start.line if outer else 0)
    return Edit(block.start, block.stop)


def ticked(lines: Sequence[str], spec: Spec, numbers: Collection[int]) -> tuple[Edit, ...]:
    """The edits that tick these criteria, numbered from 1; one without a box stays as it is."""
    edits = []
    for number, criterion in enumerate(spec.criteria, 1):
        row, column = criterion.span.start.line, criterion.span.start.column
        bullet = BULLET.match(lines[row], column) if number in numbers else None
        box = CRITERION.match(lines[row], bullet.start("rest")) if bullet else None
        if box and not criterion.ticked:
            edits.append(Edit(row, row + 1, lines[row][: box.start("box")] + "x" + lines[row][box.end("box") :]))
    return tuple(edits)


def handle_edit(lines: Sequence[str], spec: Spec, handle: str) -> Edit:
    """The edit of the marker line that gives the spec a handle, before what closes the line."""
    row, at = spec.title_span.end.line, spec.title_span.end.column
    text = lines[row]
    return Edit(row, row + 1, f"{text[:at]} (#{handle}){text[at:]}")


def new_handle(used: Collection[str]) -> str:
    """One letter and five of a-z and 0-9 without i, l, o, u, that no other spec has."""
    while True:
        drawn = secrets.choice(LETTERS) + "".join(secrets.choice(LETTERS + "0123456789") for _ in range(5))
        if drawn not in used:
            return drawn


def _with_blank(lines: Sequence[str], spec: Spec, block: range, outer: range) -> range:
    """One adjoining blank comment line goes too if what remains would begin or end with it."""
    before = block.start > outer.start and _is_blank_comment(lines[block.start - 1])
    after = block.stop < outer.stop and _is_blank_comment(lines[block.stop])
    if after and block.start == outer.start:
        return range(block.start, block.stop + 1)
    if before and (block.stop >= outer.stop or after):
        return range(block.start - 1, block.stop)
    return block


def _is_blank_comment(line: str) -> bool:
    return not re.sub(r"[\W_]", "", line)


def _only(lines: Sequence[str], spec: Spec, outer: range) -> bool:
    """Whether nothing but the spec stands in its comment."""
    around = [*range(outer.start, spec.span.start.line), *range(spec.span.end.line + 1, outer.stop)]
    head = lines[spec.span.start.line][: spec.span.start.column]
    shared = outer.start == spec.span.start.line and re.search(r"\w", re.sub(r"^\s*[rRbBfFuU]{0,2}(?=['\"])", "", head))
    return not shared and all(_is_blank_comment(lines[row]) or _is_opener(lines[row], row, outer) for row in around)


def _is_opener(line: str, row: int, outer: range) -> bool:
    """A docstring's first line may hold a prefix or an attribute before its quotes."""
    return (
        row == outer.start
        and re.fullmatch(r"[ \t]*(?:[rRbBfFuU]{0,2}|@\w+[ \t]+(?:~[sS])?)[\"']{3}\s*", line) is not None
    )


def _title_as_docstring(lines: Sequence[str], spec: Spec, block: range) -> Edit:
    """A docstring may be needed as a body: its title stays."""
    first = body(lines[block.start])
    indent = first[: len(first) - len(first.lstrip(WHITE))]
    quotes = re.search(r"[\"']{3}", first)
    prefix = first[len(indent) : quotes.start()] if quotes else ""
    end = lines[block.start][len(first) :] or "\n"
    mark = quotes[0] if quotes else '"""'
    return Edit(block.start, block.stop, f"{indent}{prefix}{mark}{spec.title}.{mark}{end}")


def _from_comment(lines: Sequence[str], block: range, language: Language, first: int) -> Edit:
    """Lines of a comment with other text: its opener and closer stay, and one of two adjoining blank lines goes."""
    stop = block.stop
    if block.start > first and stop < len(lines) and _blank(lines[block.start - 1]) and _blank(lines[stop]):
        stop += 1
    kept = _ends_of(lines, block, language)
    return Edit(block.start, stop if not kept else block.stop, kept)


def _ends_of(lines: Sequence[str], block: range, language: Language) -> str:
    """What of the block's own lines must stay: the opener on its first line, the closer on its last."""
    kept = ""
    state = None
    for row in range(block.stop):  # from the top: what a region is depends on all that is above
        state, piece = scan(language, lines[row], state, row)
        if piece is None or row not in block:
            continue
        text, end = body(lines[row]), lines[row][len(body(lines[row])) :]
        if piece.opens and row == block.start:
            kept += text[: piece.column].rstrip(WHITE) + end
        if piece.closes:
            indent = text[: len(text) - len(text.lstrip(WHITE))]
            kept += indent + text[piece.column + len(piece.text) :].lstrip(WHITE) + end
    return kept


def _blank(line: str) -> bool:
    return not body(line).strip(WHITE + "*")
