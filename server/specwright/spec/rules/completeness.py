"""Rules about what a spec has to say at all: 1xx."""

import re
from collections.abc import Iterator

from specwright.spec.model import Problem, Severity, Span
from specwright.spec.rules.look import Look

PLACEHOLDER = re.compile(r"‹[^›]*›|\?\?\?|\[NEEDS CLARIFICATION:?[^\]]*\]")
UNDECIDED = re.compile(r"^(?:TBD|TODO|TBC)\.?$", re.I)


def no_criterion(look: Look) -> Iterator[Problem]:
    """SPEC101."""
    if not look.spec.criteria:
        message = "No acceptance criterion. Add at least one '- [ ]' line that a test or a person can decide."
        yield Problem("SPEC101", Severity.ERROR, message, look.spec.title_span)


def unresolved(look: Look) -> Iterator[Problem]:
    """SPEC108: a placeholder anywhere, or a value that is nothing but TBD, TODO or TBC."""
    for span, text in look.matches(PLACEHOLDER):
        yield _unresolved(text, span)
    for value, span in [(f.value, f.span) for f in look.spec.fields] + [(c.text, c.span) for c in look.spec.criteria]:
        if UNDECIDED.match(value):
            yield _unresolved(value, span)
    if UNDECIDED.match(look.spec.goal) or UNDECIDED.match(look.spec.title):
        yield _unresolved(look.spec.goal or look.spec.title, look.spec.title_span)


def _unresolved(text: str, span: Span) -> Problem:
    return Problem("SPEC108", Severity.ERROR, f"Unresolved: {text}. The agent cannot ask you.", span)
