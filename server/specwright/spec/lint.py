"""Checks specs by the rules. Pure: what is not in the text comes in as facts."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from specwright.config.settings import Lint
from specwright.spec.facts import Facts
from specwright.spec.lines import body, split_lines
from specwright.spec.model import Problem, Severity, Spec
from specwright.spec.parser import Found
from specwright.spec.reading import USUAL, Reading
from specwright.spec.rules.catalogue import BY_CODE, FIXED, RULES
from specwright.spec.rules.look import Look
from specwright.spec.rules.rule import Fix, Rule

LEAK = "SPEC502"
MASK = "***"
LONG = 16
"""Characters of a word of a key's row."""
GROUPS = tuple(dict.fromkeys(rule.needs for rule in RULES if rule.needs))
"""The sets of facts that rules need: as long as those of a set are the same, its rules say the same."""


def check(
    text: str,
    path: str,
    facts: Facts | None = None,
    language_id: str | None = None,
    settings: Lint | None = None,
    reading: Reading = USUAL,
) -> Found:
    """The specs of a text and all that is to be said of them, in order of place and code."""
    specs, problems = reading.parse(text, path, language_id)
    return specs, lint(specs, problems, split_lines(text), path, facts or Facts(), settings or Lint())


def lint(
    specs: Sequence[Spec], problems: Sequence[Problem], lines: Sequence[str], path: str, facts: Facts, settings: Lint
) -> tuple[Problem, ...]:
    """The problems of syntax and of every rule; no message repeats a secret, for logs are read by others."""
    found = list(of_syntax(problems, specs, settings))
    for spec in specs:
        look = Look(spec, lines, path, facts, settings.lang)
        found += [*alone(look, settings), *together(look, settings)]
    secrets: dict[int, list[str]] = {}
    for row, text in (each for problem in found if problem.code == LEAK for each in _leaked(problem, lines)):
        secrets.setdefault(row, []).append(text)
    return tuple(sorted((_without(problem, secrets) for problem in found) if secrets else found, key=order))


def of_syntax(problems: Iterable[Problem], specs: Sequence[Spec], settings: Lint) -> Iterator[Problem]:
    """What the parser saw, as the settings and the spec around it have it."""
    starts = [spec.span.start.line for spec in specs]
    for problem in problems:
        line = problem.span.start.line
        at = bisect_right(starts, line) - 1
        around = specs[at] if at >= 0 and line <= specs[at].span.end.line else None
        yield from _settled([problem], dict(settings.rules), _allowed(around))


def alone(look: Look, settings: Lint) -> Iterator[Problem]:
    """What the rules say that look at this spec alone."""
    return _said(look, (rule for rule in RULES if not rule.needs), settings)


def together(look: Look, settings: Lint, groups: Iterable[frozenset[str]] = GROUPS) -> Iterator[Problem]:
    """What the rules say that need facts, as far as there are any; those of some groups alone where they are given."""
    wanted = {group for group in groups if group <= look.facts.known}
    return _said(look, (rule for rule in RULES if rule.needs in wanted), settings)


def fixes(look: Look, problem: Problem) -> tuple[Fix, ...]:
    """How a problem can be mended, the best way first. Its spans count as those of the look do."""
    rule = BY_CODE.get(problem.code)
    return tuple(rule.mend(look, problem)) if rule and rule.mend else ()


def _said(look: Look, rules: Iterable[Rule], settings: Lint) -> Iterator[Problem]:
    levels, allowed = dict(settings.rules), _allowed(look.spec)
    for rule in rules:
        is_on = rule.code in FIXED or levels.get(rule.code, "on" if rule.on else "off") != "off"
        if rule.check and is_on and (not rule.wording or look.is_english):
            yield from _settled(rule.check(look), levels, allowed)


def _settled(problems: Iterable[Problem], levels: Mapping[str, str], allowed: frozenset[str]) -> Iterator[Problem]:
    """With the severity of the settings; without what the spec itself allows, which no error is."""
    for problem in problems:
        level = levels.get(problem.code, "on") if problem.code not in FIXED else "on"
        severity = problem.severity if level in {"on", "off"} else Severity(level)
        if level != "off" and (problem.code not in allowed or severity is Severity.ERROR):
            yield problem if severity is problem.severity else replace(problem, severity=severity)


def _leaked(problem: Problem, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The secret with its row, and of a key the long words of its other rows."""
    row, below = problem.span.start.line, int(problem.data[0])
    if secret := body(lines[row])[problem.span.start.column : problem.span.end.column]:
        yield row, secret
    for number in range(row + 1, row + 1 + below):
        yield from ((number, word) for word in lines[number].split() if len(word) >= LONG)


def _without(problem: Problem, secrets: Mapping[int, Sequence[str]]) -> Problem:
    """Without the secrets of the rows that it is about: with all of them it would take the square of their number."""
    spans = [problem.span, *(other.span for other in problem.related if other.path is None)]
    rows = {row for span in spans for row in range(span.start.line, span.end.line + 1) if row in secrets}
    if not rows:
        return problem
    hidden = re.compile("|".join(re.escape(secret) for row in sorted(rows) for secret in secrets[row]))
    related = tuple(replace(other, message=hidden.sub(MASK, other.message)) for other in problem.related)
    return replace(problem, message=hidden.sub(MASK, problem.message), related=related)


def _allowed(spec: Spec | None) -> frozenset[str]:
    return frozenset(value.split()[0] for value in spec.values("allow") if value) if spec else frozenset()


def order(problem: Problem) -> tuple[int, int, str]:
    """By place, then by code."""
    return problem.span.start.line, problem.span.start.column, problem.code
