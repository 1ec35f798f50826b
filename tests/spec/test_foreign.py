"""What speaks to other tools right below a spec is no part of it, and stays when the spec goes."""

import pytest

from spec.edits import applied
from specwright.spec.edit import removal
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.lint import check
from specwright.spec.parser import parse

FOREIGN = [
    "@param {number} x the number",
    "@returns {number}",
    "@ts-ignore",
    "\\param x the number",
    ":param x: the number",
    ":returns: the number",
    "Args:",
    "Returns:",
    "<summary>It does.</summary>",
    "# Examples",
    "```rust",
    "pylint: disable=unused-argument",
    "fmt: off",
    "type: ignore",
    "noqa: F401",
    "eslint-disable-next-line no-eval",
    "prettier-ignore",
    "go:noinline",
    "NOLINT(readability)",
    "SPDX-License-Identifier: MIT",
    "shellcheck disable=SC2034",
    "-*- coding: utf-8 -*-",
]


@pytest.mark.parametrize("line", FOREIGN)
@pytest.mark.parametrize(("path", "leader"), [("a.py", "# "), ("a.js", "// ")])
def test_a_spec_ends_above_it_and_it_stays(line: str, path: str, leader: str) -> None:
    block = ["spec! Do it", "It is done.", "- [ ] f(1) is 2, check: `true`"]
    text = "".join(f"{leader}{each}\n" for each in [*block, line, "and what goes on"])
    language, rows = language_of(path), split_lines(text)
    [spec], problems = parse(text, language, path)
    assert [(c.text, c.check) for c in spec.criteria] == [("f(1) is 2", "true")]
    left = applied(text, [removal(rows, spec, language)])
    assert left == f"{leader}{line}\n{leader}and what goes on\n"
    assert problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "@alice wants it",
        "@property is not touched",
        "return the number",
        "type: json is read",
        "Returns the number",
        "noted: all of it",
        "the following:",
        "see: nothing",
        "go on with it",
        "@deprecated is printed whole, check: `true`",
    ],
)
def test_prose_is_still_a_part_of_it(line: str) -> None:
    [spec], _ = parse(f"# spec! Do it\n# It is done, and\n# {line}\n# - [ ] x is 1\n", language_of("a.py"), "a.py")
    assert spec.goal == f"It is done, and {line}"
    assert len(spec.criteria) == 1


def test_a_docstring_keeps_its_sections() -> None:
    text = 'def f(x):\n    """Do.\n\n    spec! X\n    - [ ] x is 1\n    Args:\n        x: it\n    """\n'
    [spec], _ = parse(text, language_of("a.py"), "a.py")
    left = applied(text, [removal(split_lines(text), spec, language_of("a.py"))])
    assert left == 'def f(x):\n    """Do.\n\n    Args:\n        x: it\n    """\n'


def test_a_criterion_behind_it_is_told() -> None:
    problems = check("# spec! Do it\n# - [ ] x is 1\n# fmt: off\n# - [ ] y is 2\n", "a.py")[1]
    assert ["SPEC007" for problem in problems if problem.code == "SPEC007"] == ["SPEC007"]


def test_in_markdown_it_is_prose() -> None:
    [spec], _ = parse("## spec! Do it\n\n@param is gone\n\n- [ ] x is 1\n", language_of("a.md"), "a.md")
    assert spec.goal == "@param is gone"
