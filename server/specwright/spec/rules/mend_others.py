"""Quick fixes of 4xx and 5xx."""

from collections.abc import Iterator
from difflib import get_close_matches

from specwright.spec.after import references
from specwright.spec.model import Criterion, Point, Problem, Span
from specwright.spec.rules import mending
from specwright.spec.rules.look import Look
from specwright.spec.rules.paths import MOST_NEAR, check_span
from specwright.spec.rules.rule import Edit, Fix


def other_title(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC401."""
    at = look.spec.title_span.end
    return mending.one("Say what is different", Edit(Span(at, at), " ‹what is different›"))


def remove_edge(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC402."""
    return mending.one("Wait for none of them", mending.delete(look, problem.span))


def nearest_spec(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC403."""
    titles = [known.title for known in look.facts.specs or ()]
    near = get_close_matches(problem.data[0], titles[:MOST_NEAR], 1) if problem.data else []
    field = next((field for field in look.fields("after") if field.span == problem.span), None)
    if field is None:
        return
    if near and titles.count(near[0]) == 1 and near[0] != problem.data[0] and len(references(field.value)) == 1:
        yield Fix(f"Wait for '{near[0]}'", (Edit(field.written.span(0, len(field.value)), near[0]),))
    others = [name for name in references(field.value) if problem.data and name.name != problem.data[0]]
    if others:
        text = " ".join(f"{each.name} stacked" if each.stacked else each.name for each in others)
        yield Fix(f"Remove '{problem.data[0]}'", (Edit(field.written.span(0, len(field.value)), text),))
    else:
        yield Fix("Remove", (mending.delete(look, field.span),))


def wait(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC404."""
    name = problem.data[0]
    if look.facts.specs is not None and len(look.facts.named(name)) != 1:
        return iter(())
    return mending.one(f"Wait for '{name}'", mending.insert(look, mending.end(look), f"- after: {name}"))


def remove_criterion(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC407."""
    return mending.one("Remove", mending.delete(look, problem.span))


def name_variable(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC502."""
    return mending.one("Replace by the name of a variable", Edit(problem.span, "$‹NAME›"))


def strip(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC503."""
    return mending.one("Remove the character", Edit(problem.span, ""))


def project_task(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC504."""
    criterion = next((found for found in look.spec.criteria if found.span == problem.span), None)
    if criterion is None or not _is_one_place(criterion):
        return
    for command in look.facts.commands or ():
        if "`" not in command:
            yield Fix(f"Use `{command}`", (Edit(check_span(criterion), command),))
    yield Fix("Name a task of the project", (Edit(check_span(criterion), "‹task of the project›"),))


def keep_gate(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC505."""
    return mending.one("Keep the gate", mending.without_token(look, "gates", problem.span))


def clamp(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC506."""
    if len(problem.data) > 1:
        yield Fix(f"Use {problem.data[1]}", (Edit(problem.span, problem.data[1]),))
    else:
        yield Fix("Add a budget", (mending.insert(look, mending.end(look), "- budget: ‹15 min, $2›"),))


def _is_one_place(criterion: Criterion) -> bool:
    span = check_span(criterion)
    return span != criterion.span and span.start != Point(0, 0)
