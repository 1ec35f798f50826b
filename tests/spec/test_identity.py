from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.review.own import block
from specwright.spec.identity import Placed, match, slug, words_of
from specwright.spec.own import Own

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


WORDS_OF = st.sampled_from(["", "a b c", "a b d", "a b c d e", "x y"]).map(words_of)
WORDED = 4
"""The rule that tells nothing where two are equally near."""
PLACES = st.lists(
    st.builds(Placed, st.sampled_from("pq"), st.sampled_from("stu"), st.sampled_from([None, "h", "i"]),
              st.integers(0, 1), WORDS_OF),
    max_size=6, unique=True,
)  # fmt: skip


def alike(old: Placed, new: Placed) -> float:
    """How many of all words two specs of a file share."""
    both = old.words | new.words if old.path == new.path else frozenset()
    return len(old.words & new.words) / len(both) if both else 0


def rule(old: Placed, new: Placed) -> float:
    """By which of the rules one is the other, counted as the reference does; none is infinite."""
    rules = (
        old.handle is not None and old.handle == new.handle,
        (old.path, old.slug, old.ordinal) == (new.path, new.slug, new.ordinal),
        old.slug == new.slug,
        alike(old, new) >= 0.6,
    )
    return next((number for number, holds in enumerate(rules, 1) if holds), inf)


@given(PLACES, PLACES)
def test_one_goes_to_one_by_the_first_rule_that_holds(known: list[Placed], found: list[Placed]) -> None:
    """No two stay apart that a rule makes one, unless one of them has a better partner, or one that is as good."""
    pairs = match(known, found)
    assert len(set(pairs.values())) == len(pairs)
    by_old = {old: rule(old, new) for old, new in pairs.items()}
    by_new = {new: by_old[old] for old, new in pairs.items()}
    assert inf not in by_old.values()
    for old, new in ((old, new) for old in known for new in found if rule(old, new) < inf):
        others = [*((old, n) for n in found if n != new), *((o, new) for o in known if o != old)]
        is_one_of_two = rule(old, new) == WORDED and any(alike(*pair) >= alike(old, new) for pair in others)
        assert is_one_of_two or min(by_old.get(old, inf), by_new.get(new, inf)) <= rule(old, new)


@st.composite
def moves(draw: st.DrawFn) -> tuple[list[Placed], list[Placed], dict[Placed, Placed]]:
    """Specs that share no word, what became of them and of others, and which is which by what is left of it."""
    before, after, same = [], [], {}
    for number in range(draw(st.integers(1, 5))):
        title, goal, handle = (
            f"a{number} b{number}",
            f"c{number} d{number} e{number} f{number} g{number} h{number}",
            None,
        )
        if draw(st.booleans()):
            handle = f"handle{number}"
        old = Placed(draw(st.sampled_from("pq")), slug(title), handle, words=words_of(title, goal))
        new = replace(old, path=draw(st.sampled_from("pqr")))
        what = draw(st.sampled_from(["nothing", "title", "goal", "both"]))
        title = f"x{number} y{number}" if what in {"title", "both"} else title
        goal = f"z{number}" if what in {"goal", "both"} else goal
        new = replace(new, slug=slug(title), words=words_of(title, goal))
        before.append(old)
        after.append(new)
        if handle or what in {"nothing", "goal"} or (what == "title" and new.path == old.path):
            same[old] = new
    strangers = [Placed(path, f"new-{path}", words=words_of("new")) for path in draw(st.sets(st.sampled_from("pqr")))]
    return before, draw(st.permutations([*after, *strangers])), same


@given(moves())
def test_an_edit_and_a_move_leave_what_a_rule_can_find(
    moved: tuple[list[Placed], list[Placed], dict[Placed, Placed]],
) -> None:
    """What was not edited is found wherever it is; another title by the handle, or by the words in the same file."""
    before, after, same = moved
    assert match(before, after) == same


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
