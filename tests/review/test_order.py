import pytest

from specwright.review.hunks import Hunk, HunkKind
from specwright.review.order import Concerns, Risk, by_risk, risk

CONCERNS = Concerns(
    has_finding=lambda hunk: hunk.id == "1.9",
    is_check=lambda path: path.startswith("tests/"),
    in_scope=lambda path: path.startswith(("src/", "tests/")),
)
ADDS, REPLACES, TAKES = (3, 3, 3, 5), (3, 4, 3, 5), (3, 5, 3, 3)


def hunk(number: int, path: str, lines: tuple[int, int, int, int], kind: HunkKind = HunkKind.TEXT) -> Hunk:
    return Hunk(f"1.{number}", path, *lines, kind)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (hunk(9, "src/a.py", ADDS), Risk.FINDING),
        (hunk(9, "tests/a.py", TAKES), Risk.FINDING),
        (hunk(1, "tests/a.py", TAKES), Risk.CHECKS),
        (hunk(1, "src/a.py", TAKES), Risk.DELETION),
        (hunk(1, "other.py", TAKES), Risk.DELETION),
        (hunk(1, "src/a.py", (0, 0, 0, 0), HunkKind.DELETED), Risk.DELETION),
        (hunk(1, "src/a.py", (0, 0, 0, 0), HunkKind.MODE), Risk.OTHER),
        (hunk(1, "other.py", REPLACES), Risk.OUTSIDE),
        (hunk(1, "src/a.py", REPLACES), Risk.OTHER),
    ],
)
def test_the_first_reason_to_look_counts(shown: Hunk, expected: Risk) -> None:
    assert risk(shown, CONCERNS) is expected


def test_the_riskiest_come_first_and_equals_by_path_and_place() -> None:
    hunks = (
        hunk(1, "src/b.py", REPLACES),
        hunk(2, "src/a.py", (8, 9, 8, 9)),
        hunk(3, "src/a.py", REPLACES),
        hunk(4, "other.py", REPLACES),
        hunk(5, "tests/a.py", ADDS),
        hunk(9, "src/z.py", ADDS),
    )
    assert [shown.id for shown in by_risk(hunks, CONCERNS)] == ["1.9", "1.5", "1.4", "1.3", "1.2", "1.1"]
