"""The order in which hunks are shown: what most needs a look comes first. It decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from specwright.review.hunks import Hunk, HunkKind


class Risk(IntEnum):
    """Why a hunk is shown early; the smaller the earlier."""

    FINDING = 0  # a gate has something to say about it
    CHECKS = 1  # it changes tests or the gates' configuration
    DELETION = 2  # it takes lines or a file away and puts nothing there
    OUTSIDE = 3  # its file is not in the spec's scope
    OTHER = 4


@dataclass(frozen=True, slots=True)
class Concerns:
    """What the order asks about hunks and paths."""

    has_finding: Callable[[Hunk], bool]
    is_check: Callable[[str], bool]
    in_scope: Callable[[str], bool]


def risk(hunk: Hunk, concerns: Concerns) -> Risk:
    """The first reason to look at this hunk."""
    if concerns.has_finding(hunk):
        return Risk.FINDING
    if concerns.is_check(hunk.path):
        return Risk.CHECKS
    if _only_deletes(hunk):
        return Risk.DELETION
    return Risk.OTHER if concerns.in_scope(hunk.path) else Risk.OUTSIDE


def by_risk(hunks: tuple[Hunk, ...], concerns: Concerns) -> list[Hunk]:
    """The hunks, riskiest first; among equals by path and place."""
    return sorted(hunks, key=lambda hunk: (risk(hunk, concerns), hunk.path, hunk.old_start, hunk.new_start))


def _only_deletes(hunk: Hunk) -> bool:
    if hunk.kind is HunkKind.DELETED:
        return True
    return hunk.kind is HunkKind.TEXT and hunk.new_start == hunk.new_end
