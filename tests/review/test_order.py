import pytest

from specwright.review.hunks import Hunk, HunkKind
from specwright.review.order import Risk, by_risk, risk

BEARING, FOUND = {"Makefile"}, {"Makefile", "src/found.py"}
ADDS, REPLACES, TAKES = (3, 3, 3, 5), (3, 4, 3, 5), (3, 5, 3, 3)


def hunk(number: int, path: str, lines: tuple[int, int, int, int], kind: HunkKind = HunkKind.TEXT) -> Hunk:
    return Hunk(f"1.{number}", path, *lines, kind)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (hunk(1, "Makefile", REPLACES), Risk.TRUST),
        (hunk(1, "src/found.py", TAKES), Risk.FINDING),
        (hunk(1, "src/a.py", TAKES), Risk.DELETION),
        (hunk(1, "src/a.py", (0, 0, 0, 0), HunkKind.DELETED), Risk.DELETION),
        (hunk(1, "src/a.py", (0, 0, 0, 0), HunkKind.MODE), Risk.OTHER),
        (hunk(1, "src/a.py", REPLACES), Risk.OTHER),
    ],
)
def test_the_first_reason_to_look_counts(shown: Hunk, expected: Risk) -> None:
    assert risk(shown.path, [shown], BEARING, FOUND) is expected


def test_one_hunk_that_only_deletes_is_enough() -> None:
    assert risk("a.py", [hunk(1, "a.py", ADDS), hunk(2, "a.py", TAKES)], (), ()) is Risk.DELETION


def test_the_riskiest_come_first_and_equals_as_they_come() -> None:
    hunks = (
        hunk(1, "src/b.py", REPLACES),
        hunk(2, "src/a.py", ADDS),
        hunk(3, "src/a.py", REPLACES),
        hunk(4, "src/c.py", TAKES),
        hunk(5, "src/found.py", ADDS),
        hunk(6, "Makefile", ADDS),
    )
    assert by_risk(hunks, BEARING, FOUND) == ["Makefile", "src/found.py", "src/c.py", "src/b.py", "src/a.py"]
