from dataclasses import replace

import pytest

from specwright.spec.identity import Placed, match, slug, words_of
from specwright.spec.own import Own, block

OLD = Placed("t1", "a.py", "parse-durations", 0, "k7f3qa", words_of("Parse durations", "turn texts into seconds"))


@pytest.mark.parametrize(
    "new",
    [
        replace(OLD, key="n"),
        replace(OLD, key="n", path="b.py", slug="other", words=frozenset()),
        replace(OLD, key="n", path="b.py", handle=None),
        replace(OLD, key="n", slug="parse-a-duration", handle=None),
    ],
    ids=["same", "handle", "moved", "reworded"],
)
def test_a_spec_is_found_again(new: Placed) -> None:
    assert match([OLD], [new]) == {"t1": "n"}


def test_a_new_spec_matches_nothing() -> None:
    assert match([OLD], [Placed("n", "a.py", "other", words=words_of("Something else"))]) == {}


def test_matching_is_one_to_one_and_the_better_rule_wins() -> None:
    copy = replace(OLD, key="copy", path="b.py", handle=None)
    here = replace(OLD, key="here", handle=None)
    twin = replace(OLD, key="t2", handle=None)
    assert match([OLD, twin], [copy, here]) == {"t1": "here", "t2": "copy"}


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
