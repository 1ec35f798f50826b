from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.texts import (
    FINAL,
    PROVISIONAL,
    REJECTED,
    after_accepting,
    changed,
    hunks_between,
    lines,
    numbered,
    pending,
    planned,
    repetitive_trios,
    states,
    steps,
    trios,
)
from specwright.errors import Refused
from specwright.review.edits import applied
from specwright.review.hunks import ABSENT, BY_LINES, REGULAR_FILE, FileResult, Hunk, HunkKind, HunkState, hunks_of
from specwright.review.plan import Fact, Plan, accept, plan, reject, whole_at, whole_file
from specwright.review.reading import At
from specwright.review.spelling import BOM
from specwright.spec.edit import LineEdit
from specwright.spec.lines import split_lines

Trio = tuple[list[str], list[str], list[str]]
BASE, RESULT, MINE = "1 a 2", "1 x 2", "1 mine 2"


@pytest.mark.parametrize(
    ("live", "fact", "state", "note"),
    [
        (BASE, None, HunkState.PENDING, ""),
        (RESULT, None, HunkState.PENDING, "already there"),
        (MINE, None, HunkState.CONFLICT, ""),
        (BASE, FINAL, HunkState.ACCEPTED, "taken back since"),
        (RESULT, FINAL, HunkState.ACCEPTED, ""),
        (MINE, FINAL, HunkState.EDITED, ""),
        (BASE, PROVISIONAL, HunkState.PENDING, "undone"),
        (RESULT, PROVISIONAL, HunkState.ACCEPTED, ""),
        (MINE, PROVISIONAL, HunkState.EDITED, ""),
        (BASE, REJECTED, HunkState.REJECTED, ""),
        (RESULT, REJECTED, HunkState.REJECTED, "but it is in the file"),
        (MINE, REJECTED, HunkState.REJECTED, ""),
    ],
)
def test_states(live: str, fact: Fact | None, state: HunkState, note: str) -> None:
    found = planned(lines(BASE), lines(RESULT), lines(live), {"1.1": fact} if fact else {})
    assert [(standing.state, standing.note) for standing in found.standings] == [(state, note)]


@pytest.mark.parametrize(
    ("base", "result", "live", "kind", "state"),
    [
        (None, "a\n", None, HunkKind.CREATED, HunkState.PENDING),
        (None, "a\n", "", HunkKind.CREATED, HunkState.PENDING),
        (None, "a\n", "a\n", HunkKind.CREATED, HunkState.PENDING),
        (None, "a\n", "mine\n", HunkKind.CREATED, HunkState.CONFLICT),
        ("a\n", None, "a\n", HunkKind.DELETED, HunkState.PENDING),
        ("a\n", None, None, HunkKind.DELETED, HunkState.PENDING),
        ("a\n", None, "mine\n", HunkKind.DELETED, HunkState.CONFLICT),
        ("a\n", "b\n", None, HunkKind.TEXT, HunkState.CONFLICT),
    ],
)
def test_files_that_come_and_go(
    base: str | None, result: str | None, live: str | None, kind: HunkKind, state: HunkState
) -> None:
    modes = ABSENT if base is None else REGULAR_FILE, ABSENT if result is None else REGULAR_FILE
    hunks = hunks_of(FileResult("a.py", base, result, modes=modes), 1, 1)
    text = None if live is None else split_lines(live)
    found = plan(split_lines(base or ""), split_lines(result or ""), text, hunks, {})
    assert [hunk.kind for hunk in hunks] == [kind]
    assert states(found) == [state]


@pytest.mark.parametrize(
    ("live", "at", "state"),
    [("r", At.RESULT, "pending"), ("b", At.BASE, "pending"), (None, At.NEITHER, "conflict")],
)
def test_hunks_by_bytes_are_judged_by_any_value(live: str | None, at: At, state: str) -> None:
    hunk = Hunk("1.1", "a.png", 0, 0, 0, 0, HunkKind.BINARY)
    assert whole_at("b", "r", live) is at
    assert whole_file(hunk, at, None).state == state
    assert whole_file(hunk, At.RESULT, FINAL).state is HunkState.ACCEPTED
    assert hunk.kind not in BY_LINES


@given(trios())
def test_the_humans_text_is_never_written_over(texts: Trio) -> None:
    base, result, live = texts
    found = planned(base, result, live)
    after = after_accepting(found, pending(found))
    mine = [line for line in live if line not in base and line not in result]
    assert [line for line in after if line in mine] == mine
    taken = {line for line in live if line in base and line not in after}
    assert taken <= set(base) - set(result)


@given(repetitive_trios())
def test_only_regions_that_hold_base_are_replaced(texts: Trio) -> None:
    base, result, live = texts
    found = planned(base, result, live)
    for standing in found.standings:
        region = live[standing.start : standing.end]
        if standing.at is not At.NEITHER:
            assert region == found.proposal.lines(standing.hunk, standing.at)
    after_accepting(found, pending(found))


@given(trios(), st.data())
def test_accept_then_reject_is_identity(texts: Trio, data: st.DataObject) -> None:
    base, result, live = texts
    found = planned(base, result, live)
    absent = [standing.hunk.id for standing in found.standings if standing.at is At.BASE]
    chosen = data.draw(st.lists(st.sampled_from(absent), unique=True)) if absent else []
    after = after_accepting(found, chosen)
    again = planned(base, result, after, dict.fromkeys(chosen, FINAL))
    assert [s.state for s in again.standings if s.hunk.id in chosen] == [HunkState.ACCEPTED] * len(chosen)
    assert applied(after, reject(again, chosen)) == live


@given(steps, st.integers(0, 25), st.randoms(use_true_random=False))
def test_hunks_accepted_one_by_one_in_any_order_give_the_result(
    run: list[tuple[int, int, int]], size: int, order: Random
) -> None:
    base = numbered(size)
    result = changed(base, run, "run")
    ids = [hunk.id for hunk in hunks_between(base, result)]
    order.shuffle(ids)
    live, facts = base, {}
    for hunk in ids:
        live = after_accepting(planned(base, result, live, facts), [hunk])
        facts[hunk] = FINAL
    assert live == result


@given(repetitive_trios())
def test_all_hunks_at_once_give_the_result(texts: Trio) -> None:
    base, result, _ = texts
    found = planned(base, result, base)
    assert after_accepting(found, pending(found)) == result
    accepted = planned(base, result, result, dict.fromkeys(pending(found), FINAL))
    assert applied(result, reject(accepted, pending(found))) == base


@settings(max_examples=60)
@given(trios(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans())
def test_line_ends_bom_and_last_line_of_the_buffer_stay(texts: Trio, end: str, bom: bool, finished: bool) -> None:
    base, result, live = texts
    plain = planned(base, result, live)
    wanted = after_accepting(plain, pending(plain))
    spelled = (BOM if bom else "") + "".join(live).replace("\n", end)
    found = planned(base, result, split_lines(spelled) if live else [])
    after = "".join(after_accepting(found, pending(found)))
    if live:
        assert states(found) == states(plain)
        assert after == (BOM if bom else "") + "".join(wanted).replace("\n", end)


def test_a_missing_last_newline_is_a_change_of_that_line_only() -> None:
    base, result = ["1\n", "2\n", "b"], ["1\n", "2\n", "b\n"]
    found = planned(base, result, ["mine\n", "1\n", "2\n", "b"])
    assert after_accepting(found, pending(found)) == ["mine\n", "1\n", "2\n", "b\n"]


def test_an_accepted_hunk_is_supposed_to_be_in() -> None:
    found = planned(lines("a b"), lines("b"), lines("b b"), {"1.1": FINAL})
    assert [(s.state, s.at) for s in found.standings] == [(HunkState.ACCEPTED, At.RESULT)]


def test_a_bom_stays_in_front_of_the_first_line() -> None:
    found = planned(lines("a b"), lines("x a c"), [f"{BOM}a\n", "b\n"])
    assert after_accepting(found, pending(found)) == [f"{BOM}x\n", "a\n", "c\n"]


def test_both_made_the_same_change() -> None:
    found = planned(lines("1 a 2 b 3"), lines("1 x 2 y 3"), lines("1 x 2 b mine 3"))
    assert [(s.state, s.at) for s in found.standings] == [
        (HunkState.PENDING, At.RESULT),
        (HunkState.CONFLICT, At.NEITHER),
    ]


def check_refused(found: Plan, act: Callable[[Plan, list[str]], list[LineEdit]], *words: str) -> None:
    with pytest.raises(Refused) as refused:
        act(found, ["1.1", "1.2"])
    assert all(word in str(refused.value) for word in words)


def test_a_refusal_names_all_hunks_in_conflict() -> None:
    found = planned(lines("1 a 2 b 3"), lines("1 x 2 y 3"), lines("1 mine 2 own 3"))
    check_refused(found, accept, "a.py", "1.1, 1.2", "changed by hand")


def test_what_was_taken_back_by_hand_is_not_accepted_once_more() -> None:
    facts = {"1.1": FINAL}
    check_refused(planned(lines("1 a 2 b 3"), lines("1 x 2 y 3"), lines("1 a 2 b 3"), facts), accept, "1.1", "undo")


def test_an_edited_hunk_is_not_taken_back() -> None:
    facts = {"1.1": FINAL, "1.2": FINAL}
    check_refused(planned(lines("1 a 2 b 3"), lines("1 x 2 y 3"), lines("1 mine 2 y 3"), facts), reject, "1.1 can't")


def test_an_unknown_hunk_is_refused() -> None:
    with pytest.raises(Refused, match=r"no hunk 9\.9"):
        accept(planned(lines(BASE), lines(RESULT), lines(BASE)), ["9.9"])


def test_text_of_the_humans_that_equals_the_result_stays_at_reject() -> None:
    assert reject(planned(lines(BASE), lines(RESULT), lines(RESULT)), ["1.1"]) == []


def test_a_buffer_that_changed_since_is_not_written() -> None:
    live = lines(BASE)
    found = planned(lines(BASE), lines(RESULT), live)
    live.insert(0, "mine\n")
    with pytest.raises(Refused, match="try again"):
        accept(found, ["1.1"])
