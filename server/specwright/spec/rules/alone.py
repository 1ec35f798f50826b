"""Rules that look at one spec alone: SPEC101, SPEC108, SPEC502, SPEC503, SPEC504."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from specwright.config import shell
from specwright.spec.lines import body
from specwright.spec.model import Point, Problem, Severity, Span, Spec

PLACEHOLDER = re.compile(r"‹[^›]*›|\?\?\?|\[NEEDS CLARIFICATION:?[^\]]*\]")
UNDECIDED = re.compile(r"^(?:TBD|TODO|TBC)\.?$", re.I)
SECRETS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})"),
    "GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "Anthropic API key": re.compile(r"\bsk-ant-[A-Za-z0-9_-]{20,}"),
    "OpenAI API key": re.compile(r"\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}"),
    "Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    "Google API key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
}
"""Key patterns that are known; the names are told to the user."""
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
    """SPEC502: what looks like a key of a known kind."""
    for kind, pattern in SECRETS.items():
        for span, _ in _matches(spec, lines, pattern):
            message = f"This looks like a {kind}. Specs are sent to the model and stored in git."
            yield Problem("SPEC502", Severity.ERROR, message, span)


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
