"""Which of two versions of the program is the newer one."""

import re

PARTS = re.compile(r"(?P<numbers>\d+(?:\.\d+)*)(?P<rest>.*)")


def is_newer(version: str, other: str) -> bool:
    """Whether the first is newer; a pre-release is older than its release, and what is no version than anything."""
    return _key(version) > _key(other)


def _key(version: str) -> tuple[tuple[int, ...], bool, str]:
    found = PARTS.match(version)
    if found is None:
        return (), False, ""
    numbers = [int(part) for part in found["numbers"].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    rest = found["rest"].partition("+")[0]
    return tuple(numbers), not rest, rest
