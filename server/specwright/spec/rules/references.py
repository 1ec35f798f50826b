"""Rules about handles and references between specs: 012, 402, 403."""

from collections import deque
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from specwright.spec.after import references
from specwright.spec.facts import Facts, Known
from specwright.spec.model import Field, Problem, Severity, Spec
from specwright.spec.rules.look import Look
from specwright.spec.rules.paths import MOST_NEAR

Here = tuple[str, int]
"""Path and marker line of a spec."""
MOST_NAMED = 8
"""Titles of a cycle that a message names."""
MOST_SEEN = 200
"""Specs that are looked at for a way from one: a chain of thousands would be walked from each of them."""


def duplicate_handle(look: Look) -> Iterator[Problem]:
    """SPEC012: of specs with the same handle the one that had it first keeps it, else the first by path and line."""
    handle = look.spec.handle
    if handle is None:
        return
    owner = look.facts.owners.get(handle)
    places = sorted((other.path, other.line) for other in look.facts.named(f"#{handle}"))
    places.sort(key=lambda place: place[0] != owner)
    here = (look.path, look.spec.span.start.line)
    if len(places) > 1 and places[0] != here and here in places:
        message = f"Handle #{handle} is also used at {places[0][0]}:{places[0][1] + 1}."
        yield Problem("SPEC012", Severity.ERROR, message, look.spec.title_span)


def unknown_reference(look: Look) -> Iterator[Problem]:
    """SPEC403: `after:` names no spec, or a title that several have."""
    known = _known(look)
    for field in _after(look.spec):
        for reference in (found.name for found in references(field.value)):
            found = look.facts.named(reference)
            if not found:
                near = get_close_matches(reference, [other.title for other in known[:MOST_NEAR]], 1)
                hint = f"Did you mean '{near[0]}'?" if near else "If that was accepted already, leave the line out."
                yield Problem("SPEC403", Severity.ERROR, f"No spec '{reference}'. {hint}", field.span, (reference,))
            elif len(found) > 1 and not reference.startswith("#"):
                message = f"'{reference}' fits {len(found)} specs. Give the one you mean a handle."
                yield Problem("SPEC403", Severity.ERROR, message, field.span, (reference,))


def cycle(look: Look) -> Iterator[Problem]:
    """SPEC402: by `after:` the spec waits for itself."""
    if not look.spec.values("after"):
        return
    here = look.facts.by_place.get((look.path, look.spec.span.start.line))
    if here is None:
        return
    back = way(here, here, look.facts)
    if back:
        titles = [other.title for other in (here, *back)]
        shown = titles if len(titles) <= MOST_NAMED else [*titles[: MOST_NAMED - 2], "…", titles[-1]]
        names = " -> ".join(shown)
        fields = _after(look.spec)
        span = next((field.span for field in fields if back[0] in _named(field.value, look.facts)), fields[0].span)
        yield Problem("SPEC402", Severity.ERROR, f"Cycle: {names}", span)


def _known(look: Look) -> Sequence[Known]:
    return look.facts.specs or ()


def _after(spec: Spec) -> list[Field]:
    return [field for field in spec.fields if field.key == "after"]


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


def _back(start: Known, end: Known, before: dict[Here, Known]) -> list[Known]:
    found = [end]
    while (spec := before[found[-1].path, found[-1].line]) != start:
        found.append(spec)
    return found[::-1]


def _needs(spec: Known, facts: Facts) -> list[Known]:
    return [target for value in spec.after for target in _named(value, facts)]


def _named(value: str, facts: Facts) -> list[Known]:
    return [target for found in references(value) for target in facts.named(found.name)]
