"""Rules that look at one spec alone: SPEC101, SPEC108, SPEC502, SPEC503, SPEC504."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from specwright.config import shell
from specwright.leaks.find import find
from specwright.spec.lines import body
from specwright.spec.model import Point, Problem, Severity, Span, Spec

PLACEHOLDER = re.compile(r"‹[^›]*›|\?\?\?|\[NEEDS CLARIFICATION:?[^\]]*\]")
UNDECIDED = re.compile(r"^(?:TBD|TODO|TBC)\.?$", re.I)
DANGEROUS = re.compile(r"\$\(|\bcurl\b|\bwget\b|\bsudo\b|\brm\s+-[a-z]*[rf][a-z]*\b")
"""What no check needs, quoted or not."""
INVISIBLE = {"\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180e", "\u3164", "\uffa0"}


def no_criterion(spec: Spec, _lines: Sequence[str]) -> Iterator[Problem]:
    """SPEC101."""
    if not spec.criteria:
        message = "No acceptance criterion. Add at least one '- [ ]' line that a test or a person can decide."
        yield Problem("SPEC101", Severity.ERROR, message, spec.title_span)


def unresolved(spec: Spec, lines: Sequence[str]) -> Iterator[Problem]:
    """SPEC108: a placeholder anywhere, or a value that is nothing but TBD, TODO or TBC."""
    for span, text in _matches(spec, lines, PLACEHOLDER):
        yield _unresolved(text, span)
    for value, span in [(f.value, f.span) for f in spec.fields] + [(c.text, c.span) for c in spec.criteria]:
        if UNDECIDED.match(value):
            yield _unresolved(value, span)
    if UNDECIDED.match(spec.goal) or UNDECIDED.match(spec.title):
        yield _unresolved(spec.goal or spec.title, spec.title_span)


def secret(spec: Spec, lines: Sequence[str]) -> Iterator[Problem]:
    """SPEC502: what has the format of a key, and as a warning what only looks like a secret."""
    rows = list(_rows(spec, lines))
    for leak in find("\n".join(" " * start + text[start:] for _, text, start in rows)):
        severity = Severity.ERROR if leak.sure else Severity.WARNING
        message = f"This looks like a secret ({leak.kind}). Specs are sent to the model and stored in git."
        row, column = rows[leak.line - 1][0], leak.column - 1
        end = min(column + leak.end - leak.start, len(rows[leak.line - 1][1]))
        yield Problem("SPEC502", severity, message, Span(Point(row, column), Point(row, end)))


def invisible(spec: Spec, lines: Sequence[str]) -> Iterator[Problem]:
    """SPEC503: characters that a reviewer does not see and a model reads."""
    for row, text, start in _rows(spec, lines):
        for column, character in enumerate(text[start:], start):
            if not character.isascii() and _is_invisible(character):
                span = Span(Point(row, column), Point(row, column + 1))
                code = f"U+{ord(character):04X}"
                message = f"Invisible character {code}: reviewers and the model would read different text."
                yield Problem("SPEC503", Severity.ERROR, message, span, (code,))


def shell_in_check(spec: Spec, _lines: Sequence[str]) -> Iterator[Problem]:
    """SPEC504: a check that wants a shell, or does more than check."""
    for criterion in spec.criteria:
        command = criterion.check or ""
        if shell.operator(command) or DANGEROUS.search(command):
            message = "A check is a single command run in the worktree. Name a task of the project instead."
            yield Problem("SPEC504", Severity.ERROR, message, criterion.span)


def _unresolved(text: str, span: Span) -> Problem:
    return Problem("SPEC108", Severity.ERROR, f"Unresolved: {text}. The agent cannot ask you.", span)


def _matches(spec: Spec, lines: Sequence[str], pattern: re.Pattern[str]) -> Iterator[tuple[Span, str]]:
    for row, text, start in _rows(spec, lines):
        for match in pattern.finditer(text, start):
            yield Span(Point(row, match.start()), Point(row, match.end())), match[0]


def _rows(spec: Spec, lines: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Row, text and first column of each line of a spec."""
    first, last = spec.span.start.line, spec.span.end.line
    for row in range(first, min(last + 1, len(lines))):
        yield row, body(lines[row]), spec.span.start.column if row == first else 0


def _is_invisible(character: str) -> bool:
    if character in INVISIBLE:
        return True
    point = ord(character)
    is_selector = 0xFE00 <= point <= 0xFE0F
    return unicodedata.category(character) in {"Cf", "Co", "Cn"} and character != "\ufeff" and not is_selector
