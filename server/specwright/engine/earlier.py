"""The open tasks of a spec that is queued again under another title, or from another file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count

from specwright.spec.facts import Known
from specwright.spec.identity import Placed, match, slug, words_of
from specwright.spec.model import Spec
from specwright.store.tasks import OpenSpec


def earlier(
    path: str, specs: Sequence[Spec], opened: Mapping[str, OpenSpec], read: Callable[[OpenSpec], Iterable[Known]]
) -> dict[int, tuple[str, ...]]:
    """By the number of each spec of a file, its tasks that are not found by the file and the title.

    `read` gives the specs that the file of another has now.
    """
    found = _placed(path, specs)
    names = {name for spec in found for name in (spec.slug, spec.handle) if name}
    known = {task: _known(spec) for task, spec in opened.items()}
    named = {
        task: spec
        for task, spec in known.items()
        if spec.path != path and not names.isdisjoint((spec.slug, spec.handle))
    }
    sought = {task: spec for task, spec in known.items() if spec.path == path}
    sought |= {task: spec for task, spec in named.items() if not _holds(read(opened[task]), spec)}
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


def _holds(there: Iterable[Known], spec: Placed) -> bool:
    return any(slug(one.title) == spec.slug or (spec.handle and one.handle == spec.handle) for one in there)


def _is_named(old: Placed, new: Placed) -> bool:
    return (old.path, old.slug) == (new.path, new.slug)
