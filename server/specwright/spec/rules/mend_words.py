"""Quick fixes of 2xx."""

from collections.abc import Iterator

from specwright.spec.model import Point, Problem, Span
from specwright.spec.rules import mending
from specwright.spec.rules.look import Look
from specwright.spec.rules.rule import Edit, Fix
from specwright.spec.rules.words import MODAL, SPEED, present

NO_VERBS = frozenset({"not", "also", "only", "never", "always", "then", "it", "this", "they", "we", "you", "the"})
"""Words behind a modal that are not what it is about."""


def exact(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC201: a vague word."""
    text = "at most ‹n› ms" if problem.data and problem.data[0].casefold() in SPEED else "‹value or example›"
    return mending.one(f"Replace by '{text}'", Edit(problem.span, text))


def condition(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC202: words that let the agent decide."""
    yield Fix("Remove", (mending.cut(look, problem.span),))
    yield Fix("Say when", (Edit(problem.span, "when ‹condition›"),))


def close_list(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC203: a list is open."""
    span = problem.span
    before = look.lines[span.start.line][: span.start.column].rstrip(" \t")
    if before.endswith(","):
        span = Span(Point(span.start.line, len(before) - 1), span.end)
    return mending.one("Remove", mending.cut(look, span))


def fact(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC204: a criterion says what should be."""
    line = look.lines[problem.span.start.line]
    found = MODAL.match(line, problem.span.start.column)
    if found is None or found["verb"] is None or found["verb"] in NO_VERBS:
        return
    if found["no"]:
        text = "is not" if found["verb"] == "be" else f"does not {found['verb']}"
    else:
        text = present(found["verb"])
    row = problem.span.start.line
    yield Fix(f"Write '{text}'", (Edit(Span(Point(row, found.start()), Point(row, found.end())), text),))


def unit(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC206: a number has no unit."""
    at = problem.span.end
    return mending.one("Add a unit", Edit(Span(at, at), " ‹unit›"))


def define(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC209: a name is not defined where the agent looks."""
    name = problem.data[0]
    for key, text in (("see", f"‹path›::{name}"), ("api", f"{name}‹signature›")):
        yield Fix(f"Add '{key}'", (mending.insert(look, mending.end(look), f"- {key}: {text}"),))
