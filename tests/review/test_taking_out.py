"""Taking a task's own spec out of a text, or ticking it."""

import pytest

from specwright.config.settings import SpecSettings
from specwright.review.taking_out import without_own
from specwright.spec.digest import digest
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.own import Own
from specwright.spec.parser import parse
from specwright.spec.reading import Reading
from specwright.spec.unread import unread

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
    found = without_own(split_lines(text), OWN)
    assert left == (None if found is None else "".join(found))


def test_a_mark_stays_alone_where_a_docstring_becomes_its_title() -> None:
    found = without_own(split_lines('\ufeff"""spec! Say two\n- [ ] it says two\n"""\n'), OWN)
    assert found == ['\ufeff"""Say two."""\n']


@pytest.mark.parametrize("begin", ["", "\ufeff"])
def test_a_block_that_stays_is_ticked_where_something_showed_it(begin: str) -> None:
    text = "# spec! Say two\n# - [ ] it says two\n# - [ ] it shouts\nx = 1\n"
    [spec], _ = parse(text, PYTHON)
    own = Own("a.py", digest(spec), "Say two", keeps=True, shown=frozenset({2}))
    found = without_own(split_lines(begin + text), own)
    assert "".join(found or ()) == begin + text.replace("- [ ] it shouts", "- [x] it shouts")


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("- [ ] it says two", "- [x] it says two"),
        ("* \\[ \\] it says two", "* \\[x\\] it says two"),
        ("- [X] it says two", "- [X] it says two"),
        ("## Acceptance criteria\n\n- it says two, check: `true`", None),
        ("## Acceptance criteria\n- out[0] says two", None),
        ("## Acceptance criteria\n- [0] says two", None),
        ("## Acceptance criteria\n1. [ ] it says two", None),
        ("## Acceptance criteria\nIt says\ntwo[ ]", None),
    ],
)
def test_a_file_that_is_one_spec_always_stays(line: str, after: str | None) -> None:
    reading, text = Reading(SpecSettings()), f"# Say two\n\n{line}\n"
    [spec], _ = reading.parse(text, ".specs/a.spec.md")
    own = Own(".specs/a.spec.md", digest(spec), "Say two", reading=reading, shown=frozenset({1}))
    found = without_own(split_lines(text), own)
    assert "".join(found or ()) == text.replace(line, after or line)


SECTION = "# Plan\n\n## spec! Say two\n\nBecause.\n\n- [ ] it says two\n\n## Next\n"
LONG = "word " * 2001
BESIDE = {
    "a fence": "```py\ntwo = 2\n```\n",
    "a comment": "<!-- ask before the release -->\n",
    "a comment of lines": "<!--\nask before the release\n-->\n",
    "a long line": LONG + "\n",
    "code": "    two = 2\n",
    "a heading": "### Of two\n",
    "below the end": "/spec!\n\nBeside.\n",
}


def own_of(text: str, path: str) -> Own:
    [spec], _ = parse(text, language_of(path), path)
    return Own(path, digest(spec), spec.title, unread=unread(split_lines(text), spec))


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_a_section_goes_with_what_was_in_it_when_it_was_queued_alone(beside: str) -> None:
    more = SECTION.replace("says two\n", f"says two\n\n{beside}")
    assert without_own(split_lines(more), own_of(SECTION, "a.md")) is None
    assert without_own(split_lines(SECTION), own_of(more, "a.md")) is None
    assert "".join(without_own(split_lines(more), own_of(more, "a.md")) or ()) == "# Plan\n\n## Next\n"


@pytest.mark.parametrize("other", ["\n\n\n", "\n---\n\n", "\n- allow: SPEC103 so be it\n\n"])
def test_a_section_goes_with_what_says_nothing(other: str) -> None:
    more = SECTION.replace("says two\n\n", f"says two\n{other}")
    assert "".join(without_own(split_lines(more), own_of(SECTION, "a.md")) or ()) == "# Plan\n\n## Next\n"


@pytest.mark.parametrize(
    ("queued", "formatted"),
    [
        ("~~~py\nx = 1\n~~~\n", "```py\nx = 1\n```\n"),
        ("``` py\nx = 1\n```\n", "```py\nx = 1\n```\n"),
        ("### Sub ###\n", "### Sub\n"),
        ("<!--   keep -->\n", "<!-- keep -->\n"),
        ("```json\n{'a':1}\n```\n", '```json\n{ "a": 1 }\n```\n'),
    ],
)
def test_a_formatter_keeps_no_section(queued: str, formatted: str) -> None:
    before, after = (SECTION.replace("says two\n", f"says two\n\n{beside}") for beside in (queued, formatted))
    assert "".join(without_own(split_lines(after), own_of(before, "a.md")) or ()) == "# Plan\n\n## Next\n"


def test_a_fence_goes_with_what_was_in_it_when_it_was_queued_alone() -> None:
    text = "one\n\n~~~spec\nspec! Say two\n- [ ] it says two\n~~~\n\nthree\n"
    more = text.replace("says two\n", "says two\n/spec!\nBeside.\n")
    assert without_own(split_lines(more), own_of(text, "a.md")) is None
    assert "".join(without_own(split_lines(text), own_of(text, "a.md")) or ()) == "one\n\n\nthree\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.c", "/* spec! A\n - [ ] x\n\n*/\nint x;\n"),
        ("a.c", "/*\n\n spec! A\n - [ ] x */\nint x;\n"),
        ("a.py", 'def f():\n    """spec! A\n    - [ ] x\n\n    """\n    return 1\n'),
    ],
)
def test_a_comment_that_is_read_in_part_stays(path: str, text: str) -> None:
    own, more = own_of(text, path), text.replace("\n\n", f"\n\n{LONG}\n")
    assert without_own(split_lines(more), own) is None
    assert without_own(split_lines(text), own)
