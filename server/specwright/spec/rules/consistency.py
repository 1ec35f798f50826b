"""Rules that look at all specs of a checkout: 4xx, and SPEC012."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from specwright.spec.after import references, targets
from specwright.spec.facts import Known
from specwright.spec.model import Field, Problem, Severity, Spec
from specwright.spec.rules.look import Look

Here = tuple[str, int]
"""Path and marker line of a spec."""


def duplicate_handle(look: Look) -> Iterator[Problem]:
    """SPEC012: the first in path and line order keeps the handle; every other spec with it is told."""
    handle = look.spec.handle
    if handle is None:
        return
    places = sorted((other.path, other.line) for other in _known(look) if other.handle == handle)
    here = (look.path, look.spec.span.start.line)
    if len(places) > 1 and places[0] != here and here in places:
        message = f"Handle #{handle} is also used at {places[0][0]}:{places[0][1] + 1}."
        yield Problem("SPEC012", Severity.ERROR, message, look.spec.title_span)


def unknown_reference(look: Look) -> Iterator[Problem]:
    """SPEC403: `after:` names no spec, or a title that several have."""
    known = _known(look)
    for field in _after(look.spec):
        for reference in (found.name for found in references(field.value)):
            found = targets(reference, known)
            if not found:
                near = get_close_matches(reference, [other.title for other in known], 1)
                hint = f"Did you mean '{near[0]}'?" if near else "If that was accepted already, leave the line out."
                yield Problem("SPEC403", Severity.ERROR, f"No spec '{reference}'. {hint}", field.span, (reference,))
            elif len(found) > 1 and not reference.startswith("#"):
                message = f"'{reference}' fits {len(found)} specs. Give the one you mean a handle."
                yield Problem("SPEC403", Severity.ERROR, message, field.span, (reference,))


def cycle(look: Look) -> Iterator[Problem]:
    """SPEC402: by `after:` the spec waits for itself."""
    known = _known(look)
    place = (look.path, look.spec.span.start.line)
    here = next((other for other in known if (other.path, other.line) == place), None)
    if here is None or not here.after:
        return
    way = _way_back(here, known)
    if way:
        names = " -> ".join(other.title for other in (here, *way))
        span = next(field.span for field in _after(look.spec) if way[0] in _named(field.value, known))
        yield Problem("SPEC402", Severity.ERROR, f"Cycle: {names}", span)


def _known(look: Look) -> Sequence[Known]:
    return look.facts.specs or ()


def _after(spec: Spec) -> list[Field]:
    return [field for field in spec.fields if field.key == "after"]


def _way_back(here: Known, known: Sequence[Known]) -> list[Known]:
    """The specs on a way by `after:` from one back to itself; empty where there is none."""
    ways = [[here]]
    seen: set[Here] = set()
    while ways:
        way = ways.pop()
        for target in _needs(way[-1], known):
            if target == here:
                return [*way[1:], target]
            if (target.path, target.line) not in seen:
                seen.add((target.path, target.line))
                ways.append([*way, target])
    return []


def _needs(spec: Known, known: Sequence[Known]) -> list[Known]:
    return [target for value in spec.after for target in _named(value, known)]


def _named(value: str, known: Sequence[Known]) -> list[Known]:
    return [target for found in references(value) for target in targets(found.name, known)]
