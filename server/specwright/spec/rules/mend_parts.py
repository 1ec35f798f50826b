"""Quick fixes of 1xx."""

import re
from collections.abc import Iterator

from specwright.spec.grammar import Kind, classify
from specwright.spec.languages import language_of
from specwright.spec.model import Criterion, Field, Problem, Span
from specwright.spec.offers import quoted
from specwright.spec.rules import mending
from specwright.spec.rules.look import Look
from specwright.spec.rules.paths import mentions
from specwright.spec.rules.rule import Edit, Fix

NEW_CRITERION = "- [ ] ‹observable result›, check: `‹command›`"
UNTICKED = re.compile(r"check:\s+(?P<said>[‘'“\"]?(?P<command>[\w./][^`‘’“”\"']{0,300}[^`‘’“”\"'\s.])[’'”\"]?\.?)$")
DECIDE = re.compile(r"^(?:\?\?\?|TBD|TODO|TBC|\[NEEDS)", re.I)


def add_criterion(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC101: the spec has no acceptance criterion."""
    return mending.one("Add a first criterion", mending.insert(look, mending.head_end(look), NEW_CRITERION))


def add_goal(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC102: the spec has no goal."""
    text = "‹What is true afterwards, and why.›"
    return mending.one("Add a goal", mending.insert(look, mending.marker_end(look), text))


def add_check(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC103: nothing in a criterion can be observed."""
    criterion = next((found for found in look.spec.criteria if found.span == problem.span), None)
    if criterion and mending.takes_check(criterion):
        yield Fix("Add a check", (_check(criterion, "`‹command›`"),))
        yield Fix("Say that a person checks it", (_check(criterion, "manual"),))


def pick_command(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC104: of a check that is not read as one, a command at the end lacks its back-ticks."""
    if problem.data:
        yield from _ticked(look, problem)
        return
    criterion = next((found for found in look.spec.criteria if mending.takes_check(found)), None)
    for command in (look.facts.commands or ()) if criterion else ():
        if criterion and "`" not in command:
            yield Fix(
                f"Check AC{look.spec.criteria.index(criterion) + 1} by `{command}`",
                (_check(criterion, f"`{command}`"),),
            )


def _ticked(look: Look, problem: Problem) -> Iterator[Fix]:
    for statement in look.of("criterion"):
        found = UNTICKED.search(statement.text)
        if found and statement.span(found.start()).start == problem.span.start:
            edit = Edit(statement.span(found.start("said")), f"`{found['command']}`")
            yield Fix(f"Put '{found['command']}' in back-ticks", (edit,))


def add_files(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC105: the spec does not say what may be changed."""
    guess = list(problem.data) or _mentioned(look)
    value = " ".join(quoted(path, look.spec.carrier) for path in guess) or "‹paths›"
    return mending.one("Add 'files'", mending.insert(look, mending.end(look), f"- files: {value}"))


def add_error(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC106: nothing is said about bad input or failure."""
    return mending.one("Add 'error'", mending.insert(look, mending.end(look), "- error: IF ‹condition› THEN ‹result›"))


def add_non_goal(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC107: a large spec has no non-goal."""
    return mending.one("Add 'not'", mending.insert(look, mending.end(look), "- not: ‹what stays as it is›"))


def decide(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC108: something is unresolved."""
    part, span = _part(look, problem.span), problem.span
    end = part.written.point(len(part.text if isinstance(part, Criterion) else part.value)) if part else span.start
    if part and span in {part.span, Span(part.written.point(0), end)}:
        yield Fix("Remove the line", (mending.delete(look, part.span),))
    elif part and end < span.start:
        yield Fix("Remove the check", (Edit(Span(end, part.span.end), ""),))
    elif not _is_title(look, span):
        yield Fix("Remove", (mending.cut(look, span),))
    if problem.data and DECIDE.match(problem.data[0]):
        yield Fix("Turn into a decision", (Edit(span, "‹decision›"),))


def to_note(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC109: there is a question."""
    part = _part(look, problem.span)
    if part:
        yield Fix("Move to a note", (Edit(Span(part.span.start, part.written.point(0)), "- note: "),))
    elif look.spec.goal and not _is_title(look, problem.span):
        statement = mending.statement_at(look, problem.span)
        text = _said(statement.text, look, problem.span) if statement else ""
        if text and classify(f"- note: {text}", (look.spec.word,)).kind is Kind.FIELD:
            edits = (mending.cut(look, problem.span), mending.insert(look, mending.end(look), f"- note: {text}"))
            if edits[0].span.end <= edits[1].span.start and edits[0].span.end != edits[1].span.start:
                yield Fix("Move to a note", edits)


def _check(criterion: Criterion, what: str) -> Edit:
    return Edit(Span(criterion.span.end, criterion.span.end), f", check: {what}")


def _mentioned(look: Look) -> list[str]:
    """The files that the text names and that are there."""
    tree = look.facts.tree
    if tree is None or not language_of(look.path).markdown:
        return []
    texts = [statement.text for statement in look.of("goal", "criterion")]
    return sorted({path for text in texts for _, path in mentions(text) if path in tree.paths})


def _part(look: Look, span: Span) -> Criterion | Field | None:
    parts: list[Criterion | Field] = [*look.spec.criteria, *look.spec.fields]
    return next((part for part in parts if part.span.start <= span.start and span.end <= part.span.end), None)


def _is_title(look: Look, span: Span) -> bool:
    return span.start.line == look.spec.title_span.start.line and span.start <= look.spec.title_span.end


def _said(text: str, look: Look, span: Span) -> str:
    """The sentence of a goal at a span, as it is written."""
    written = look.spec.goal_written
    starts = [at for at in range(len(text)) if written.point(at) == span.start]
    stops = [at for at in range(len(text) + 1) if written.point(at) == span.end]
    return text[starts[0] : stops[0]] if starts and stops else ""
