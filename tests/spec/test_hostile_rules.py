"""Rules take time that grows with the text and no faster, whatever the text repeats; and a full spec is cheap."""

import hashlib
import re
import time

import pytest

from spec.seeded import ALL_ON, CAPS, GATES
from specwright.spec import facts as known_facts
from specwright.spec.escapes import settled
from specwright.spec.lint import alone, check, together
from specwright.spec.model import Carrier, Criterion, Field, Point, Span, Spec, Written
from specwright.spec.rules import (
    agreement,
    clarity,
    completeness,
    fields,
    life,
    look,
    paths,
    safety,
    size,
    words,
)
from specwright.spec.rules.look import Look

MODULES = (agreement, clarity, completeness, fields, life, look, paths, safety, size, words)
PATTERNS = {
    f"{m.__name__}.{name}": value for m in MODULES for name, value in vars(m).items() if isinstance(value, re.Pattern)
}
PIECES = [
    *(
        "a",
        " ",
        "`",
        '"',
        "“",
        "‹",
        "?",
        "...",
        ".",
        "/",
        "-",
        "a/",
        "a.",
        "a-",
        "handle ",
        "is a",
        "max 1 ",
        "1",
        "1.",
        ",",
    ),
    *(
        "[NEEDS CLARIFICATION",
        "ABC",
        "a_",
        "a::",
        "$(",
        "rm -r",
        "and a",
        "etc",
        "should ",
        "x.py ",
        "at most 1 ",
        "#",
        "(",
    ),
    *("#", "(", "@", "it as ", "no ", " and also ", ";", "L1-", "generated/", "\t", "is very"),
    *("! add ", "a !b ", "etc. ", "may ", "which may ", "when ", "when it will ", "so that fast ", "not ", "small-"),
]
SIZE = 100_000
SECONDS = 2.0
"""Generous: what is linear takes a hundredth of it, what is quadratic a hundred times as long."""


def spec_of(text: str) -> Look:
    """A spec that holds a text everywhere, as no carrier would let it."""
    row = (1, 2, text)
    span = Span(Point(1, 0), Point(1, 2 + len(text)))
    written = Written((row,))
    criteria = tuple(Criterion(text, check, False, False, span, written) for check in (text, None))
    keys = ("files", "api", "error", "must", "not", "see", "after", "budget", "gates", "note")
    every = tuple(Field(key, text, span, written) for key in keys)
    spec = Spec(
        text, None, text, criteria, every, Span(Point(0, 0), span.end), span, Carrier.LINES, "python", "spec!", written
    )
    tree = known_facts.Tree(frozenset({"a.py", "b/c.py"}), lambda path: "x" * 100)
    task = known_facts.OpenTask("z.py", "z", None, "0", "Z", "running", ("b/",))
    facts = known_facts.Facts((), tree, (task,), GATES, (), lambda name: True, CAPS)
    return Look(spec, ["# spec! A\n", f"# {text}\n"], "a.py", facts)


@pytest.mark.parametrize("piece", PIECES)
def test_no_pattern_of_a_rule_takes_long(piece: str) -> None:
    text = (piece * (SIZE // len(piece)))[:SIZE]
    for name, pattern in PATTERNS.items():
        began = time.process_time()
        sum(1 for _ in pattern.finditer(f"{text}!"))
        took = time.process_time() - began
        assert took < SECONDS, f"{name} took {took:.1f} s for {piece!r}"


@pytest.mark.parametrize("piece", PIECES)
def test_no_rule_takes_longer_than_the_text_is(piece: str) -> None:
    """Four times the text takes four times as long; what is quadratic takes sixteen times."""
    small, large = (_once(spec_of(piece * (size // len(piece)))) for size in (SIZE // 16, SIZE // 4))
    assert large < 10 * small + 0.5


def test_a_spec_of_many_criteria_is_read_in_time() -> None:
    text = "# spec! A\n# goal\n" + "".join(
        f"# - [ ] the call {n} returns {n} rows, check: `make t`\n" for n in range(3000)
    )
    began = time.process_time()
    assert check(text, "a.py")[0]
    assert time.process_time() - began < 5 * SECONDS


def test_a_spec_of_many_secrets_is_read_in_time() -> None:
    """Each is looked for in the messages of its own row: in all of them it would take the square of their number."""
    secrets = (hashlib.sha256(str(n).encode()).hexdigest()[:36] for n in range(9000))
    text = "# spec! A\n" + "".join(f'# - [ ] ??? is sent as token = "{secret}"\n' for secret in secrets)
    began = time.process_time()
    assert len([problem for problem in check(text, "a.py")[1] if problem.code == "SPEC502"]) > 3000
    assert time.process_time() - began < 5 * SECONDS


def _once(seen: Look) -> float:
    began = time.process_time()
    list(alone(seen, ALL_ON)) + list(together(seen, ALL_ON))
    return time.process_time() - began


@pytest.mark.parametrize("piece", [" *a", "a* ", " _a_b", "`a` *", "**a* ", "*a**", "` *a", " **a*b", "\\*", "&amp;"])
def test_what_markdown_means_is_read_in_one_pass(piece: str) -> None:
    """Four times the text takes four times as long; what is quadratic takes sixteen times."""
    small, large = (_settling(piece * (size // len(piece))) for size in (SIZE // 8, SIZE // 2))
    assert large < 10 * small + 0.5


def _settling(text: str) -> float:
    began = time.process_time()
    settled(text)
    return time.process_time() - began
