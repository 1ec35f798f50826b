"""Globs over whole paths: `*` and `?` stay in a folder, `**` does not, `{a,b}` is either.

All ways to read a pattern are followed at once, one character after the other: a regular expression would try them in
turn, and a pattern with many `**` against a deep path, both of which somebody else may write, would take for ever.
"""

import re
from collections.abc import Iterable, Sequence

PART = re.compile(r"\*\*/?|[*?{},]|[^*?{},]+")
Step = str | tuple[int, ...]
"""What one character must be, or the steps to go on at without one."""
NAME, ANY = "name", "any"
Move = tuple[frozenset[int], str]
"""Where one stands, and the next character."""
MOST_KNOWN = 10_000
LONGEST = 1_000
"""Characters of a pattern; a longer one names nothing."""


class Glob:
    """One pattern, or several parts of one in a row."""

    def __init__(self, *parts: str) -> None:
        self._steps: list[Step] = []
        for part in parts if sum(map(len, parts)) <= LONGEST else ("",):
            pieces = PART.findall(part)
            if _paired(pieces):
                _add(self._steps, pieces)
            else:  # a text as a whole
                self._steps += part
        self._start = _on(self._steps, {0})
        self._known: dict[Move, frozenset[int]] = {}

    def matches(self, path: str) -> bool:
        """Whether it is the whole path that the pattern names."""
        at = self._start
        for character in path:
            key = (at, character)
            at = self._known.get(key) or self._move(key)
            if not at:
                return False
        return len(self._steps) in at

    def _move(self, key: Move) -> frozenset[int]:
        at, character = key
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        eating = {index + 1 for index in at if _eats(self._steps, index, character)}
        return self._known.setdefault(key, _on(self._steps, eating))


def _paired(pieces: Iterable[str]) -> bool:
    depth = 0
    for piece in pieces:
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if depth < 0:
            return False
    return depth == 0


def _add(steps: list[Step], pieces: Iterable[str]) -> None:
    open_braces: list[tuple[int, list[int], list[int]]] = []
    for piece in pieces:
        here = len(steps)
        match piece:
            case "**/":
                steps += [(here + 1, here + 5), (here + 2, here + 4), ANY, (here + 1,), "/"]
            case "**" | "*":
                steps += [(here + 1, here + 3), ANY if piece == "**" else NAME, (here,)]
            case "?":
                steps.append(NAME)
            case "{":
                steps.append(())
                open_braces.append((here, [here + 1], []))
            case "," if open_braces:
                steps.append(())
                open_braces[-1][1].append(here + 1)
                open_braces[-1][2].append(here)
            case "}":
                start, choices, ends = open_braces.pop()
                steps[start] = tuple(choices)
                for end in ends:
                    steps[end] = (here,)
            case _:
                steps += piece


def _on(steps: Sequence[Step], at: set[int]) -> frozenset[int]:
    """Every place that is reached from these without a character."""
    reached, left = set(at), list(at)
    while left:
        index = left.pop()
        step = steps[index] if index < len(steps) else ""
        if isinstance(step, tuple):
            left += [target for target in step if target not in reached]
            reached |= set(step)
    return frozenset(reached)


def _eats(steps: Sequence[Step], index: int, character: str) -> bool:
    step = steps[index] if index < len(steps) else ()
    return step in (character, ANY) or (step == NAME and character != "/")
