"""Which new paths other file systems refuse, or take for another path of the same tree."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
"""Windows has no file of such a name, whatever its ending."""


def misread(added: Collection[str], tree: Iterable[str]) -> frozenset[str]:
    """Which of the paths that were added to a tree other file systems refuse, or take for another path of it.

    Those fold case or forms of Unicode; a path's folders count, too.
    """
    spellings: dict[str, str] = {}
    several, known = set(), set()
    for path in tree:
        while path and path not in known:
            known.add(path)
            plain = _plainly(path)
            if spellings.setdefault(plain, path) != path:
                several.add(plain)
            path = path.rpartition("/")[0]
    return frozenset(
        path
        for path in added
        if any(map(_is_refused, path.split("/"))) or any(_plainly(part) in several for part in _from_the_top(path))
    )


def _from_the_top(path: str) -> Iterator[str]:
    return accumulate(path.split("/"), lambda folder, name: f"{folder}/{name}")


def _is_refused(name: str) -> bool:
    return name.endswith((".", " ")) or name.partition(".")[0].casefold() in _DEVICES


def _plainly(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path.casefold())
