"""How the settings of a project change what is read: words, files that are one spec, languages of its own."""

import pytest

from specwright.config import read
from specwright.spec.digest import digest
from specwright.spec.document import Document
from specwright.spec.lines import split_lines
from specwright.spec.model import Carrier, Spec
from specwright.spec.reading import USUAL, Reading

PATH = ".specs/retry.spec.md"
FULL = """# Retry idempotent requests (#k7f3qa)

The goal stands here.

It has two paragraphs.

## Acceptance criteria

- a 503 returns 200, check: `make test`
- [x] a person looks, check: manual
1. numbered

A paragraph that
goes on.

## Scope
- src/a.py
- files: src/b.py

## Interface
def f() -> int
## Errors
* raises ValueError
## Constraints
- no new dependency
## Non-Goals
- more
## Out of scope
- other: things
## Context
docs/config.md
## Purpose
More of the goal.
## History
Long ago.
"""
OWN = """
[spec]
markers = ["spec!", "work!"]
files = ["plans/*.md"]

[spec.languages.foo]
files = [".foo", "Foofile"]
line = ["@@"]
block = ["(* *)"]
strings = ['"', "~~"]
"""


def reading(text: str) -> Reading:
    settings, problems = read.project(text)
    assert problems == ()
    return Reading(settings.spec)


def specs(text: str, path: str = PATH, by: Reading = USUAL) -> tuple[Spec, ...]:
    return by.parse(text, path)[0]


def test_headings_of_a_file_stand_for_fields() -> None:
    [spec] = specs(FULL)
    assert (spec.title, spec.handle, spec.carrier) == ("Retry idempotent requests", "k7f3qa", Carrier.FILE)
    assert spec.goal == "The goal stands here. It has two paragraphs. More of the goal."
    assert [c.text for c in spec.criteria] == [
        "a 503 returns 200",
        "a person looks",
        "numbered",
        "A paragraph that goes on.",
    ]
    assert (spec.criteria[0].check, spec.criteria[1].manual, spec.criteria[1].ticked) == ("make test", True, True)
    values = {key: spec.values(key) for key in ("files", "api", "error", "must", "not", "see", "note")}
    assert values == {
        "files": ("src/a.py", "src/b.py"), "api": ("def f() -> int",), "error": ("raises ValueError",),
        "must": ("no new dependency",), "not": ("more",), "see": ("docs/config.md",),
        "note": ("other: things", "Long ago."),
    }  # fmt: skip
    title = spec.title_span
    assert FULL.split("\n")[0][title.start.column : title.end.column] == spec.title


def test_a_file_and_flat_bullets_say_the_same() -> None:
    [file] = specs("# A\n\ngoal\n\n## Criteria\n\n## Acceptance criteria\n- x\n## Constraints\n- y\n")
    [flat] = specs("# spec! A\n# goal\n# - [ ] x\n# - must: y\n", "a.py")
    assert digest(file) == digest(flat)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("# A\n- [ ] x", ["A"]), ("# spec! A\n- [ ] x", ["A"]), ("text\n\n# A #\n- [ ] x", ["A"]),
        ("# A\n## spec! B\n- [ ] x\n## spec! C", ["B", "C"]), ("# A\n```spec B\n- [ ] x\n```", ["B"]),
        ("# A\n```md\n# spec! B\n```", ["A"]), ("## A\n- [ ] x", []), ("", []), ("# A\n# B", ["A"]),
        ("---\ntitle: x\n---\n# A", ["A"]), ("<!--\n# B\n-->\n# A", ["A"]), ("# — A", []),
    ],
)  # fmt: skip
def test_which_heading_is_the_title(text: str, titles: list[str]) -> None:
    assert [spec.title for spec in specs(text)] == titles
    document = Document(split_lines(text) or ["\n"], USUAL.language(PATH), USUAL.words, True)
    assert [spec.title for spec in document.specs] == titles


def test_elsewhere_a_heading_without_the_marker_is_none() -> None:
    assert specs("# A\n- [ ] x", "docs/a.spec.md") == ()


def test_settings_add_a_word_files_and_a_language() -> None:
    own = reading(OWN)
    assert [spec.title for spec in specs("# A\n- [ ] x", "plans/a.md", own)] == ["A"]
    assert specs("# A\n- [ ] x", PATH, own) == ()
    text = '@@ work! A\n@@ - [ ] x\nx = "@@ spec! B"\ny = ~~\n@@ spec! C\n~~\n(* spec! D *)\n# spec! E'
    assert [spec.title for spec in specs(text, "a.foo", own)] == ["A", "D"]
    assert [spec.title for spec in specs(text, "Foofile", own)] == ["A", "D"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[spec]\nmarkers = ["todo"]', "'spec.markers' holds 'todo'"),
        ('[spec]\nmarkers = ["a!", "b!"]', "one word besides"),
        ('[spec]\nmarkers = ["A !"]', "'spec.markers' holds 'A !'"),
        ('[spec]\non_accept = "burn"', "'spec.on_accept' must be"),
        ('[spec.languages."a b"]', "can't be the id"),
        ('[spec.languages.a]\nblock = ["x"]', "'spec.languages.a.block' holds 'x'"),
        ('[spec.languages.a]\nwords = ["x"]', "Unknown key 'spec.languages.a.words'"),
    ],
)
def test_bad_settings_are_told_and_left_out(text: str, said: str) -> None:
    settings, [problem] = read.project(text)
    assert said in problem.message
    assert settings.spec.markers[0] == "spec!"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".specs/a.spec.md", "# Say two\n\n- [ ] it says two\n"),
        ("a.md", "## spec! Say two\n\n- [ ] it says two\n"),
        ("a.md", "```spec Say two\n- [ ] it says two\n```\n"),
        ("a.md", "---\nspec: no\n---\n\n## spec! Say two\n\n- [ ] it says two\n"),
    ],
)
def test_a_byte_order_mark_counts_as_white_space(path: str, text: str) -> None:
    [plain], _ = USUAL.parse(text, path)
    [marked], _ = USUAL.parse(f"\ufeff{text}", path)
    assert (marked, marked.title) == (plain, "Say two")
