"""Quick fixes of 4xx and 5xx."""

from collections.abc import Iterator

from specwright.spec.model import Problem, Span
from specwright.spec.rules import mending
from specwright.spec.rules.look import Look
from specwright.spec.rules.mend_scope import commands_at, known_commands
from specwright.spec.rules.references import Place, nearest, places
from specwright.spec.rules.rule import Edit, Fix


def other_title(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC401: another spec has this title."""
    at = look.spec.title_span.end
    return mending.one("Say what is different", Edit(Span(at, at), " ‹what is different›"))


def remove_edge(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC402: specs wait for each other in a circle."""
    return (Fix(f"Remove '{place.reference.name}'", (_without(look, place),)) for place in _at(look, problem))


def nearest_spec(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC403: `after:` names no spec, or several."""
    for place in _at(look, problem):
        if near := nearest(place.reference.name, look.facts):
            yield Fix(f"Wait for '{near}'", (Edit(place.span, near),))
        yield Fix(f"Remove '{place.reference.name}'", (_without(look, place),))


def _at(look: Look, problem: Problem) -> Iterator[Place]:
    return (place for place in places(look.spec) if place.span == problem.span)


def _without(look: Look, place: Place) -> Edit:
    """A field without one of its references, with the word behind it; the field goes with its last."""
    in_field = [each for each in places(look.spec) if each.field.span == place.field.span]
    others = [each.reference for each in in_field if each.span != place.span]
    if not others:
        is_all = place.field.value.removesuffix("stacked").strip() == place.reference.name
        return mending.delete(look, place.field.span) if is_all else mending.cut(look, place.span)
    text = " ".join(f"{each.name} stacked" if each.stacked else each.name for each in others)
    return Edit(place.field.written.span(0, len(place.field.value)), text)


def wait(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC404: the scope overlaps that of an open task."""
    name = problem.data[0]
    if look.facts.specs is not None and len(look.facts.named(name)) != 1:
        return iter(())
    return mending.one(f"Wait for '{name}'", mending.insert(look, mending.end(look), f"- after: {name}"))


def remove_criterion(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC407: two criteria say the same."""
    return mending.one("Remove", mending.delete(look, problem.span))


def name_variable(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC502: this looks like a secret."""
    return mending.one("Replace by the name of a variable", Edit(problem.span, "$‹NAME›"))


def strip(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC503: there is an invisible character."""
    return mending.one("Remove the character", Edit(problem.span, ""))


def project_task(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC504: a check wants a shell, or does more than check."""
    for span in commands_at(look, problem):
        yield from known_commands(look, span)
        yield Fix("Name a make target or a script", (Edit(span, "‹make target or script›"),))


def keep_gate(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC505: the project does not allow to leave out a gate."""
    return mending.one("Keep the gate", mending.without_token(look, "gates", problem.span))


def clamp(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC506: the budget is over the project's limit."""
    return mending.one(f"Use {problem.data[1]}", Edit(problem.span, problem.data[1]))
