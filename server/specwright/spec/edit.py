"""The edits of a spec's own block: taking it away when it is accepted, ticking it, giving it a handle."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from specwright.spec.carriers import WHITE, Piece, scan
from specwright.spec.grammar import BULLET, CRITERION
from specwright.spec.languages import Language
from specwright.spec.lines import body, split_lines
from specwright.spec.model import MARKDOWN, Carrier, Span, Spec

LETTERS = "abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Replace the lines `[start, end)` of a text by `lines`, which hold their terminators; 0-based."""

    start: int
    end: int
    lines: tuple[str, ...] = ()


def block_lines(lines: Sequence[str], spec: Spec) -> range:
    """The lines that are the task's own block; a comment or docstring that becomes empty goes with it."""
    block = range(spec.span.start.line, min(spec.span.end.line + 1, len(lines)))
    if spec.body is None:
        return block
    outer = range(spec.body.start.line, min(spec.body.end.line, len(lines)))
    if spec.carrier is Carrier.LINES:
        return _with_blank(lines, block, outer, lines[block.start][: spec.span.start.column].strip(WHITE))
    return outer if spec.alone or spec.carrier in MARKDOWN else block


def removal(lines: Sequence[str], spec: Spec, language: Language) -> LineEdit:
    """The edit that takes the block away; what is left is a file that its language still reads."""
    block = block_lines(lines, spec)
    if spec.carrier is Carrier.FILE:  # a file is never deleted unasked
        return LineEdit(block.start, block.start)
    if spec.carrier not in {Carrier.BLOCK, Carrier.DOCSTRING} or spec.body is None:
        return LineEdit(block.start, block.stop)
    outer = _outer(spec.body)
    pieces = _pieces(lines, outer, language)
    if not spec.alone or not _is_whole(pieces):
        return _from_comment(lines, block, pieces)
    return _comment(lines, pieces, spec.title if spec.carrier is Carrier.DOCSTRING else "")


def is_cut(lines: Sequence[str], spec: Spec, language: Language) -> bool:
    """Whether a line that is too long to be read stands in its comment: what is known of it is a part."""
    if spec.carrier not in {Carrier.BLOCK, Carrier.DOCSTRING} or spec.body is None:
        return False
    return not _is_whole(_pieces(lines, _outer(spec.body), language))


def ticked(lines: Sequence[str], spec: Spec, numbers: Collection[int]) -> tuple[LineEdit, ...]:
    """The edits that tick these criteria, numbered from 1; one without a box stays as it is."""
    edits = []
    for number, criterion in enumerate(spec.criteria, 1):
        row, column = criterion.span.start.line, criterion.span.start.column
        bullet = BULLET.match(lines[row], column) if number in numbers else None
        box = CRITERION.match(lines[row], bullet.start("rest")) if bullet else None
        if box and not criterion.ticked:
            done = lines[row][: box.start("box")] + "x" + lines[row][box.end("box") :]
            edits.append(LineEdit(row, row + 1, (done,)))
    return tuple(edits)


def handle_edit(lines: Sequence[str], spec: Spec, handle: str) -> LineEdit:
    """The edit of the marker line that gives the spec a handle, before what closes the line."""
    row, at = spec.title_span.end.line, spec.title_span.end.column
    text = lines[row]
    return LineEdit(row, row + 1, (f"{text[:at]} (#{handle}){text[at:]}",))


def new_handle(used: Collection[str]) -> str:
    """One letter and five of a-z and 0-9 without i, l, o, u, that no other spec has."""
    while True:
        drawn = secrets.choice(LETTERS) + "".join(secrets.choice(LETTERS + "0123456789") for _ in range(5))
        if drawn not in used:
            return drawn


def _with_blank(lines: Sequence[str], block: range, outer: range, leader: str) -> range:
    """One adjoining blank comment line goes too if what remains would begin or end with it."""
    before = block.start > outer.start and _is_blank_comment(lines[block.start - 1], leader)
    after = block.stop < outer.stop and _is_blank_comment(lines[block.stop], leader)
    if after and block.start == outer.start:
        return range(block.start, block.stop + 1)
    if before and (block.stop >= outer.stop or after):
        return range(block.start - 1, block.stop)
    return block


def _is_blank_comment(line: str, leader: str) -> bool:
    return not body(line).strip(WHITE).removeprefix(leader).strip(WHITE)


def _outer(body: Span) -> range:
    """All rows of a comment."""
    return range(body.start.line, body.end.line + (body.end.column > 0))


def _is_whole(pieces: dict[int, Piece]) -> bool:
    return pieces[min(pieces)].opens and pieces[max(pieces)].closes


def _pieces(lines: Sequence[str], rows: range, language: Language) -> dict[int, Piece]:
    """The pieces of a comment; what a row is depends on all that is above."""
    pieces, state = {}, None
    for row in range(min(rows.stop, len(lines))):
        state, piece = scan(language, lines[row], state, row)
        if piece and row in rows:
            pieces[row] = piece
    return pieces


def _comment(lines: Sequence[str], pieces: dict[int, Piece], title: str) -> LineEdit:
    """Takes a whole comment away, but for what stands beside it; a docstring that is needed keeps a title."""
    first, last = min(pieces), max(pieces)
    text, opens = body(lines[first]), pieces[first]
    end = lines[first][len(text) :] or "\n"
    head, behind = text[: opens.begin], pieces[last].behind
    tail = body(lines[last])[behind:] if behind is not None else ""
    if title:
        opener = text[opens.begin : opens.column].rstrip(WHITE)
        gap = end + head if opener.startswith("@") else ""  # a heredoc's text has lines of its own
        text = f"{head}{opener}{gap}{title}.{gap}{opener[-3:]}{tail}{end}"
        return LineEdit(first, last + 1, tuple(split_lines(text)))
    rest = head + tail.lstrip(WHITE)
    return LineEdit(first, last + 1, (rest + end,) if rest.strip(WHITE) else ())


def _from_comment(lines: Sequence[str], block: range, pieces: dict[int, Piece]) -> LineEdit:
    """Lines of a comment with other text: its opener and closer stay, and one of two adjoining blank lines goes."""
    first, stop = min(pieces), block.stop
    if block.start > first and stop < len(lines) and _blank(lines[block.start - 1]) and _blank(lines[stop]):
        stop += 1
    kept = "".join(_ends_of(lines[row], pieces[row]) for row in block if row in pieces)
    return LineEdit(block.start, block.stop if kept else stop, tuple(split_lines(kept)))


def _ends_of(line: str, piece: Piece) -> str:
    """What of one of the block's own lines must stay: an opener and a closer, each on a line."""
    text = body(line)
    end, kept = line[len(text) :], ""
    if piece.opens:
        kept += text[: piece.column].rstrip(WHITE) + end
    if piece.closes:
        indent = text[: len(text) - len(text.lstrip(WHITE))]
        kept += indent + text[piece.column + len(piece.text) :].lstrip(WHITE) + end
    return kept


def _blank(line: str) -> bool:
    return not body(line).strip(WHITE + "*")
