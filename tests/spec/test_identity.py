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


def test_of_copies_in_other_files_the_first_is_the_one_that_moved() -> None:
    here = replace(OLD, handle=None)
    copies = [replace(here, path=path) for path in ("b.py", "c.py")]
    assert match([here], copies) == {here: copies[0]}


def about(*things: str) -> list[Placed]:
    """Specs of a file that differ in a word or two."""
    return [Placed("a.py", slug(name), words=words_of(f"Add unit tests for {name}")) for name in things]


def test_of_reworded_specs_the_most_similar_are_one() -> None:
    old, new = about("the parser", "the lexer"), about("the parser too", "the lexer too")
    assert match(old, new[::-1]) == dict(zip(old, new, strict=True))
    assert match(old[::-1], new) == dict(zip(old, new, strict=True))


def test_a_reworded_spec_that_is_as_near_to_another_is_none_of_them() -> None:
    [old], new = about("the parser"), about("the lexer", "the printer")
    assert match([old], new) == match(new, [old]) == {}
    assert match([old], [*new, *about("the parser too")]) == dict(zip([old], about("the parser too"), strict=True))


def test_what_is_not_told_apart_is_left_alone_for_others_too() -> None:
    [old, other], new = about("the parser", "some lexer now"), about("the lexer", "the printer")
    assert match([old, other], new) == {}


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
