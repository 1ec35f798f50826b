from dataclasses import replace
from typing import Any

import pytest

from specwright.agents.prompt import SYSTEM, follow_up, opening
from specwright.tasks.model import Finding, Level, Wanted
from specwright.tasks.protocols import Brief

FINDING = Finding("lint", "E501", Level.LOW, "line too long", "a.py", 3)
PLACELESS = Finding("tests", "", Level.HIGH, "2 failed")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "The spec:\n\n# Greet in German"),
        ({}, "- greeting.py"),
        ({"scope": ()}, "names no files"),
        ({"criteria": (Wanted(1, "It greets", "pytest -q"),)}, "- AC1: It greets (checked by: pytest -q)"),
        ({"criteria": (Wanted(2, "It is fine", None, True),)}, "- AC2: It is fine (a person looks at it)"),
        ({"remarks": ("Use hallo.",)}, "The author of the spec says:\n- Use hallo."),
        ({"findings": (FINDING,)}, "- [lint E501] a.py:3: line too long"),
        ({"findings": (PLACELESS,)}, "- [tests] 2 failed"),
    ],
)
def test_the_first_message_says_all_that_the_brief_says(brief: Brief, change: dict[str, Any], words: str) -> None:
    assert words in opening(replace(brief, **change))


def test_a_later_message_says_what_is_new(brief: Brief) -> None:
    text = follow_up(replace(brief, remarks=("More.",), findings=(FINDING,)))
    assert "More." in text
    assert "line too long" in text
    assert brief.spec not in text
    assert follow_up(brief).startswith("Go on")


def test_the_system_text_names_nothing_that_varies() -> None:
    assert not any(word in SYSTEM for word in ("/tmp", "20", "slot", "k7f3qa"))
