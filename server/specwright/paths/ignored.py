"""Reads `.gitignore` as git does, for views that can't ask git: no pattern of a stranger makes it slow.

Known are the ignore files of the checkout, its `info/exclude`, and the user's `~/.config/git/ignore`; what is tracked
all the same is taken for ignored, `core.excludesFile` is not looked up, and a backslash before a slash means nothing.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from pathlib import Path

NAME = ".gitignore"
LONGEST = 200_000
"""Bytes of an ignore file that are read."""
MOST = 5_000
"""Patterns of one file that are heeded."""
Part = re.Pattern[str] | None
"""What one name of a path must be; None for any number of names."""
_ANY = re.compile(translate("*"))
_MANY = re.compile(r"\*\*+")
_BEHIND_LETTERS = re.compile(r"(?P<letters>[^*?\[\\]*+(?<=[^/]))\*\*++(?:/\*\*++(?=/|$))*+(?P<rest>(?:/.*)?)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file."""

    parts: tuple[Part, ...]
    keeps: bool
    """Whether it takes back what an earlier one ignored."""
    folders: bool
    """Whether it is about folders alone."""
    anywhere: bool
    """Whether it names a file in any folder, not a path."""

    def matches(self, names: Sequence[str], is_folder: bool) -> bool:
        """Whether it is about a path, given by its names."""
        if self.folders and not is_folder:
            return False
        return _match(self.parts, names[-1:] if self.anywhere else names)


class Patterns:
    """One ignore file; paths are relative to the folder that it lies in."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._last_first = tuple(patterns)[::-1]
        self._paths = any(not pattern.anywhere for pattern in self._last_first)

    def says(self, names: Sequence[str], is_folder: bool) -> bool | None:
        """Whether a path is ignored; None where no line is about it."""
        if not self._paths and not self._names.match(names[-1]):
            return None
        found = (pattern for pattern in self._last_first if pattern.matches(names, is_folder))
        pattern = next(found, None)
        return None if pattern is None else not pattern.keeps

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """A name that some pattern is about: nearly every file is dismissed by this one look."""
        parts = {part.pattern for pattern in self._last_first for part in pattern.parts if part}
        return re.compile("|".join(sorted(parts)) or "(?!)")


class Ignored:
    """What git ignores in one checkout, as its files say now."""

    def __init__(self, root: str, everywhere: Sequence[Patterns] = ()) -> None:
        self._root = root
        self._everywhere = everywhere
        """What counts after the ignore files, the gravest first."""
        self._active: dict[str, tuple[tuple[int, Patterns], ...]] = {}
        """By folder, the ignore files that hold in it, the nearest first, and how deep they lie."""

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Whether a path is ignored by itself, in a folder that is not."""
        folder, _, _ = path.rpartition("/")
        names = path.split("/")
        for depth, patterns in (*self._in(folder), *((0, patterns) for patterns in self._everywhere)):
            said = patterns.says(names[depth:], is_folder)
            if said is not None:
                return said
        return False

    def hides(self, path: str) -> bool:
        """Whether a file, or a folder that it lies in, is ignored."""
        names = path.split("/")
        return ".git" in names or any(
            self.ignores("/".join(names[:depth]), depth < len(names)) for depth in range(1, len(names) + 1)
        )

    def _in(self, folder: str) -> tuple[tuple[int, Patterns], ...]:
        if folder not in self._active:
            above = self._in(folder.rpartition("/")[0]) if folder else ()
            own = read(f"{self._root}/{folder}/{NAME}" if folder else f"{self._root}/{NAME}")
            depth = folder.count("/") + 1 if folder else 0
            self._active[folder] = ((depth, own), *above) if own else above
        return self._active[folder]


def ignored(root: str) -> Ignored:
    """What is ignored in a checkout."""
    own = read(f"{root}/.git/info/exclude")
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    users = read(f"{base}/git/ignore")
    return Ignored(root, [patterns for patterns in (own, users) if patterns])


def read(path: str) -> Patterns | None:
    """An ignore file; None where there is none, or nothing in it."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", opener=_plain) as file:
            lines = file.read(LONGEST).split("\n")
    except OSError:
        return None
    found = tuple(parsed(lines[:MOST]))
    return Patterns(found) if found else None


def parsed(lines: Iterable[str]) -> Iterator[Pattern]:
    """The patterns of lines."""
    for line in lines:
        text = _without_blanks(line.rstrip("\r"))
        if not text or text.startswith("#"):
            continue
        keeps = text.startswith("!")
        text = text[1:] if keeps else text
        folders, anywhere = text.endswith("/"), "/" not in text.removesuffix("/")
        path = text.removesuffix("/").removeprefix("/")
        for meant in [path] if anywhere else _as_git_looks(path):
            names = meant.split("/")
            if all(names):  # a second slash is a name without letters, which there is none of
                yield Pattern(_parts(names), keeps, folders, anywhere)


def _without_blanks(line: str) -> str:
    """Without spaces at its end; a backslash keeps the first of them."""
    bare = line.rstrip(" ")
    is_kept = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1 and bare != line
    return f"{bare} " if is_kept else bare


def _plain(path: str, flags: int) -> int:
    """Opens no pipe and no device that would make us wait."""
    return os.open(path, flags | os.O_NONBLOCK)


def _as_git_looks(path: str) -> list[str]:
    """Git compares the letters in front of the first sign by themselves, so that `a**/b` begins a pattern at `**`."""
    found = _BEHIND_LETTERS.fullmatch(path)
    if found is None:
        return [path]
    letters, rest = found["letters"], found["rest"]
    return [f"{letters}{rest[1:]}", f"{letters}*/**{rest}"] if rest else [f"{letters}*", f"{letters}*/**"]


def _parts(names: Sequence[str]) -> tuple[Part, ...]:
    found = [None if _MANY.fullmatch(name) else re.compile(translate(_spelled(name))) for name in names]
    return (*found, _ANY) if found[-1] is None else tuple(found)  # `a/**` is all in `a`, and not `a`


def _spelled(name: str) -> str:
    """A name as Python's own globs are spelled: they know no backslash, and `!` alone turns a class around."""
    name = re.sub(r"\\(.)", lambda found: f"[{found[1]}]" if found[1] in "*?[" else found[1], name)
    return name.replace("[^", "[!")


def _match(parts: Sequence[Part], names: Sequence[str]) -> bool:
    """Whether names are what parts say; as in globs, only the last `**` need ever be tried again."""
    part = name = 0
    again: tuple[int, int] | None = None
    while name < len(names):
        here = parts[part] if part < len(parts) else _NEVER
        if here is None:
            again = part, name
            part += 1
        elif here.match(names[name]):
            part, name = part + 1, name + 1
        elif again is None:
            return False
        else:
            again = again[0], again[1] + 1
            part, name = again[0] + 1, again[1]
    return all(part is None for part in parts[part:])


_NEVER = re.compile("(?!)")
