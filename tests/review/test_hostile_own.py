"""Texts that are made to cost much: what a spec's own block is, is asked while somebody types."""

import random
import time
from collections.abc import Callable

import pytest

from review.test_own import Run
from specwright.review.own import block

SECONDS = 4.0
"""Generous: what is linear takes a tenth of it."""
DICE = random.Random(1)  # noqa: S311  # no secret


def shuffled(letters: str) -> str:
    return "".join(DICE.sample(letters, len(letters)))


def blank_lines() -> Callable[[], object]:
    base = "# Plan\n\n## spec! Sort\n\nGoal.\n\n- [ ] x\n" + "\n" * 6400 + "## Next\n"
    run = Run.of("a.md", base, base.replace("Plan", "Plans"))
    return lambda: block(run.own, "a.md", base)


def lines_that_are_nearly_alike() -> Callable[[], object]:
    letters = "abcd " * 78
    goal = [shuffled(letters).strip() for _ in range(40)]
    base = "# spec! Sort\n# - [ ] x\n# - note: q\n" + "".join(f"# g{line}\n" for line in goal) + "x = 1\n"
    new = "".join(f"# g{goal[-1][:9]}Z{goal[-1][10:]}{number}\n" for number in range(40))
    result = "# spec! Sort\n# - [ ] x\n# - note: q\n" + new + "x = 1\n"
    return lambda: Run.of("a.py", base, result)


@pytest.mark.parametrize("made", [blank_lines, lines_that_are_nearly_alike])
def test_a_block_is_found_in_time(made: Callable[[], Callable[[], object]]) -> None:
    asked = made()
    began = time.process_time()
    asked()
    assert time.process_time() - began < SECONDS
