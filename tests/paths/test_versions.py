"""Versions in their order."""

from itertools import pairwise

import pytest

from specwright.paths.versions import is_newer

ORDER = ["", "0.1.0a1", "0.1.0rc1", "0.1.0", "0.1.1", "0.2.0.dev1", "0.2", "0.10.0", "1.0", "1.0.1"]


@pytest.mark.parametrize(("older", "newer"), list(pairwise(ORDER)))
def test_each_is_newer_than_the_one_before(older: str, newer: str) -> None:
    assert is_newer(newer, older)
    assert not is_newer(older, newer)


@pytest.mark.parametrize(("one", "other"), [("1.0", "1.0.0"), ("0.1.0", "0.1.0"), ("0.1.0+local", "0.1.0"), ("x", "")])
def test_these_are_the_same(one: str, other: str) -> None:
    assert not is_newer(one, other)
    assert not is_newer(other, one)
