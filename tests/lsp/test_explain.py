"""Hovers of the language: keys, the marker, criteria."""

import pytest

from lsp.texts import ENCODINGS, document, place, size
from specwright.lsp.authoring import explained
from specwright.lsp.explain import hover
from specwright.spec.keys import BY_NAME

TEXT = (
    "# spec! Say two\n# Goal.\n# - [ ] it *says* two, check: `pytest -q`\n# - [ ] a person\n# looks, check: manual\n"
    "# - [ ] nothing\n# - wont: more\n# - odd: x\n# - http://x\n"
)


def told(line: int, column: int, text: str = TEXT) -> str:
    found = hover(document(text), place(line, column))
    return found.contents.value if found else ""


@pytest.mark.parametrize(
    ("line", "column", "parts"),
    [
        (0, 3, ["begin a spec", "spec! Read"]),
        (2, 10, ["**AC1**", "it \\*says\\* two", "pytest -q"]),
        (4, 3, ["**AC2**", "A person checks it"]),
        (5, 3, ["**AC3**", "Nothing checks it yet"]),
        (6, 5, ["**`wont`** (the same as `not`)", "out of scope", BY_NAME["not"].example]),
    ],
)
def test_what_is_explained(line: int, column: int, parts: list[str]) -> None:
    assert all(part in told(line, column) for part in parts)


@pytest.mark.parametrize(("line", "column"), [(0, 9), (1, 4), (6, 12), (7, 5), (8, 5), (9, 0), (99, 0)])
def test_titles_prose_and_values_are_not(line: int, column: int) -> None:
    assert told(line, column) == ""


@pytest.mark.parametrize("name", BY_NAME)
def test_every_key_has_one(name: str) -> None:
    example = BY_NAME[name].example
    found = told(1, 5, f"# spec! A\n# {example}\n")
    assert (name == "goal") == (found == "")
    assert name == "goal" or example in found


@pytest.mark.parametrize("name", ENCODINGS)
def test_its_range_counts_as_the_client_does(name: str) -> None:
    made = document("# spec! A\n# - [ ] 😀 two\n", name)
    found = hover(made, place(1, 4))
    assert found
    assert found.range.end.character == size("# - [ ] 😀 two", name)


def test_it_stands_above_what_else_is_told() -> None:
    made = document(TEXT)
    other = hover(made, place(0, 3))
    both = explained(made, place(6, 5), other)
    assert both
    assert both.contents.value.index("wont") < both.contents.value.index("---") < both.contents.value.index("begin")
    assert explained(made, place(1, 4), other) == other
