"""Rules about parts of a spec that do not fit together, and about other specs and tasks: 401, 404 to 407."""

import re
from collections.abc import Iterator
from itertools import islice

from specwright.spec.facts import WILD, Known, OpenTask, Tree
from specwright.spec.identity import slug
from specwright.spec.model import Problem, Related, Severity, Span
from specwright.spec.rules.look import WORD, Look
from specwright.spec.rules.references import others, way
from specwright.spec.rules.words import LIMIT, STOP, stem
from specwright.spec.scope import Scope, pattern, said, spelled

SAME = 0.85
MOST_COMPARED = 50
"""Criteria that are compared with each other, and paths that are denied; from nine on a spec is large anyway."""
MOST_PATHS = 200
"""Paths of `files:` that are held against what it denies."""
LEAST_STEMS = 2
TELLS = re.compile(r"[\d\"'`“]|^-")
NEGATED = re.compile(r"\b(?:no|not|never|nothing|without|cannot)\b|n't\b", re.I)


def same_title(look: Look) -> Iterator[Problem]:
    """SPEC401: another spec has this title."""
    twins = sorted(look.facts.named(look.spec.title), key=lambda other: other.place)
    places = [place for place in (other.place for other in twins) if place != look.place]
    if places:
        path, line = places[0]
        message = f"Another spec has this title: {path}:{line + 1}."
        yield Problem("SPEC401", Severity.WARNING, message, look.spec.title_span, related=others(look, twins))


def overlap(look: Look) -> Iterator[Problem]:
    """SPEC404: the scope overlaps that of an open task."""
    tree = look.facts.tree
    if tree is None or not look.scope.patterns:
        return
    met = [(files, task) for task in look.facts.tasks or () if (files := _shared(look, task, tree))]
    met = [(files, task) for files, task in met if not _ordered(look, task)]
    if met:
        files, task = max(met, key=lambda each: len(each[0]))
        field = next(look.fields("files"), None)
        is_named = field is not None and any(_both(look, task, tree) for _, task in met)
        severity = Severity.WARNING if is_named else Severity.INFO
        more = f" and {len(met) - 1} more" if len(met) > 1 else ""
        message = f"Overlaps {_files(len(files))} with '{task.title}' ({task.state}){more}. Results may conflict."
        name = f"#{task.handle}" if task.handle else task.title
        yield Problem("SPEC404", severity, message, field.span if field else look.spec.title_span, (name,))


def contradiction(look: Look) -> Iterator[Problem]:
    """SPEC405: parts of the spec contradict each other."""
    yield from _denied(look)
    if look.is_english:
        yield from _unwanted(look)


def numbers(look: Look) -> Iterator[Problem]:
    """SPEC406: the same limit of the same noun with two values."""
    first: dict[tuple[str, str], tuple[str, Span]] = {}
    for statement in list(look.of("criterion"))[:MOST_COMPARED]:
        for found in LIMIT.finditer(statement.plain):
            key = found["how"].casefold(), stem(found["noun"])
            number, span = found["number"], statement.span(*found.span("number"))
            known, there = first.setdefault(key, (number, span))
            if known != number:
                message = f"'{known}' against '{number}' for '{found['noun']}'."
                yield Problem("SPEC406", Severity.INFO, message, span, related=(Related(f"'{known}'", there),))


def repeated(look: Look) -> Iterator[Problem]:
    """SPEC407: two criteria say the same."""
    criteria = look.spec.criteria[:MOST_COMPARED]
    for number, criterion in enumerate(criteria):
        for earlier in range(number):
            if _says_the_same(look.words[earlier], look.words[number]):
                message, name = f"Says the same as AC{earlier + 1}.", f"AC{earlier + 1}"
                there = Related(name, criteria[earlier].span)
                yield Problem("SPEC407", Severity.INFO, message, criterion.span, related=(there,))
                break


def is_of(task: OpenTask, look: Look) -> bool:
    """Whether an open task was queued from this spec."""
    if look.spec.handle and task.handle:
        return look.spec.handle == task.handle
    return (task.path, task.slug) == (look.path, slug(look.spec.title))


def _says_the_same(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether nearly all words are the same, and none stands in for another: two of a family are two."""
    close = len(a & b) >= SAME * len(a | b) and bool(a)
    return close and not (a - b - STOP and b - a - STOP) and not any(_tells(word) for word in a ^ b)


def _tells(word: str) -> bool:
    """Whether a word by itself makes another criterion: a number, what is quoted, an option, a negation."""
    return TELLS.search(word) is not None or word in {"not", "no", "never", "without"}


def _shared(look: Look, task: OpenTask, tree: Tree) -> frozenset[str]:
    """The files that both this spec and an open task of another one may change."""
    if not task.scope or is_of(task, look):
        return frozenset()
    scope = Scope(task.scope)
    return (tree.within(look.scope) & tree.within(scope)) | _both(look, task, tree)


def _both(look: Look, task: OpenTask, tree: Tree) -> set[str]:
    """The files that both name."""
    tests = look.facts.tests
    return _named(look.scope, look.path, tree, tests) & _named(Scope(task.scope), task.path, tree, tests)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _named(scope: Scope, path: str, tree: Tree, tests: tuple[str, ...]) -> set[str]:
    """The files that a scope names one by one, new ones too; of those that it has by default, what there is."""
    told = {spelled(token) for token in said(scope.patterns, path, tests).patterns} - tree.folders
    every = {spelled(token) for token in scope.patterns}
    names = {name for name in told | (every & tree.paths) if not (WILD.search(name) or name.endswith("/"))}
    return {name for name in names if scope.allows(name)}


def _ordered(look: Look, task: OpenTask) -> bool:
    """Whether one waits for the other by `after:`."""
    facts = look.facts
    here = facts.by_place.get(look.place)
    there = next((known for known in facts.specs or () if _is_task(known, task)), None)
    return here is not None and there is not None and bool(way(here, there, facts) or way(there, here, facts))


def _is_task(known: Known, task: OpenTask) -> bool:
    if known.handle and task.handle:
        return known.handle == task.handle
    return known.path == task.path and slug(known.title) == task.slug


def _denied(look: Look) -> Iterator[Problem]:
    named = list(islice(look.tokens("files"), MOST_PATHS))
    denials = ((token, span) for token, span in named if token.startswith("!"))
    denied = [(token, span, pattern(token[1:])) for token, span in islice(denials, MOST_COMPARED)]
    for token, span in named if denied else ():
        against = [d for d in denied if not token.startswith("!") and d[2].matches(token.removeprefix("./"))]
        if against:
            message = f"'{token}' is both allowed and denied; what is denied wins."
            there = tuple(Related(f"'{denial}'", place) for denial, place, _ in against)
            yield Problem("SPEC405", Severity.WARNING, message, span, (token,), there)


def _unwanted(look: Look) -> Iterator[Problem]:
    said = [(s, _stems(s.text), NEGATED.search(s.text) is not None) for s in look.of("goal", "criterion")]
    for statement in look.of("not", "must"):
        text = statement.text
        if statement.kind == "must":
            if not text.casefold().startswith("no "):
                continue
            text = text[3:]
        stems = _stems(text)
        for other, found, negated in said:
            enough = len(stems) >= (LEAST_STEMS if statement.kind == "not" else 1)
            if enough and stems <= found and not negated:
                message = f"Non-goal '{statement.text}' and criterion '{other.text}' seem to conflict."
                there = Related(other.text, other.span())
                yield Problem("SPEC405", Severity.INFO, message, statement.span(), related=(there,))
                break


def _stems(text: str) -> set[str]:
    return {stem(word) for word in WORD.findall(text) if word.casefold() not in STOP and len(word) > 1}
