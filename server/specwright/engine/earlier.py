"""The open tasks of a spec that is queued again under another title, or from another file."""

from collections.abc import Mapping, Sequence
from itertools import count

from specwright.engine.facts import known_specs
from specwright.spec.identity import Placed, match, slug, words_of
from specwright.spec.model import Spec
from specwright.spec.reading import Reading
from specwright.store.tasks import OpenSpec
from specwright.tasks.model import Checkout


def earlier(
    checkout: Checkout, path: str, specs: Sequence[Spec], opened: Mapping[str, OpenSpec], reading: Reading
) -> dict[int, tuple[str, ...]]:
    """By the number of each spec of a file, its tasks that are not found by the file and the title. Reads files."""
    found = _placed(path, specs)
    names = {name for spec in found for name in (spec.slug, spec.handle) if name}
    known = {task: _known(spec) for task, spec in opened.items()}
    sought = {
        task: spec
        for task, spec in known.items()
        if spec.path == path
        or (not names.isdisjoint((spec.slug, spec.handle)) and _is_gone(checkout, opened[task], reading))
    }
    pairs = match(sought.values(), found)
    return {
        number: tuple(task for task, spec in sought.items() if pairs.get(spec) == new and not _is_named(spec, new))
        for number, new in enumerate(found)
    }


def _placed(path: str, specs: Sequence[Spec]) -> list[Placed]:
    ordinals: dict[str, count[int]] = {}
    names = [slug(spec.title) for spec in specs]
    return [
        Placed(path, name, spec.handle, next(ordinals.setdefault(name, count())), words_of(spec.title, spec.goal))
        for name, spec in zip(names, specs, strict=True)
    ]


def _known(spec: OpenSpec) -> Placed:
    return Placed(spec.path, slug(spec.title), spec.handle, words=words_of(spec.title, spec.goal))


def _is_gone(checkout: Checkout, spec: OpenSpec, reading: Reading) -> bool:
    there = known_specs(checkout, spec.path, {}, reading, spec.language)
    return not any(slug(one.title) == slug(spec.title) or (spec.handle and one.handle == spec.handle) for one in there)


def _is_named(old: Placed, new: Placed) -> bool:
    return (old.path, old.slug) == (new.path, new.slug)
