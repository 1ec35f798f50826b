"""Specs made of what stands there already: a TODO, a comment, a part of a Markdown page. Every word is kept.

What nobody has said is a `‹…›`, so the spec can't be queued before somebody says it.
"""

import re
from collections.abc import Iterator, Sequence

from specwright.spec.document import Document
from specwright.spec.grammar import CRITERION
from specwright.spec.lines import body
from specwright.spec.markdown import FENCE, HEADING, SETEXT, without_signs
from specwright.spec.model import Carrier, Point, Span
from specwright.spec.offers import OPEN_CRITERION
from specwright.spec.place import line_prefix, place_at, spec_around
from specwright.spec.rewrite import TITLE, text_end
from specwright.spec.rules.rule import Edit, Fix

TODO = re.compile(r"@?(?:TODO|FIXME|XXX|HACK)\b(?:\([^)]*\))?[:!,\s-]*(?P<text>.*)", re.S)
TAG = re.compile(r"^(?:\[[^\]]*\]\s*)+(?=\S)")
"""`[bug]` in front of an issue's title."""
SENTENCE = re.compile(r"(?P<first>.+?[^.\s])\.\s+(?P<rest>\S.*)", re.S)
BOX = re.compile(r"[-*+][ \t]+(?P<rest>\\?\[.*)")
ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?P<text>\S.*)")
EXPECTED = re.compile(r"expect", re.I)
LONGEST = 72
MOST_LINES = 40
"""Of a comment that become a goal."""


def from_comment(document: Document, first: int, last: int, is_selected: bool) -> Fix | None:
    """The comment lines of a TODO, or of a selection in one comment, as a spec in the same comment."""
    place = place_at(document, first, _text_start(document, first))
    piece = document.piece(first) if first < len(document.rows) else None
    if piece is None and not is_selected:
        return _from_behind_code(document, first)
    if place is None or piece is None or _is_in_spec(document, first) or not piece.text:
        return None
    todo = TODO.match(piece.text)
    if not (todo or is_selected):
        return None
    last = _end(document, first, last if is_selected else len(document.rows) - 1)
    title, rest = _title(todo["text"] if todo else piece.text)
    prefix = line_prefix(document, first, piece)
    head = [] if place.may_begin else [""]
    lines = [*head, f"{document.words[0]} {title}", *([rest] if rest else [])]
    begin = Edit(Span(Point(first, piece.column), text_end(document, first)), f"\n{prefix}".join(lines))
    end = [OPEN_CRITERION, *([f"/{document.words[0]}"] if _goes_on(document, last) else [])]
    tail = "".join(f"\n{prefix}{line}" for line in end)
    if last == first:
        return Fix(_named(todo is not None), (Edit(begin.span, begin.text + tail),))
    at = text_end(document, last)
    return Fix(_named(todo is not None), (begin, Edit(Span(at, at), tail)))


def _from_behind_code(document: Document, row: int) -> Fix | None:
    """A TODO at the end of a line of code becomes a spec above that line."""
    at = document.behind_code(row) if row < len(document.rows) else None
    line = body(document.rows[row]) if at is not None else ""
    leader = max((sign for sign in document.language.row.leaders if line.startswith(sign, at)), key=len, default="")
    todo = TODO.match(line[at or 0 :].removeprefix(leader).strip())
    if not leader or not todo:
        return None
    above = document.piece(row - 1) if row else None
    title, rest = _title(todo["text"])
    prefix = line[: len(line) - len(line.lstrip())] + leader
    head = [""] if above and above.carrier is Carrier.LINES and above.text else []
    lines = [*head, f"{document.words[0]} {title}", *([rest] if rest else []), OPEN_CRITERION]
    spec = "".join(f"{prefix} {text}".rstrip() + "\n" for text in lines)
    code = len(line[:at].rstrip())
    gone = Edit(Span(Point(row, code), Point(row, len(line))), "")
    return Fix(_named(True), (Edit(Span(Point(row, 0), Point(row, 0)), spec), gone))


def from_markdown(document: Document, first: int, last: int) -> Fix | None:
    """Selected lines of a Markdown page as a section, or as a fence where more text of their section follows."""
    rows = [body(row) for row in document.rows]
    while first <= last and not rows[first].strip():
        first += 1
    while last > first and not rows[last].strip():
        last -= 1
    if first > last or any(_is_in_spec(document, row) for row in (first, last)):
        return None
    heading = HEADING.match(rows[first])
    text = without_signs(heading["text"] or "") if heading else rows[first].strip()
    title, rest = _title(TAG.sub("", text))
    level = len(heading["signs"]) if heading else min(6, _level_above(rows, first) + 1)
    lines = [*([rest] if rest else []), *_expected(rows[first + 1 : last + 1])]
    if not _ends_section(rows, last, level):
        made = _fence(title, _criteria(_bulleted(lines)))
    else:
        made = [f"{'#' * level} {document.words[0]} {title}", "", *_criteria(_deepened(lines, level))]
    span = Span(Point(first, 0), Point(last, len(rows[last])))
    return Fix(_named(False), (Edit(span, "\n".join(made)),))


def _named(is_todo: bool) -> str:
    return f"Turn this {'TODO' if is_todo else 'text'} into a spec"


def _title(text: str) -> tuple[str, str]:
    """A title of at most 72 characters and what is left for the goal; the whole text, where no sentence is so short."""
    text = text.strip()
    found = SENTENCE.fullmatch(text)
    first, rest = (found["first"], found["rest"]) if found else (text.rstrip(". "), "")
    may_begin = first[:1].isalpha() or first[:1].isdecimal() or first[:1] in tuple("\"'`‹")
    return (first, rest) if first and may_begin and len(first) <= LONGEST else (TITLE, text)


def _text_start(document: Document, row: int) -> int:
    piece = None if document.language.markdown or row >= len(document.rows) else document.piece(row)
    return piece.column if piece else 0


def _is_in_spec(document: Document, row: int) -> bool:
    spec = spec_around(document, row)
    return spec is not None and spec.span.start.line <= row <= spec.span.end.line


def _end(document: Document, first: int, most: int) -> int:
    """The last line of the paragraph of a comment that begins at a row, at most up to another."""
    last, most = first, min(most, first + MOST_LINES)
    while last < most and _goes_on(document, last) and not TODO.match(_text(document, last + 1)):
        last += 1
    return last


def _goes_on(document: Document, row: int) -> bool:
    """Whether the next line is text of the same comment."""
    if row + 1 >= len(document.rows):
        return False
    here, below = document.piece(row), document.piece(row + 1)
    if here is None or below is None or (here.carrier, here.leader) != (below.carrier, below.leader):
        return False
    return bool(below.text) and (here.carrier is Carrier.LINES or not (here.closes or below.opens))


def _text(document: Document, row: int) -> str:
    piece = document.piece(row)
    return piece.text if piece else ""


def _level_above(rows: Sequence[str], first: int) -> int:
    return next((len(found["signs"]) for row in reversed(rows[:first]) if (found := HEADING.match(row))), 1)


def _ends_section(rows: Sequence[str], last: int, level: int) -> bool:
    """Whether nothing follows that a section of this level would take in."""
    following = next((row for row in rows[last + 1 :] if row.strip()), None)
    heading = HEADING.match(following) if following is not None else None
    return following is None or (heading is not None and len(heading["signs"]) <= level)


def _deepened(lines: Sequence[str], level: int) -> list[str]:
    """The same lines with headings below the level, whatever signs they were made with."""
    found = list(_outside_fences(lines))
    levels = [len(h["signs"]) for line, is_text in found if is_text and (h := HEADING.match(line))]
    deeper = max(0, level + 1 - min(levels, default=level + 1))
    made: list[str] = []
    for line, is_text in found:
        heading = HEADING.match(line) if is_text else None
        if heading:
            made.append(f"{'#' * min(6, len(heading['signs']) + deeper)} {heading['text'] or ''}".rstrip())
        elif is_text and SETEXT.match(line) and made and made[-1].strip():
            made[-1] = f"{'#' * min(6, level + 1)} {made[-1].strip()}"
        else:
            made.append(line)
    return made


def _expected(lines: Sequence[str]) -> Iterator[str]:
    """The same lines; what an issue says is expected becomes criteria: a paragraph one, of a list each item."""
    wanted = False
    for line, is_text in _outside_fences(lines):
        heading = HEADING.match(line) if is_text else None
        item = ITEM.match(line)
        if heading:
            wanted = EXPECTED.match(heading["text"] or "") is not None
        elif wanted and is_text and line.strip():
            wanted = item is not None
            yield f"- [ ] {item['text'] if item else line.strip()}" if not BOX.match(line.strip()) else line
            continue
        yield line


def _bulleted(lines: Sequence[str]) -> list[str]:
    """The same lines without heading signs, which mean nothing in a fence."""
    return [
        f"- note: {heading['text']}" if is_text and (heading := HEADING.match(line)) and heading["text"] else line
        for line, is_text in _outside_fences(lines)
    ]


def _outside_fences(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    sign = ""
    for line in lines:
        fence = FENCE.match(line)
        was = sign
        if fence and not sign:
            sign = fence["fence"]
        elif fence and fence["fence"].startswith(sign):
            sign = ""
        yield line, not (was or sign)


def _criteria(lines: list[str]) -> list[str]:
    """With a criterion to fill in, where the text has none."""
    boxes = (BOX.match(line.strip()) for line, is_text in _outside_fences(lines) if is_text)
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    has_one = any(found and CRITERION.match(found["rest"]) for found in boxes)
    return lines if has_one else [*lines, *([""] if lines else []), OPEN_CRITERION]


def _fence(title: str, lines: Sequence[str]) -> list[str]:
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    sign = "`" * max(3, longest + 1) if "`" not in title else "~" * 3
    return [f"{sign}spec {title}", *lines, sign]
