"""The problems that the parser itself sees: SPEC001, SPEC003, SPEC005, SPEC007, SPEC011."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from specwright.spec.after import stray
from specwright.spec.grammar import ONCE
from specwright.spec.model import Carrier, Point, Problem, Severity, Span
from specwright.spec.runs import Logical, Run
from specwright.spec.tokens import located_tokens

if TYPE_CHECKING:
    from specwright.spec.builder import Part

PRIORITIES = ("high", "normal", "low")
BUDGET = re.compile(r"\d+(?:\.\d+)?\s*(?:min|m|h)|\$\d+(?:\.\d+)?|\d+\s+changed lines|\d+k?\s+tokens")
ALLOW = re.compile(r"SPEC\d{3}\s+\S")
BEHIND = "behind"
ODD = "odd"
NO_HEADING = "no heading"
TEMPLATE = re.compile(r"[a-z0-9-]+")


def no_title(line: Logical, word: str) -> Problem:
    """SPEC001: the marker word alone, or the signs of a heading."""
    start, end = max(0, line.column), line.column + (line.unsaid or len(word))
    span = Span(Point(line.row, start), Point(line.row, end))
    return Problem("SPEC001", Severity.WARNING, "Spec has no title. Name the change in at most 72 characters.", span)


def odd_marker(line: Logical) -> Problem:
    """SPEC001: a line that is nearly a marker line, with criteria below."""
    span = Span(Point(line.row, line.column + line.unsaid), Point(line.row, line.column + len(line.text)))
    title = "a title begins with a letter, a digit or a quote."
    message = f"No spec begins here: {'' if line.unsaid else 'write the marker word, a space and a title; '}{title}"
    return Problem("SPEC001", Severity.WARNING, message, span, (ODD,))


def no_heading(line: Logical) -> Problem:
    """SPEC001: a file that should be one spec, and has no title."""
    span = Span(Point(line.row, line.column), Point(line.row, line.column + len(line.text)))
    message = "No spec begins here: the title of this file is its first heading of level 1, as in '# Sort imports'."
    return Problem("SPEC001", Severity.WARNING, message, span, (NO_HEADING,))


def in_prose(marker: Logical) -> Problem:
    """SPEC007: a marker line inside running text, with bullets below."""
    span = Span(Point(marker.row, marker.column), Point(marker.row, marker.column + len(marker.text)))
    return Problem("SPEC007", Severity.INFO, "Add a blank comment line above to start a spec here.", span)


def behind_end(line: Logical) -> Problem:
    """SPEC007: a criterion or a field in the same comment, behind the prose that ended the spec above."""
    span = Span(Point(line.row, line.column), Point(line.row, line.column + len(line.text)))
    message = "This is no part of the spec above, which what stands between them ended. Move this up, or that away."
    return Problem("SPEC007", Severity.INFO, message, span, (BEHIND,))


OPEN_SPAN = "code span"
"""What a SPEC003 holds that is about a check, not about the whole block."""
TWICE = "given twice"
"""What a SPEC005 holds that is about a second field, not about a value."""
OUTSIDE = "outside"
"""What one holds that is about a path, before the key of its field."""


def unclosed_check(span: Span) -> Problem:
    """SPEC003: a code span after `check:` that does not end."""
    return Problem("SPEC003", Severity.ERROR, "The code span after 'check:' is not closed.", span, (OPEN_SPAN,))


def of_fields(fields: Sequence["Part"], markdown: bool) -> list[Problem]:
    """SPEC005: a single field given twice, or a value that its key does not take."""
    problems = []
    seen: set[str] = set()
    for part in fields:
        if part.key in ONCE and part.key in seen:
            problems.append(replace(_bad(part.span, f"'{part.key}' is given twice."), data=(TWICE,)))
        seen.add(part.key)
        if wrong := _wrong_value(part.key, part.text):
            problems.append(_bad(part.span, wrong))
        if part.key in {"files", "see"}:
            problems += _outside(part, markdown)
    return problems


def of_carrier(run: Run, lines: Sequence[Logical], language: str, marker: Span) -> list[Problem]:
    """SPEC003 for a carrier that does not end, SPEC011 for text that ends or nests its own comment."""
    problems = []
    if run.unclosed:
        sentence = "The block is not closed; everything to the end of the file would be part of it."
        problems.append(Problem("SPEC003", Severity.ERROR, sentence, marker))
    if run.carrier in {Carrier.BLOCK, Carrier.DOCSTRING}:
        problems += [_breaks(line, line.broken, language) for line in lines if line.broken]
    return problems


def _breaks(line: Logical, broken: tuple[int, int, str], language: str) -> Problem:
    start, end, sign = broken
    sentence = f"'{sign}' ends or nests the comment in {language}. Write 'src/...' for a glob, or use line comments."
    return Problem("SPEC011", Severity.ERROR, sentence, Span(Point(line.row, start), Point(line.row, end)))


def _wrong_value(key: str, value: str) -> str | None:
    if key == "priority" and value not in PRIORITIES:
        return f"'{value}' is not one of {', '.join(PRIORITIES)}."
    if key == "budget" and not all(BUDGET.fullmatch(entry.strip()) for entry in value.split(",")):
        return f"'{value}' is not one of 15 min, 2 h, $2, 200 changed lines, 300k tokens."
    if key == "template" and not TEMPLATE.fullmatch(value):
        return f"'{value}' is not one of the files of .specs/templates/."
    if key == "allow" and not ALLOW.match(value):
        return f"'{value}' is not a code with a reason behind it. Write one code to a line: SPEC105 why it may be so."
    if key == "after" and (word := stray(value)):
        return f"'{word}' is not one of: another handle, or 'stacked' behind one. A title stands alone."
    return None


def _outside(part: "Part", markdown: bool) -> Iterator[Problem]:
    """The tokens that are no path of the repository."""
    for token, start, end in located_tokens(part.text, markdown):
        path = token.strip("`").removeprefix("!")
        is_outside = path.startswith(("/", "~")) or ".." in path.split("#")[0].split("/")
        if is_outside and "://" not in path:
            message = (
                f"'{path}' is not one of the paths of this repository: write them relative to its root, without '..'."
            )
            yield replace(_bad(part.written.span(start, end), message), data=(OUTSIDE, part.key))


def _bad(span: Span, message: str) -> Problem:
    return Problem("SPEC005", Severity.ERROR, message, span)
