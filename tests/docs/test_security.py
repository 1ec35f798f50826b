"""SECURITY.md has every attack of tests/security with what becomes of it, and names tests that there are."""

import os
import re
from pathlib import Path

from security.attacks import ATTACKS, Attack
from specwright.sandbox import landlock

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "SECURITY.md"
GENERATED = re.compile(r"(?<=<!-- generated: attacks -->\n).*?(?=<!-- end -->)", re.S)
EVERY = (*landlock.ALWAYS, landlock.NO_SCOPES, landlock.NO_FILTER)
"""What a partial sandbox may leave open, on any kernel."""
KINDS = 45


def table() -> str:
    rows = [f"| {attack.name} | stopped | {_partial(attack)} |" for attack in ATTACKS]
    return "\n" + "\n".join(["| attack | `full` | `partial` |", "| --- | --- | --- |", *rows]) + "\n\n"


def _partial(attack: Attack) -> str:
    if not attack.left_open:
        return "stopped"
    [sentence] = [line for line in EVERY if attack.left_open in line]
    if sentence in landlock.ALWAYS:
        return "open"
    return "stopped from Linux 6.12 on, open before" if sentence == landlock.NO_SCOPES else "open"


def test_the_page_has_every_attack() -> None:
    text = PAGE.read_text(encoding="utf-8")
    made = GENERATED.sub(lambda _: table(), text)
    if os.environ.get("UPDATE_EXPECT"):
        PAGE.write_text(made, encoding="utf-8")
    assert made == text


def test_the_tests_that_it_names_are_there() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py"))
    named = re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 40
    assert [name for name in named if f"def {name}(" not in sources] == []


def test_what_a_partial_sandbox_leaves_open_is_attacked() -> None:
    attacked = {attack.left_open for attack in ATTACKS if attack.left_open}
    assert attacked == {"permissions and times", "`.git` file", "signal your other processes"}


def test_each_kind_of_attack_has_its_tests_or_says_that_it_has_none() -> None:
    rows = re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert [int(number) for number, _ in rows] == list(range(1, KINDS + 1))
    named = [name for _, tests in rows for name in re.findall('"([^"]+)"', tests)]
    assert set(named) <= {attack.name for attack in ATTACKS}
    assert all("`test_" in tests or '"' in tests or tests.startswith("not there yet: ") for _, tests in rows)
