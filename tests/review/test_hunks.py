import pytest
from hypothesis import given

from review.texts import numbered, trios
from specwright.review.block import Gap
from specwright.review.edits import applied
from specwright.review.hunks import FileResult, Hunk, HunkKind, added_removed, hunks_of, sides_of, unified_position
from specwright.review.spelling import BOM
from specwright.spec.edit import LineEdit

EXECUTABLE, LINK = "100755", "120000"
NEW, GONE = ("000000", "100644"), ("100644", "000000")


def shown(file: FileResult) -> list[tuple[str, int, int, int, int]]:
    return [
        (hunk.kind.value, hunk.old_start, hunk.old_end, hunk.new_start, hunk.new_end) for hunk in hunks_of(file, 1, 1)
    ]


@given(trios())
def test_all_hunks_together_are_the_result(texts: tuple[list[str], list[str], list[str]]) -> None:
    base, result, _ = texts
    hunks = hunks_of(FileResult("a.py", "".join(base), "".join(result)), 3, 7)
    edits = [LineEdit(h.old_start, h.old_end, tuple(result[h.new_start : h.new_end])) for h in reversed(hunks)]
    assert applied(base, edits) == result
    assert [hunk.id for hunk in hunks] == [f"3.{number}" for number in range(7, 7 + len(hunks))]
    added, removed = added_removed(hunks)
    assert added - removed == len(result) - len(base)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (FileResult("a", "a\n", "a\n"), []),
        (FileResult("a", "a\n", "b\n"), [("text", 0, 1, 0, 1)]),
        (FileResult("a", None, "a\nb\n", modes=NEW), [("created", 0, 0, 0, 2)]),
        (FileResult("a", None, "", modes=NEW), [("created", 0, 0, 0, 0)]),
        (FileResult("a", "a\nb\n", None, modes=GONE), [("deleted", 0, 2, 0, 0)]),
        (FileResult("a", "a\n", "a\n", old_path="b"), [("renamed", 0, 0, 0, 0)]),
        (FileResult("a", "a\n", "b\n", old_path="b"), [("renamed", 0, 0, 0, 0), ("text", 0, 1, 0, 1)]),
        (FileResult("a", "a\n", "a\n", modes=("100644", EXECUTABLE)), [("mode", 0, 0, 0, 0)]),
        (FileResult("a", "x", "y", modes=(LINK, LINK)), [("mode", 0, 0, 0, 0)]),
        (FileResult("a", None, None, binary=True), [("binary", 0, 0, 0, 0)]),
        (FileResult("a", None, "a\n"), [("binary", 0, 0, 0, 0)]),
        (FileResult("a", "a\n", None), [("binary", 0, 0, 0, 0)]),
        (FileResult("a", None, None), [("binary", 0, 0, 0, 0)]),
        (FileResult("a", None, None, modes=NEW), [("binary", 0, 0, 0, 0)]),
        (FileResult("a", None, None, modes=GONE), [("binary", 0, 0, 0, 0)]),
        (FileResult("a", "a\nb\n", "a\r\nb\r\n"), [("line_ends", 0, 0, 0, 0)]),
        (FileResult("a", "a\nb\n", "a\r\nc\r\n"), [("line_ends", 0, 0, 0, 0), ("text", 1, 2, 1, 2)]),
        (FileResult("a", f"{BOM}a\n", "a\n"), [("line_ends", 0, 0, 0, 0)]),
        (FileResult("a", "a\nb", "a\nb\n"), [("text", 1, 2, 1, 2)]),
    ],
)
def test_hunks_by_kind(file: FileResult, expected: list[tuple[str, int, int, int, int]]) -> None:
    assert shown(file) == expected


def test_the_own_block_is_no_part_of_any_hunk() -> None:
    base, result = "B1\nB2\na\nb\n", "a\nB1\nB2\nc\n"
    file = FileResult("a.py", base, result, base_block=range(2), result_block=range(1, 3))
    assert shown(file) == [("text", 1, 2, 1, 2)]
    sides = sides_of(file)
    assert (sides.base, sides.result) == (["a\n", "b\n"], ["a\n", "c\n"])
    assert (sides.base_gap, sides.result_gap) == (Gap(0, 2), Gap(1, 2))


def test_a_run_that_only_removed_its_own_block_changed_nothing() -> None:
    assert shown(FileResult("a.py", "B\na\n", "a\n", base_block=range(1))) == []


def test_a_block_below_a_bom_keeps_its_lines() -> None:
    file = FileResult("a.py", f"{BOM}B\na\n", f"{BOM}B\nb\n", base_block=range(1), result_block=range(1))
    assert shown(file) == [("text", 0, 1, 0, 1)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((0, 1, 0, 2), (1, 1, 1, 2)),
        ((3, 3, 3, 5), (3, 0, 4, 2)),
        ((3, 5, 3, 3), (4, 2, 3, 0)),
        ((0, 0, 0, 1), (0, 0, 1, 1)),
    ],
)
def test_positions_are_those_of_a_unified_diff(
    lines: tuple[int, int, int, int], expected: tuple[int, int, int, int]
) -> None:
    assert unified_position(Hunk("1.1", "a.py", *lines)) == expected


def test_every_kind_is_made() -> None:
    files = [
        FileResult("a", "a\n", "b\r\n", old_path="b", modes=("100644", EXECUTABLE)),
        FileResult("a", None, "a", modes=NEW),
        FileResult("a", "a", None, modes=GONE),
        FileResult("a", None, None, binary=True),
    ]
    assert {hunk.kind for file in files for hunk in hunks_of(file, 1, 1)} == set(HunkKind)


def test_numbered_lines_need_no_more_hunks_than_changes() -> None:
    base = numbered(100)
    result = [line for line in base if line not in {"line 10\n", "line 50\n"}]
    assert shown(FileResult("a", "".join(base), "".join(result))) == [
        ("text", 10, 11, 10, 10),
        ("text", 50, 51, 49, 49),
    ]
