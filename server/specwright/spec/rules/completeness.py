"""Rules about what a spec has to say at all: 1xx."""

import re
from collections.abc import Iterator

from specwright.spec.languages import language_of
from specwright.spec.model import Problem, Severity, Span
from specwright.spec.rules import words
from specwright.spec.rules.look import Look, Statement
from specwright.spec.scope import spelled
from specwright.spec.tokens import tokens

PLACEHOLDER = re.compile(r"‹[^‹›]*›|\?\?\?|\[NEEDS CLARIFICATION\b(?:[^\[\]]*\])?")
UNDECIDED = re.compile(r"^(?:TBD|TODO|TBC)\.?$", re.I)
NEAR_CHECK = re.compile(r"(?:(?<![\w-])(?=c)|^|(?<=[,;.] ))(?P<word>checks?|Checks?|CHECKS?)\s*:")
"""With a capital, in the middle of a sentence, it is the end of a heading: `Health Check: …`."""
NO_COLON = re.compile(r"[,;(]\s*(?P<word>checks?)\s+(?=`)", re.I)
BEHIND_CHECK = re.compile(r"check:\s+`[^`]+`\s*[^\s.]")
NEAR = "near"
ASKS = re.compile(r"(?<!\?)\?$")
MANY_CRITERIA, MANY_TREES = 4, 2
"""From so many on a spec is large enough to say what it is not about."""


def no_criterion(look: Look) -> Iterator[Problem]:
    """SPEC101: the spec has no acceptance criterion."""
    if not look.spec.criteria:
        message = "No acceptance criterion. Add at least one '- [ ]' line that a test or a person can decide."
        yield Problem("SPEC101", Severity.ERROR, message, look.spec.title_span)


def no_goal(look: Look) -> Iterator[Problem]:
    """SPEC102: the spec has no goal."""
    if not look.spec.goal:
        message = "Say what should be true afterwards and why, in one or two sentences."
        yield Problem("SPEC102", Severity.WARNING, message, look.spec.title_span)


def unverifiable(look: Look) -> Iterator[Problem]:
    """SPEC103: nothing in a criterion can be observed."""
    for criterion in look.spec.criteria:
        if not (criterion.check or criterion.manual or _can_be_observed(criterion.text)):
            message = (
                "Nothing observable in this criterion. "
                "State input and result, or add 'check: `cmd`' or 'check: manual'."
            )
            yield Problem("SPEC103", Severity.INFO, message, criterion.span)


def no_command(look: Look) -> Iterator[Problem]:
    """SPEC104: no criterion is checked by a command."""
    criteria = look.spec.criteria
    near = [problem for statement in look.of("criterion") for problem in near_check(statement)]
    yield from near
    if criteria and not near and not any(criterion.check for criterion in criteria):
        message = "No criterion can be checked by a command; every result will need manual review."
        yield Problem("SPEC104", Severity.INFO, message, look.spec.title_span)


def near_check(statement: Statement) -> Iterator[Problem]:
    """What looks like the check of a criterion, and is read as a part of its text."""
    found = NEAR_CHECK.search(statement.plain) or NO_COLON.search(statement.text)
    if found and statement.text.count("`") % 2 == 0:
        is_followed = BEHIND_CHECK.match(statement.text, found.start("word"))
        why = "Because of what stands behind it" if is_followed else "As it stands"
        message = f"{why}, this is not read as a check. End the criterion with: check: `command`, or: check: manual."
        yield Problem("SPEC104", Severity.WARNING, message, statement.span(found.start("word"), found.end()), (NEAR,))


def no_scope(look: Look) -> Iterator[Problem]:
    """SPEC105: the spec does not say what may be changed."""
    tree = look.facts.tree
    if tree is None or any(not token.startswith("!") for token in tokens(look.spec, "files")):
        return
    if language_of(look.path).markdown:
        message = "No scope. The agent may change any file."
        yield Problem("SPEC105", Severity.WARNING, message, look.spec.title_span)
    else:
        checks = " ".join(criterion.check or "" for criterion in look.spec.criteria)
        new = {path for word in checks.split() if (path := word.partition("::")[0]) in look.scope.patterns}
        found = sorted({look.path, *tree.within(look.scope), *new})
        message = f"Scope here: {' '.join(found)}."
        yield Problem("SPEC105", Severity.INFO, message, look.spec.title_span, tuple(found))


def no_failure(look: Look) -> Iterator[Problem]:
    """SPEC106: nothing is said about bad input or failure."""
    said = list(look.of("title", "goal", "criterion"))
    if any(True for _ in look.fields("error")) or any(words.SAYS_FAILURE.search(s.text) for s in said):
        return
    if any(words.HANDLES_INPUT.search(statement.plain) for statement in said):
        yield Problem("SPEC106", Severity.INFO, "What happens on bad input or failure?", look.spec.title_span)


def no_limit(look: Look) -> Iterator[Problem]:
    """SPEC107: a large spec has no non-goal."""
    trees = [t for t in tokens(look.spec, "files") if t[0] != "!" and spelled(t).endswith("/")]
    large = len(look.spec.criteria) >= MANY_CRITERIA or len(trees) >= MANY_TREES
    if large and not any(True for _ in look.fields("not")):
        message = "Consider one non-goal: it stops the agent from filling the gap."
        yield Problem("SPEC107", Severity.HINT, message, look.spec.title_span)


def unresolved(look: Look) -> Iterator[Problem]:
    """SPEC108: a placeholder anywhere, or a value that is nothing but TBD, TODO or TBC."""
    for statement in look.statements:
        for found in PLACEHOLDER.finditer(statement.written.text):
            yield _unresolved(found[0], statement.span(*found.span()))
        if UNDECIDED.match(statement.text):
            yield _unresolved(statement.text, statement.span())
    for field in look.spec.fields:
        if not field.value and field.key not in {"allow", "note"}:
            message = f"'{field.given or field.key}:' says nothing. Give it a value, or remove the line."
            yield Problem("SPEC108", Severity.WARNING, message, field.span)


def question(look: Look) -> Iterator[Problem]:
    """SPEC109: there is a question."""
    for statement in look.of("title", "goal", "criterion", "error", "must", "not"):
        if "?" in statement.plain:
            for start, sentence in statement.sentences:
                if ASKS.search(sentence):
                    message = "The agent cannot answer a question. Decide, or move it to a note."
                    yield Problem("SPEC109", Severity.WARNING, message, statement.span(start, start + len(sentence)))


def no_signature(look: Look) -> Iterator[Problem]:
    """SPEC110: `api:` is no signature."""
    for field in look.fields("api"):
        if field.value and not words.TYPED.search(field.value):
            yield Problem("SPEC110", Severity.HINT, "Give the full signature.", field.span)


def _can_be_observed(text: str) -> bool:
    given = words.INPUT.search(text)
    has_result = given is not None and words.RESULT.search(text, given.end()) is not None
    return has_result or bool(words.OBSERVABLE.search(text) or words.STATUS.search(text))


def _unresolved(text: str, span: Span) -> Problem:
    return Problem("SPEC108", Severity.ERROR, f"Unresolved: {text}. The agent cannot ask you.", span, (text,))
