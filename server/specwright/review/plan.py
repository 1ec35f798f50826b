"""Three-way plan: what stands of a run's hunks in a live text, and the edits that apply or take back some.

The human's text always wins: nothing here writes over lines that are neither base's nor the result's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from specwright.errors import Refused
from specwright.review.diff import Change, diff
from specwright.review.hunks import BY_LINES, Decision, Hunk, HunkKind, HunkState
from specwright.review.reading import At, Lines, Place, Proposal, Reading, places, reading_of
from specwright.review.spelling import Spelling, below_bom, spelling_of, without_bom
from specwright.spec.edit import LineEdit


@dataclass(frozen=True, slots=True)
class Fact:
    """A verdict on one hunk; `final` once it can be reversed by `undo` alone."""

    decision: Decision
    final: bool

    @property
    def accepted(self) -> bool:
        """Whether the hunk is wanted."""
        return self.decision is Decision.ACCEPTED


@dataclass(frozen=True, slots=True)
class Standing:
    """A hunk in the live text: its region `[start, end)` there, what that holds, and what is displayed."""

    hunk: Hunk
    state: HunkState
    at: At
    start: int
    end: int
    note: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A live text as a reading and what the human typed on top of it, and where that leaves the hunks."""

    reading: Reading
    edits: tuple[Change, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a file's hunks stand in `live`, under these facts.

    `live` is the caller's own sequence and must stay as it was planned; None where the file is gone.
    """

    live: Sequence[str] | None
    facts: Mapping[str, Fact]
    explained: Explained
    spelling: Spelling

    @property
    def standings(self) -> tuple[Standing, ...]:
        """One per hunk, in the order of the hunks."""
        return self.explained.standings

    @property
    def proposal(self) -> Proposal:
        """The two sides and their hunks, spelled as they are compared."""
        return self.explained.reading.proposal

    def standing(self, hunk_id: str) -> Standing:
        """The standing of one hunk; `Refused` if the plan has none with this id."""
        for standing in self.standings:
            if standing.hunk.id == hunk_id:
                return standing
        raise Refused(f"There is no hunk {hunk_id} in this file: look at the run's list of hunks again.")


def plan(
    base: Sequence[str],
    result: Sequence[str],
    live: Sequence[str] | None,
    hunks: Iterable[Hunk],
    facts: Mapping[str, Fact],
    *,
    barred: bool = False,
) -> Plan:
    """Where the hunks of `base` to `result` stand in `live`; lines with terminators, the own block taken out.

    Plans hunks of text and of a file created or deleted; for the other kinds see `whole_file`. Where the file is
    `barred`, it is neither created nor deleted.
    """
    spelling = spelling_of(live or (), base, result)
    planned = tuple(hunk for hunk in hunks if hunk.kind in BY_LINES)
    proposal = Proposal(spelling.compared(list(base)), spelling.compared(list(result)), planned)
    text = None if live is None else spelling.compared(without_bom(list(live)))
    if text is None or any(hunk.kind is not HunkKind.TEXT for hunk in planned):
        explained = _whole(proposal, text, facts, len(live or ()), barred)
    else:
        explained = _best(proposal, text, facts)
    return Plan(live, facts, explained, spelling)


def explained_by(reading: Reading, edits: tuple[Change, ...], live: Lines, facts: Mapping[str, Fact]) -> Explained:
    """`live` as this reading and the `edits` that lead from its lines to it."""
    found = places(reading, edits, live)
    hunks = reading.proposal.hunks
    standings = tuple(_shown(hunk, place, facts) for hunk, place in zip(hunks, found, strict=True))
    return Explained(reading, edits, standings)


def whole_at(base: object, result: object, live: object) -> At:
    """What a whole file is at, by any value that tells its states apart: text, digest, mode or path."""
    if live == result:
        return At.RESULT
    return At.BASE if live == base else At.NEITHER


def whole_file(hunk: Hunk, at: At, fact: Fact | None) -> Standing:
    """The standing of a hunk that takes its file whole and is judged by `whole_at`."""
    return _shown(hunk, Place(at, 0, 0), {hunk.id: fact} if fact else {})


def accept(plan: Plan, ids: Iterable[str]) -> list[LineEdit]:
    """The edits of the live text, bottom to top, that put these hunks in; none for those that are in.

    Raises `Refused`, naming the hunks, if one can't be put in without writing over the human's text.
    """
    chosen = [plan.standing(hunk_id) for hunk_id in ids]
    _refuse(
        [standing for standing in chosen if standing.at is At.NEITHER],
        "can't be accepted, the text there was changed by hand: take theirs, keep yours or keep both",
    )
    absent = [standing for standing in chosen if standing.at is At.BASE]
    _refuse(
        [standing for standing in absent if standing.state is HunkState.ACCEPTED],
        "can't be accepted once more, the text was taken back by hand: undo the verdict first",
    )
    return _towards(plan, At.RESULT, absent)


def reject(plan: Plan, ids: Iterable[str]) -> list[LineEdit]:
    """The edits, bottom to top, that take accepted hunks out again; none for those that are not in.

    What the human typed stays, even if it equals the result. Raises `Refused`, naming the hunks, if one was
    accepted and edited since.
    """
    chosen = [plan.standing(hunk_id) for hunk_id in ids]
    _refuse(
        [standing for standing in chosen if standing.state is HunkState.EDITED],
        "can't be taken back, the text was changed by hand since: change it back first",
    )
    accepted = [standing for standing in chosen if standing.state is HunkState.ACCEPTED]
    return _towards(plan, At.BASE, [standing for standing in accepted if standing.at is At.RESULT])


_TROUBLE = frozenset({HunkState.CONFLICT, HunkState.EDITED})
_DISPLAY = {
    (At.RESULT, None): (HunkState.PENDING, "already there"),
    (At.BASE, None): (HunkState.PENDING, ""),
    (At.NEITHER, None): (HunkState.CONFLICT, ""),
    (At.RESULT, Decision.ACCEPTED): (HunkState.ACCEPTED, ""),
    (At.BASE, Decision.ACCEPTED): (HunkState.ACCEPTED, "taken back since"),
    (At.NEITHER, Decision.ACCEPTED): (HunkState.EDITED, ""),
    (At.RESULT, Decision.REJECTED): (HunkState.REJECTED, "but it is in the file"),
    (At.BASE, Decision.REJECTED): (HunkState.REJECTED, ""),
    (At.NEITHER, Decision.REJECTED): (HunkState.REJECTED, ""),
}


def _best(proposal: Proposal, live: list[str], facts: Mapping[str, Fact]) -> Explained:
    """The first reading without trouble, else the one with least; ties go to the earlier."""
    found = []
    for applied in _suppositions(proposal, live, facts):
        reading = reading_of(proposal, applied)
        explained = explained_by(reading, tuple(diff(reading.lines, live)), live, facts)
        if not _trouble(explained):
            return explained
        found.append(explained)
    return min(found, key=_trouble)


def _trouble(explained: Explained) -> int:
    return sum(standing.state in _TROUBLE for standing in explained.standings)


def _suppositions(proposal: Proposal, live: list[str], facts: Mapping[str, Fact]) -> tuple[frozenset[str], ...]:
    """Which hunks may have been put in; whole-file undo and redo are exact."""
    none: frozenset[str] = frozenset()
    every = frozenset(hunk.id for hunk in proposal.hunks)
    if live == proposal.base:
        return (none,)
    if live == proposal.result:
        return (every,)
    accepted = frozenset(hunk_id for hunk_id in every if hunk_id in facts and facts[hunk_id].accepted)
    return tuple(dict.fromkeys((accepted, none, every)))


def _whole(proposal: Proposal, text: list[str] | None, facts: Mapping[str, Fact], size: int, barred: bool) -> Explained:
    """The standings in a file that is created, deleted or gone, `size` live lines long."""
    gone = "file is gone" if text is None and not barred else ""
    standings = []
    for hunk in proposal.hunks:
        at = _whole_text_at(proposal, hunk, text)
        if barred and (text is None or at is At.BASE):
            at = At.NEITHER
        standings.append(_shown(hunk, Place(at, 0, size), facts, gone))
    return Explained(reading_of(proposal, frozenset()), (), tuple(standings))


def _whole_text_at(proposal: Proposal, hunk: Hunk, text: list[str] | None) -> At:
    if hunk.kind is HunkKind.DELETED:
        return whole_at(proposal.base, None, text)
    if hunk.kind is HunkKind.TEXT:
        return At.NEITHER
    # A file that holds nothing, or held nothing but the spec, may be written like one that is not there.
    return whole_at(text if not text else None, proposal.result, text)


def _shown(hunk: Hunk, place: Place, facts: Mapping[str, Fact], gone: str = "") -> Standing:
    fact = facts.get(hunk.id)
    state, note = _DISPLAY[place.at, fact.decision if fact else None]
    if fact == Fact(Decision.ACCEPTED, final=False) and place.at is At.BASE:
        state, note = HunkState.PENDING, "undone"
    if place.at is At.NEITHER:
        note = gone
    return Standing(hunk, state, place.at, place.start, place.end, note)


def _refuse(standings: list[Standing], reason: str) -> None:
    if standings:
        names = ", ".join(standing.hunk.id for standing in standings)
        raise Refused(f"{standings[0].hunk.path}: {names} {reason}.")


def _towards(plan: Plan, at: At, standings: list[Standing]) -> list[LineEdit]:
    edits = [_edit(plan, standing, at) for standing in standings]
    return sorted(edits, key=lambda edit: edit.start, reverse=True)


def _edit(plan: Plan, standing: Standing, at: At) -> LineEdit:
    live = plan.live or ()
    region = list(live[standing.start : standing.end])
    if plan.spelling.compared(without_bom(region)) != plan.proposal.lines(standing.hunk, standing.at):
        _refuse([standing], "does not stand where it was planned: try again")
    lines = plan.spelling.written(plan.proposal.lines(standing.hunk, at))
    edit = LineEdit(standing.start, standing.end, tuple(lines))
    return below_bom(edit, live) if plan.spelling.bom else edit
