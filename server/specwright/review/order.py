"""In which order changed files are shown: what most needs a person's eyes comes first."""

from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum

from specwright.review.hunks import Hunk, HunkKind


class Risk(IntEnum):
    """Why a file is shown early; the smaller the earlier."""

    TRUST = 0  # it bears trust
    FINDING = 1  # a gate, or we, have something to say about it
    DELETION = 2  # a hunk takes lines or the file away and puts nothing there
    OTHER = 3


def risk(path: str, hunks: Iterable[Hunk], bearing: Collection[str], found: Collection[str]) -> Risk:
    """The first reason to look at a file; the paths are those that bear trust, and those with findings."""
    if path in bearing:
        return Risk.TRUST
    if path in found:
        return Risk.FINDING
    return Risk.DELETION if any(_only_deletes(hunk) for hunk in hunks) else Risk.OTHER


def by_risk(hunks: Sequence[Hunk], bearing: Collection[str], found: Collection[str]) -> list[str]:
    """The paths of the hunks, the riskiest first, equals as they come."""
    files: dict[str, list[Hunk]] = {}
    for hunk in hunks:
        files.setdefault(hunk.path, []).append(hunk)
    return sorted(files, key=lambda path: risk(path, files[path], bearing, found))


def _only_deletes(hunk: Hunk) -> bool:
    if hunk.kind is HunkKind.DELETED:
        return True
    return hunk.kind is HunkKind.TEXT and hunk.new_start == hunk.new_end
