"""Checks specs by the rules. Pure: what is not in the text comes in as facts."""

from collections.abc import Callable, Iterator, Sequence

from specwright.spec.facts import Facts, Known
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.model import Problem, Spec
from specwright.spec.parser import Found, parse_lines
from specwright.spec.rules import alone, together

AloneRule = Callable[[Spec, Sequence[str]], Iterator[Problem]]
TogetherRule = Callable[[Spec, str, Sequence[Known]], Iterator[Problem]]

ALONE: dict[str, AloneRule] = {
    "SPEC101": alone.no_criterion,
    "SPEC108": alone.unresolved,
    "SPEC502": alone.secret,
    "SPEC503": alone.invisible,
    "SPEC504": alone.shell_in_check,
}
TOGETHER: dict[str, TogetherRule] = {
    "SPEC012": together.duplicate_handle,
    "SPEC402": together.cycle,
    "SPEC403": together.unknown_reference,
}
SYNTAX = ("SPEC001", "SPEC003", "SPEC005", "SPEC011")
"""Rules of the parser's own."""
WHILE_TYPING = frozenset({"SPEC101", "SPEC108"})
"""Hints while the spec is being typed; real severity after a save or a rest."""


def check(text: str, path: str, facts: Facts | None = None, language_id: str | None = None) -> Found:
    """The specs of a text and all that is to be said of them, in order of place and code."""
    lines = split_lines(text)
    specs, problems = parse_lines(lines, language_of(path, language_id))
    return specs, lint(specs, problems, lines, path, facts or Facts())


def lint(
    specs: Sequence[Spec], problems: Sequence[Problem], lines: Sequence[str], path: str, facts: Facts
) -> tuple[Problem, ...]:
    """The problems of syntax and of every rule."""
    found = [*problems]
    for spec in specs:
        found += [*lint_spec(spec, lines), *lint_together(spec, path, facts)]
    return tuple(sorted(found, key=order))


def lint_spec(spec: Spec, lines: Sequence[str]) -> tuple[Problem, ...]:
    """What the rules say that look at this spec alone; `lines` are those that its rows count in."""
    return tuple(problem for rule in ALONE.values() for problem in rule(spec, lines))


def lint_together(spec: Spec, path: str, facts: Facts) -> tuple[Problem, ...]:
    """What the rules say that look at all specs of the checkout."""
    if facts.specs is None:
        return ()
    return tuple(problem for rule in TOGETHER.values() for problem in rule(spec, path, facts.specs))


def order(problem: Problem) -> tuple[int, int, str]:
    """By place, then by code."""
    return problem.span.start.line, problem.span.start.column, problem.code
