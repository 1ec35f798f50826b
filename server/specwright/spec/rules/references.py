"""Rules about handles and references between specs: 012, 402, 403."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

from specwright.spec.after import Reference, located, references
from specwright.spec.facts import Facts, Known
from specwright.spec.model import Field, Point, Problem, Related, Severity, Span, Spec
from specwright.spec.rules.look import Look
from specwright.spec.rules.paths import MOST_NEAR

Here = tuple[str, int]
"""Path and marker line of a spec."""
MOST_NAMED = 8
"""Titles of a cycle that a message names, and specs that it points to."""
A_HANDLE = re.compile(r"#[a-z][a-z0-9-]{3,15}")
MOST_SEEN = 200
"""Specs that are looked at for a way from one: a chain of thousands would be walked from each of them."""


def duplicate_handle(look: Look) -> Iterator[Problem]:
    """SPEC012: of specs with the same handle the one that had it first keeps it, else the first by path and line."""
    handle = look.spec.handle
    if handle is None:
        return
    owner = look.facts.owners.get(handle)
    twins = sorted(look.facts.named(f"#{handle}"), key=lambda other: (other.path != owner, other.place))
    places = [other.place for other in twins]
    if len(twins) > 1 and places[0] != look.place and look.place in places:
        message = f"Handle #{handle} is also used at {places[0][0]}:{places[0][1] + 1}."
        yield Problem("SPEC012", Severity.ERROR, message, handle_span(look.spec), related=others(look, twins))


def unknown_reference(look: Look) -> Iterator[Problem]:
    """SPEC403: `after:` names no spec, or a title that several have."""
    for _, reference, span in places(look.spec):
        name = reference.name
        found = look.facts.named(name)
        if not found:
            near = nearest(name, look.facts)
            hint = f"Did you mean '{near}'?" if near else "If that was accepted already, leave it out."
            if name.startswith("#") and not A_HANDLE.fullmatch(name):
                hint = "A handle is # and 4 to 16 of a-z, 0-9 and -, a letter first."
            yield Problem("SPEC403", Severity.ERROR, f"No spec '{name}'. {hint}", span, (name,))
        elif len(found) > 1 and not name.startswith("#"):
            message = f"'{name}' fits {len(found)} specs. Give the one you mean a handle."
            yield Problem("SPEC403", Severity.ERROR, message, span, (name,), others(look, found))


def cycle(look: Look) -> Iterator[Problem]:
    """SPEC402: by `after:` the spec waits for itself."""
    if not look.spec.values("after"):
        return
    here = look.facts.by_place.get(look.place)
    if here is None:
        return
    back = way(here, here, look.facts)
    if back:
        titles = [other.title for other in (here, *back)]
        shown = titles if len(titles) <= MOST_NAMED else [*titles[: MOST_NAMED - 2], "…", titles[-1]]
        names = " -> ".join(shown)
        named = [place for place in places(look.spec) if back[0] in look.facts.named(place.reference.name)]
        for place in named[:1]:
            yield Problem("SPEC402", Severity.ERROR, f"Cycle: {names}", place.span, related=others(look, back))


class Place(NamedTuple):
    """A reference in an `after:`, and where its name stands."""

    field: Field
    reference: Reference
    span: Span


def places(spec: Spec) -> Iterator[Place]:
    """All references of a spec, in order."""
    for field in (field for field in spec.fields if field.key == "after"):
        for reference, start in located(field.value):
            yield Place(field, reference, field.written.span(start, start + len(reference.name)))


def others(look: Look, specs: Iterable[Known]) -> tuple[Related, ...]:
    """Where the first of some specs stand, but for the one that is looked at."""
    elsewhere = (spec for spec in specs if spec.place != look.place)
    return tuple(_related(look, spec) for spec in islice(elsewhere, MOST_NAMED))


def handle_span(spec: Spec) -> Span:
    """Where the handle of a spec stands, with its parentheses."""
    end = spec.title_span.end
    start = Point(end.line, end.column + len(" "))
    return Span(start, Point(end.line, start.column + len(f"(#{spec.handle})")))


def nearest(name: str, facts: Facts) -> str:
    """The one handle, or title, that a wrong one is likeliest to mean; empty where there is none."""
    if facts.named(bare := f"#{name.strip('(#)')}"):
        return bare
    names = Counter(
        f"#{known.handle}" if name.startswith("#") else known.title
        for known in (facts.specs or ())[:MOST_NEAR]
        if known.handle or not name.startswith("#")
    )
    near = get_close_matches(name, names, 1)
    return near[0] if near and names[near[0]] == 1 and near[0] != name else ""


def way(start: Known, end: Known, facts: Facts) -> list[Known]:
    """The specs behind the first on a shortest way by `after:` to another; empty where there is none."""
    before: dict[Here, Known] = {}
    ways = deque([start])
    while ways and len(before) < MOST_SEEN:
        spec = ways.popleft()
        for target in _needs(spec, facts):
            place = (target.path, target.line)
            if place not in before:
                before[place] = spec
                ways.append(target)
            if target == end:
                return _back(start, end, before)
    return []


def _related(look: Look, spec: Known) -> Related:
    line = Span(Point(spec.line, 0), Point(spec.line + 1, 0))
    return Related(spec.title, line, None if spec.path == look.path else spec.path)


def _back(start: Known, end: Known, before: dict[Here, Known]) -> list[Known]:
    found = [end]
    while (spec := before[found[-1].path, found[-1].line]) != start:
        found.append(spec)
    return found[::-1]


def _needs(spec: Known, facts: Facts) -> list[Known]:
    return [target for value in spec.after for target in _named(value, facts)]


def _named(value: str, facts: Facts) -> list[Known]:
    return [target for found in references(value) for target in facts.named(found.name)]
