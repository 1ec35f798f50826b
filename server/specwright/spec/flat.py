"""A file that is one spec, written with bullets in place of headings, without loss."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from specwright.spec.document import Document
from specwright.spec.grammar import SECTIONS
from specwright.spec.lines import body
from specwright.spec.markdown import ITEM, RULE, SETEXT, markdown_runs
from specwright.spec.model import Carrier, Criterion, Field, Point, Span, Spec
from specwright.spec.rewrite import as_lines
from specwright.spec.rules.rule import Edit


def flat(document: Document, spec: Spec) -> tuple[Edit, ...]:
    """Sections of nothing but a field become bullets, others stay below them; none where that says another thing."""
    rows = [body(row) for row in document.rows]
    top, *sections = _sections(document, rows, spec)
    said = _said(spec)
    fields = [section for section in sections if _is_field(rows, section, said)]
    kept = [section for section in sections if section not in fields]
    start, end = (Point(at, len(rows[at])) for at in (top.start - 1, (sections or [top])[-1].stop - 1))
    parts = [_block(rows, top), *_bullets(rows, spec, top, fields), *(_block(rows, section) for section in kept)]
    text = "".join("\n" + "\n".join(["", *part]) for part in parts if part)
    made = [*rows[: start.line], *(rows[start.line] + text).split("\n"), *rows[end.line + 1 :]]
    again = Document([f"{row}\n" for row in made], document.language, document.words, may_be_file=True)
    return (Edit(Span(start, end), text),) if fields and again.specs == (spec,) else ()


def _sections(document: Document, rows: Sequence[str], spec: Spec) -> list[range]:
    """The rows below the title, and below each heading with it; blank ones at the end are in none."""
    runs = markdown_runs(document.rows, document.words, True)
    run = next(run for run in runs if run.carrier is Carrier.FILE and run.lines[0].row == spec.span.start.line)
    last = max(row for row in range(run.lines[0].row, run.last + 1) if rows[row].strip())
    starts = [line.row for line in run.lines if line.level]
    return [range(a, b) for a, b in pairwise([run.lines[0].row + 1, *starts, last + 1])]


def _parts(spec: Spec) -> tuple[Criterion | Field, ...]:
    return (*spec.criteria, *spec.fields)


def _said(spec: Spec) -> set[int]:
    """The rows of which each word belongs to a part of the spec."""
    parts = _parts(spec)
    pieces = [*spec.goal_written.pieces, *(piece for part in parts for piece in part.written.pieces)]
    return {row for row, _, _ in pieces} | {part.span.start.line for part in parts}


def _is_field(rows: Sequence[str], section: range, said: set[int]) -> bool:
    """Whether the heading names a field, and nothing below it is an example, a comment or a picture of code."""
    under = section.start + 1
    is_setext = len(section) > 1 and under not in said and SETEXT.match(rows[under]) is not None
    heading = rows[section.start].strip().strip("#").strip().casefold()
    rest = section[2:] if is_setext else section[1:]
    return " ".join(heading.split()) in SECTIONS and all(
        row in said or not rows[row].strip() or RULE.match(rows[row]) for row in rest
    )


def _bullets(rows: Sequence[str], spec: Spec, top: range, fields: Iterable[range]) -> list[list[str]]:
    """The goal that stands in sections, and the bullets of the others."""
    gone = {row for section in fields for row in section}
    goal = [text for row, _, text in spec.goal_written.pieces if row in gone]
    bullets = [*as_lines(part for part in _parts(spec) if part.span.start.line in gone)]
    if goal and any(ITEM.match(rows[row].lstrip()) for row in top):  # prose below bullets is a note
        return [[f"- goal: {' '.join(goal)}", *bullets]]
    return [goal, bullets]


def _block(rows: Sequence[str], section: range) -> list[str]:
    """The rows of a section without blank ones around them."""
    text = "\n".join(rows[section.start : section.stop]).strip("\n")
    return text.split("\n") if text.strip() else []
