"""Follows the specs of open tasks into other files, where that is sure: a copy that stood there before is no move."""

import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from specwright.api import views as v
from specwright.lsp.desk import Desk
from specwright.lsp.index import Index
from specwright.spec.identity import slug
from specwright.tasks.model import OPEN

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Home:
    """An open task: the file that it was queued from, and what its spec is called by now."""

    task: str
    path: str
    name: str


class Moves:
    """Of one window, which has seen what other files held while a spec was in its own."""

    def __init__(self) -> None:
        self._at: dict[str, str] = {}
        """By task, the file that its spec was last seen in."""
        self._beside: dict[str, frozenset[str]] = {}
        """By task, the files that had a spec of its name then."""
        self._sought = (0, 0)
        """The versions of the desk and of the index for which specs were sought."""

    def seek(self, desk: Desk, index: Index) -> bool:
        """Look again where desk or index have news, for what the desk holds as moved; whether that is another now."""
        versions = desk.version, index.version
        if versions == self._sought:
            return False
        self._sought = versions
        before, desk.moved = desk.moved, self.look(desk.marks, desk.titles, index)
        return before != desk.moved

    def look(
        self, marks: Mapping[str, Sequence[v.SpecPlace]], titles: Mapping[str, str], index: Index
    ) -> dict[str, str]:
        """The open tasks of checkouts whose specs are in another file than at queueing, by id, and that file.

        `titles` are those that specs have got since.
        """
        now: dict[str, str] = {}
        for root, of_root in marks.items():
            homes = [Home(m.task, m.path, _name(m, titles)) for m in of_root if m.state in OPEN]
            if homes and index.is_whole(root):
                now |= self._look(homes, index, root)
        return now

    def _look(self, homes: Sequence[Home], index: Index, root: str) -> dict[str, str]:
        files = _files(index, root)
        taken = {(home.name, home.path) for home in homes if home.path in files.get(home.name, NONE)}
        now: dict[str, str] = {}
        for home in homes:
            same = files.get(home.name, NONE)
            free = {path for path in same if (home.name, path) not in taken}
            has_file = index.has_file(root, home.path) or os.path.lexists(f"{root}/{home.path}")
            if path := self._path(home, same, free, has_file):
                self._at[home.task], self._beside[home.task] = path, same
                if path != home.path:
                    now[home.task] = path
        return now

    def _path(self, home: Home, same: AbstractSet[str], free: AbstractSet[str], has_file: bool) -> str | None:
        """Where a spec is: where it was, else in the one file that has it new.

        Who has not seen it in its own file knows it by its handle, or where that file is gone.
        """
        for path in (home.path, self._at.get(home.task)):
            if path in same:
                return path
        has_handle = home.name.startswith("#")
        new = free - (NONE if has_handle else self._beside.get(home.task, same if has_file else NONE))
        return next(iter(new)) if len(new) == 1 else None


def _name(mark: v.SpecPlace, titles: Mapping[str, str]) -> str:
    return f"#{mark.handle}" if mark.handle else slug(titles.get(mark.task, mark.title))


def _files(index: Index, root: str) -> dict[str, frozenset[str]]:
    """By each name of specs the files that have one."""
    found: dict[str, set[str]] = {}
    for entry in index.specs(root):
        for name in (entry.slug, entry.known.handle and f"#{entry.known.handle}"):
            found.setdefault(name or entry.slug, set()).add(entry.known.path)
    return {name: frozenset(paths) for name, paths in found.items()}
