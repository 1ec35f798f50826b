from dataclasses import replace

import pytest

from specwright.spec.identity import Placed, match, slug, words_of
from specwright.spec.own import Own, block

WORDS = words_of("Parse durations", "turn texts into seconds")
OLD = Placed("a.py", "parse-durations", "k7f3qa", words=WORDS)


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        replace(OLD, path="b.py", slug="other", words=frozenset()),
        replace(OLD, path="b.py", handle=None),
        replace(OLD, slug="parse-a-duration", handle=None),
    ],
    ids=["same", "handle", "moved", "reworded"],
)
def test_a_spec_is_found_again(new: Placed) -> None:
    assert match([OLD], [new]) == {OLD: new}


@pytest.mark.parametrize(
    "new",
    [
        Placed("a.py", "other", words=words_of("Something else")),
        Placed("b.py", "parse-a-duration", words=WORDS),
        Placed("a.py", "other"),
    ],
    ids=["new", "words in another file", "no words"],
)
def test_a_new_spec_matches_nothing(new: Placed) -> None:
    assert match([replace(OLD, handle=None)], [new]) == {}


def test_matching_is_one_to_one_and_the_better_rule_wins() -> None:
    copy, here = replace(OLD, path="b.py", handle=None), replace(OLD, handle=None)
    twin = replace(OLD, path="c.py", handle=None)
    assert match([twin, here], [copy, here]) == {here: here, twin: copy}


def test_of_namesakes_in_a_file_each_is_found_at_its_own_place() -> None:
    first, second = Placed("a.py", "same"), Placed("a.py", "same", ordinal=1)
    assert match([second, first], [first, second]) == {first: first, second: second}


def test_slugs_fold_case_and_width() -> None:
    assert slug("  Parse ＩＳＯ-8601 «Durations»! ") == "parse-iso-8601-durations"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# spec! A\n# - [ ] x\n", range(2)),
        ("x\n\n# spec! A\n# - [ ] edited\n", range(2, 4)),
        ("# spec! A\n# - [ ] x\n\n# spec! A\n# - [ ] x\n", None),
        ("nothing\n", None),
    ],
)
def test_the_own_block_is_found_where_exactly_one_fits(text: str, found: range | None) -> None:
    assert block(Own("a.py", "0" * 64, "A"), "a.py", text) == found
