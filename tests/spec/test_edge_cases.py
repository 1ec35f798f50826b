"""The fifty edge cases of the language, by their numbers in its reference."""

import re
from collections.abc import Iterator

import pytest

from specwright.config.settings import SpecSettings
from specwright.spec.digest import digest
from specwright.spec.facts import Facts, Known
from specwright.spec.languages import language_of
from specwright.spec.lint import check
from specwright.spec.model import Problem, Spec
from specwright.spec.parser import parse
from specwright.spec.reading import Reading

PY, JS, C, RS, MD = "a.py", "a.ts", "a.c", "a.rs", "a.md"


def both(text: str, path: str = PY) -> tuple[tuple[Spec, ...], tuple[Problem, ...]]:
    return parse(text.replace("⏎", "\n"), language_of(path), path)


def specs(text: str, path: str = PY) -> tuple[Spec, ...]:
    return both(text, path)[0]


NONE = [
    (1, "x = 1  # spec! a", PY),
    (1, "x = 1; // spec! a", JS),
    (1, "x(); /* spec! a */", C),
    (2, 's = "# spec! not me"', PY),
    (3, 's = """⏎# spec! A⏎"""', PY),
    (4, "# spec! {", PY),
    (4, "# spec!(", PY),
    (4, "# spec! — x", PY),
    (4, "# spec!x", PY),
    (5, "/* … not mentioned in the⏎ * spec! Also …⏎ */", C),
    (7, "# @spec REQ-1", PY),
    (7, "// spec: specs/plan.md", JS),
    (7, "# spec:", "a.yml"),
    (29, "````md⏎```spec A⏎- [ ] x⏎```⏎````", MD),
    (41, "#include <spec!>⏎#pragma spec! a", C),
    (41, "#!spec! A", "a.sh"),
    (42, "--spec! A", C),
    (42, "--> spec! A", "a.html"),
    (49, "⏎⏎⏎⏎# spec-ignore-file⏎# spec! A⏎# - [ ] x", PY),
]


@pytest.mark.parametrize(("number", "text", "path"), NONE)
def test_no_spec(number: int, text: str, path: str) -> None:
    assert specs(text, path) == ()


FOUND = [
    (6, "//spec! Tight⏎//- [ ] x", "a.go", ["Tight"], [1]),
    (8, "// spec! A⏎/// - [ ] x", RS, ["A"], [0]),
    (9, "# spec! A⏎      # - [ ] x⏎  # - [ ] y", PY, ["A"], [2]),
    (9, "/* spec! A⏎- [ ] x⏎        * - [ ] y */", C, ["A"], [2]),
    (10, "# spec! A⏎# - [ ] x⏎#⏎# prose", PY, ["A"], [1]),
    (11, "# spec! A⏎# p1⏎#⏎# p2⏎# - [ ] x", PY, ["A"], [1]),
    (12, "# spec! A⏎# - [ ] x⏎#⏎# - [ ] y", PY, ["A"], [2]),
    (13, "# spec! A⏎# - [ ] x⏎# /spec!⏎# - [ ] y", PY, ["A"], [1]),
    (14, "# spec! A⏎# - [ ] x⏎# spec! B⏎# - [ ] y", PY, ["A", "B"], [1, 1]),
    (14, "/* spec! A⏎ * - [ ] x⏎ * spec! B */", C, ["A", "B"], [1, 0]),
    (17, "/* spec! A⏎ * - [ ] x */", C, ["A"], [1]),
    (17, "/*⏎ *spec! A⏎ *- [ ] x⏎ */", C, ["A"], [1]),
    (17, "/**spec! A⏎ *- [ ] x⏎ **/", JS, ["A"], [1]),
    (18, "/* spec! A */", C, ["A"], [0]),
    (18, "<!-- spec! A -->", "a.html", ["A"], [0]),
    (26, "# spec! A⏎# - [ ] x⏎# - wrapped", PY, ["A"], [1]),
    (27, "# spec! A (#Bad1)", PY, ["A (#Bad1)"], [0]),
    (28, "## spec! A ##⏎- [ ] x", MD, ["A"], [1]),
    (28, "## spec! A (#k7f3qa) ##", MD, ["A"], [0]),
    (31, "## spec! A⏎- [ ] x⏎⏎Title⏎===⏎- [ ] y", MD, ["A"], [1]),
    (31, "# spec! A⏎- [ ] x⏎⏎Title⏎---⏎- [ ] y", MD, ["A"], [2]),
    (31, "## spec! A⏎- [ ] x⏎⏎Title⏎---⏎- [ ] y", MD, ["A"], [1]),
    (34, "# spec! A\u2028B⏎# - [ ] x", PY, ["A\u2028B"], [1]),
    (36, "\ufeff# spec! A", PY, ["A"], [0]),
    (36, "#\u00a0spec! A⏎#\t- [ ] x", PY, ["A"], [1]),
    (43, "// spec! A \\⏎// - [ ] x", C, ["A \\"], [1]),
    (44, "# def f():⏎#⏎# spec! A⏎# - [ ] x", PY, ["A"], [1]),
    (45, "// Package a⏎//⏎// spec! A⏎//⏎//   - [ ] x⏎//⏎//   - [ ] y⏎//⏎package a", "a.go", ["A"], [2]),
    (49, "⏎⏎⏎⏎⏎# spec-ignore-file⏎⏎# spec! A", PY, ["A"], [0]),
]


@pytest.mark.parametrize(("number", "text", "path", "titles", "criteria"), FOUND)
def test_what_is_found(number: int, text: str, path: str, titles: list[str], criteria: list[int]) -> None:
    found = specs(text, path)
    assert [spec.title for spec in found] == titles
    assert [len(spec.criteria) for spec in found] == criteria


def test_05_only_bullets_below_make_it_worth_saying() -> None:
    assert both("/* prose⏎ * spec! Also⏎ */", C)[1] == ()


def test_10_and_11_where_the_goal_ends() -> None:
    [ten] = specs("# spec! A⏎# - [ ] x⏎#⏎# prose")
    [eleven] = specs("# spec! A⏎# p1⏎#⏎# p2⏎# - [ ] x")
    assert (ten.goal, eleven.goal) == ("", "p1 p2")
    assert ten.span.end.line == 1


@pytest.mark.parametrize("line", ["- [x] x", "- [X] x", "* \\[ \\] x", "+ [ ] x", "* [ ] x"])
def test_15_and_16_boxes_and_bullets(line: str) -> None:
    [plain], [other] = specs("# spec! A⏎# - [ ] x"), specs(f"# spec! A⏎# {line}")
    assert digest(plain) == digest(other)


def test_16_a_star_is_a_bullet_where_there_is_no_gutter() -> None:
    assert specs("# spec! A⏎# * must: y")[0].values("must") == ("y",)
    assert specs("/* spec! A⏎ * must: y */", C)[0].values("must") == ()


CRITERIA = [
    (19, "- [ ] x, check: manual.", "x", None, True),
    (20, "- [ ] x, check: `true` and more", "x, check: `true` and more", None, False),
    (20, "- [ ] x, check: `true` and `more`", "x, check: `true` and `more`", None, False),
    (21, "- [ ] x⏎# check: `make t`", "x", "make t", False),
    (22, "- [ ] x, check: `true", "x, check: `true", None, False),
    (22, "- [ ] x, check: ``a`b``", "x", "a`b", False),
    (22, "- [ ] check: `true`", "check: `true`", None, False),
]


@pytest.mark.parametrize(("number", "line", "text", "command", "manual"), CRITERIA)
def test_checks(number: int, line: str, text: str, command: str | None, manual: bool) -> None:
    [criterion] = specs(f"# spec! A⏎# {line}")[0].criteria
    assert (criterion.text, criterion.check, criterion.manual) == (text, command, manual)


def test_22_an_open_code_span_is_told_at_its_back_tick() -> None:
    found, [problem] = both("# spec! A⏎# - [ ] x, check: `true⏎# - [ ] y")
    assert (problem.code, problem.span.start.line, problem.span.start.column) == ("SPEC003", 1, 18)
    assert [criterion.text for criterion in found[0].criteria] == ["x, check: `true", "y"]


def test_23_to_26_unfinished_lines_are_notes() -> None:
    [spec] = specs("# spec! A⏎# - [⏎# - fil⏎# - foo: bar⏎# - http://example.org x⏎# goes on⏎# - here")
    assert spec.values("note") == ("[", "fil", "foo: bar", "http://example.org x goes on", "here")
    assert [problem.code for problem in both("# spec!")[1]] == ["SPEC001"]
    assert specs("# spec!") == ()


def test_28_a_handle_before_closing_hashes() -> None:
    assert specs("## spec! A (#k7f3qa) ##", MD)[0].handle == "k7f3qa"


def test_30_below_a_deeper_heading() -> None:
    [spec] = specs("# spec! A⏎the goal⏎### Notes⏎prose⏎⏎- files: a.py⏎⏎more⏎- [ ] x", MD)
    assert (spec.goal, spec.values("note"), spec.values("files")) == ("the goal", ("prose", "more"), ("a.py",))


def test_31_a_setext_heading_that_does_not_end_a_section_ends_a_continuation() -> None:
    [spec] = specs("# spec! A⏎goal⏎⏎Title⏎---⏎text", MD)
    assert (spec.goal, spec.values("note")) == ("goal", ("text",))
    [spec] = specs("## spec! A⏎- [ ] x⏎---⏎- [ ] y", MD)  # a rule: a list item is no heading
    assert len(spec.criteria) == 2


@pytest.mark.parametrize(
    ("text", "path"), [("```spec A⏎- [ ] x", MD), ("/* spec! A⏎ * - [ ] x", C), ('"""spec! A', PY)]
)
def test_32_what_is_not_closed(text: str, path: str) -> None:
    found, problems = both(text, path)
    assert [spec.title for spec in found] == ["A"]
    assert [problem.code for problem in problems] == ["SPEC003"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_33_line_ends(end: str) -> None:
    lines = ["# spec! A", "# one\x0b\x0c\x1c\x85 two", "# - [ ] x", "", "# spec! B"]
    first, second = specs(end.join(lines))
    assert (first.span.end.line, second.span.start.line) == (2, 4)
    assert first == specs("\n".join(lines))[0]


def test_33_mixed_line_ends() -> None:
    assert [spec.span.start.line for spec in specs("# spec! A\r\n# - [ ] x\r\r# spec! B\n\n# spec! C")] == [0, 3, 5]


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\U000e0041"])
def test_37_invisible_characters_are_kept_and_told(sign: str) -> None:
    found, problems = check(f"# spec! A{sign}b\n# - [ ] x", PY)
    assert found[0].title == f"A{sign}b"
    assert "SPEC503" in [problem.code for problem in problems]


SAID = [
    (38, "/* spec! A⏎ * - files: src/**/*.ts⏎ */", JS, ["SPEC011"]),
    (38, "// spec! A⏎// - files: src/**/*.ts", JS, []),
    (38, '"""spec! A⏎- [ ] it prints """ on error⏎"""', PY, ["SPEC011"]),
    (38, '"""spec! A⏎- [ ] it is so⏎"""  # noqa: D400', PY, []),
    (38, '"""spec! A⏎- [ ] it is so"""; x = 1', PY, []),
    (39, "/* spec! A⏎ * - files: src/**⏎ */ */", RS, ["SPEC011"]),
    (39, "/* spec! A⏎ * - files: src/**⏎ */", C, []),
    (40, "<!-- spec! A⏎- [ ] x, check: `a --quiet` -->", "a.xml", ["SPEC011"]),
    (40, "<!-- spec! A⏎- [ ] x, check: `a --quiet` -->", "a.html", []),
    (40, "<!-- spec! A⏎- [ ] a --> b -->", "a.html", ["SPEC011"]),
    (48, "# spec! A⏎# - priority: high⏎# - priority: low", PY, ["SPEC005"]),
]


@pytest.mark.parametrize(("number", "text", "path", "codes"), SAID)
def test_what_the_parser_says(number: int, text: str, path: str, codes: list[str]) -> None:
    assert [problem.code for problem in both(text, path)[1]] == codes


def test_47_a_handle_twice_in_a_checkout() -> None:
    text = "# spec! A (#k7f3qa)\n# - [ ] x\n\n# spec! B (#k7f3qa)\n# - [ ] y"
    known = tuple(Known(PY, spec.span.start.line, spec.title, spec.handle, ()) for spec in specs(text))
    told = [problem for problem in check(text, PY, Facts(specs=known))[1] if problem.code == "SPEC012"]
    assert [problem.span.start.line for problem in told] == [3]
    assert not [p for p in check(text[:30], PY, Facts(specs=known[:1]))[1] if p.code == "SPEC012"]


def test_48_values_add_up() -> None:
    assert specs("# spec! A⏎# - files: a⏎# - files: b")[0].values("files") == ("a", "b")


@pytest.mark.parametrize("word", ["spec!", "work!"])
@pytest.mark.parametrize("end", ["/spec!", "/work!"])
def test_50_a_second_word(word: str, end: str) -> None:
    reading = Reading(SpecSettings(markers=("spec!", "work!")))
    [spec], _ = reading.parse(f"# {word} A\n# - [ ] x\n# {end}\n# - [ ] y", PY)
    assert (spec.title, len(spec.criteria), spec.word) == ("A", 1, word)
    assert (reading.sign.search(b"work! A") is None, Reading().sign.search(b"# work! A")) == (False, None)


def numbers() -> Iterator[int]:
    """Of the cases that have a test here, by the first column of each list and the names of the others."""
    for rows in (NONE, FOUND, CRITERIA, SAID):
        yield from (int(row[0]) for row in rows)
    for named in filter(None, map(re.compile(r"test_(\d\d)(?:_(and|to)_(\d\d))?").match, globals())):
        first, last = int(named[1]), int(named[3] or named[1])
        yield from range(first, last + 1)


def test_every_case_has_a_test() -> None:
    elsewhere = {35, 46}  # tests/lsp/test_document.py, tests/spec/test_formatters.py
    assert {*numbers(), *elsewhere} == set(range(1, 51))
