"""Taking a task's own spec out of a text."""

import pytest

from specwright.review.taking_out import without_own
from specwright.spec.digest import digest
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.own import Own
from specwright.spec.parser import parse

SPEC = "# spec! Say two\n# - [ ] it says two\n"
PYTHON = language_of("a.py")
[FOUND], _ = parse(SPEC, PYTHON)
OWN = Own("a.py", digest(FOUND), "Say two")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{SPEC}x = 1\n", "x = 1\n"),
        (f"\ufeff{SPEC}x = 1\n", "\ufeffx = 1\n"),
        (f"x = 1\n{SPEC}", "x = 1\n"),
        (f"{SPEC}# - [ ] and more\nx = 1\n", None),
        ("x = 1\n", None),
    ],
)
def test_the_block_goes_and_the_mark_stays(text: str, left: str | None) -> None:
    found = without_own(split_lines(text), OWN, "a.py", PYTHON)
    assert left == (None if found is None else "".join(found))
