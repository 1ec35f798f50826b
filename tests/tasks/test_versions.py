"""Of specs of one title in a file each text that is gone became one of the new ones, or nobody can tell which."""

from dataclasses import replace

import pytest

from specwright.tasks.model import Checkout, Place, Revision, Wish
from specwright.tasks.versions import Fit, fit, is_gone


def wishes(texts: str, action: str = "") -> list[Wish]:
    """Of the specs of a file, each with one letter for its text."""
    checkout = Checkout("/nowhere", "/nowhere/.git", "/nowhere/.git")
    return [
        Wish(
            checkout, Place("a.py", 1, 2), Revision(text, "A", "spec! A", (), ()), "0" * 40, "scripted", "",
            action=action, occurrence=texts[:number].count(text), namesakes=tuple(texts),
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "queued", "expected"),
    [
        ("a", "b", 0, "same"),
        ("ab", "cb", 0, "same -"),
        ("ab", "ac", 1, "- same"),
        ("ab", "cd", 0, "same other"),
        ("ab", "cd", 1, "other same"),
        ("aa", "ca", 0, "- same"),
        ("aa", "ac", 1, "- same"),
        ("aa", "cd", 1, "other same"),
        ("ab", "c", 0, "maybe maybe"),
        ("a", "cd", 0, "maybe"),
        ("a", "cd", 1, "maybe"),
        ("ab", "ba", 0, "- -"),
    ],
)
def test_what_is_gone_is_what_is_new_in_the_order_of_the_file(
    before: str, now: str, queued: int, expected: str
) -> None:
    opened, new = wishes(before), wishes(now)[queued]
    found = [fit(old, new, opened) if is_gone(old, new) else "-" for old in opened]
    assert " ".join(found) == expected


@pytest.mark.parametrize(
    ("before", "waits", "now", "expected"),
    [("ab", 0, "c", "maybe"), ("ab", 1, "c", "maybe"), ("ab", 0, "cb", "same"), ("aa", 1, "ca", "maybe")],
    ids=["the first waits", "the second waits", "one of two", "a copy without a task still stands"],
)
def test_what_is_gone_counts_though_it_was_never_queued(before: str, waits: int, now: str, expected: str) -> None:
    old, new = wishes(before, "one")[waits], wishes(now, "two")[0]
    assert is_gone(old, new)
    assert fit(old, new, [old]) == expected


def test_of_versions_of_one_spec_all_are_the_same() -> None:
    opened, [new] = [*wishes("a"), *wishes("b")], wishes("c")
    assert [fit(old, new, opened) for old in opened] == [Fit.SAME, Fit.SAME]


def test_what_stood_beside_it_is_another_spec() -> None:
    [first, second], [left] = wishes("ab"), wishes("b")
    assert fit(first, second, [first]) is fit(first, left, [first]) is Fit.OTHER
    assert fit(first, wishes("cb")[0], [first]) is Fit.SAME


def test_what_was_queued_when_the_one_above_was_gone_is_no_version_of_that() -> None:
    opened, [new] = [wishes("ab")[0], *wishes("b")], wishes("c")
    assert [fit(old, new, opened) for old in opened] == [Fit.MAYBE, Fit.MAYBE]


def test_what_is_queued_by_one_act_replaces_none_of_it() -> None:
    [old], [new] = wishes("a", "one"), wishes("b", "one")
    assert not is_gone(old, new)
    assert is_gone(old, replace(new, action="two"))
