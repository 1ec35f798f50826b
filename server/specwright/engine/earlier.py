"""The open tasks of a spec that is queued again under another title, or from another file.

Some surely are its tasks: by a handle, by an editor, or because the whole file was renamed. Of the others only its
words, or its title in another file, say so.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from specwright.spec.digest import digest
from specwright.spec.facts import Known
from specwright.spec.identity import Placed, match, slug, words_of
from specwright.spec.model import Spec
from specwright.store.tasks import OpenSpec


@dataclass(frozen=True, slots=True)
class Here:
    """A file whose specs are queued."""

    path: str
    specs: Sequence[Spec]
    seen: Sequence[Collection[str]]
    """By spec, the open tasks that an editor has followed to it."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Open tasks by their ids."""

    sure: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Both."""
        return self.sure + self.guessed


def earlier(
    here: Here,
    opened: Mapping[str, OpenSpec],
    read: Callable[[OpenSpec], Iterable[Known]],
    is_renamed: Callable[[OpenSpec], bool],
) -> list[Earlier]:
    """For each spec of a file its tasks that are not found by the file and the title.

    `read` gives the specs that the file of another has now; `is_renamed` tells whether that file is this one now.
    """
    found = _placed(here)
    followed = {task for tasks in here.seen for task in tasks}
    opened = {task: spec for task, spec in opened.items() if task not in followed}
    lost = _lost(here.path, found, opened, read)
    pairs = match([*_held(here, found, opened), *lost.values()], found)
    return [
        _sorted(spec, seen, {task: opened[task] for task in lost if pairs.get(lost[task]) == place}, is_renamed)
        for spec, seen, place in zip(here.specs, here.seen, found, strict=True)
    ]


def _lost(
    path: str, found: Sequence[Placed], opened: Mapping[str, OpenSpec], read: Callable[[OpenSpec], Iterable[Known]]
) -> dict[str, Placed]:
    """The tasks whose specs may be among these, and are not where they were."""
    titles = {spec.slug for spec in found}
    names = {name for spec in found for name in (spec.slug, spec.handle) if name}
    known = {task: _known(spec) for task, spec in opened.items()}
    here = {task: spec for task, spec in known.items() if spec.path == path and spec.slug not in titles}
    there = {
        task: spec
        for task, spec in known.items()
        if spec.path != path and not names.isdisjoint((spec.slug, spec.handle)) and not _holds(read(opened[task]), spec)
    }
    return here | there


def _held(here: Here, found: Sequence[Placed], opened: Mapping[str, OpenSpec]) -> Iterable[Placed]:
    """The specs that have a task by their title, or by an editor: they are nobody else's."""
    titles = {slug(spec.title) for spec in opened.values() if spec.path == here.path}
    return (spec for spec, seen in zip(found, here.seen, strict=True) if seen or spec.slug in titles)


def _sorted(
    spec: Spec, seen: Collection[str], own: Mapping[str, OpenSpec], is_renamed: Callable[[OpenSpec], bool]
) -> Earlier:
    """Which of a spec's own are sure, and which are guessed."""
    sure = {task for task, old in own.items() if _is_same(old, spec, is_renamed)}
    return Earlier((*seen, *sorted(sure)), tuple(sorted(set(own) - sure)))


def _is_same(old: OpenSpec, spec: Spec, is_renamed: Callable[[OpenSpec], bool]) -> bool:
    if old.handle is not None and old.handle == spec.handle:
        return True
    return old.digest == digest(spec) and is_renamed(old)


def _placed(here: Here) -> list[Placed]:
    ordinals: dict[str, count[int]] = {}
    names = [slug(spec.title) for spec in here.specs]
    return [
        Placed(here.path, name, spec.handle, next(ordinals.setdefault(name, count())), words_of(spec.title, spec.goal))
        for name, spec in zip(names, here.specs, strict=True)
    ]


def _known(spec: OpenSpec) -> Placed:
    return Placed(spec.path, slug(spec.title), spec.handle, words=words_of(spec.title, spec.goal))


def _holds(there: Iterable[Known], spec: Placed) -> bool:
    return any(slug(one.title) == spec.slug or (spec.handle and one.handle == spec.handle) for one in there)
