"""The edge cases of the language, one row each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.spec.digest import digest
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.lint import check
from specwright.spec.model import Criterion, Spec
from specwright.spec.parser import parse
from specwright.spec.printer import render
from specwright.spec.table import ROWS, Row


def specs(text: str, path: str = "a.py") -> tuple[Spec, ...]:
    return parse(text, language_of(path), path)[0]


def check_titles(text: str, *titles: str, path: str = "a.py") -> None:
    assert [spec.title for spec in specs(text, path)] == list(titles)


def check_codes(text: str, *codes: str, path: str = "a.py") -> None:
    problems = parse(text, language_of(path), path)[1]
    assert [problem.code for problem in problems] == list(codes)


NO_SPEC = [
    ("x = 1  # spec! a", "a.py"),
    ('s = "# spec! not me"', "a.py"),
    ('s = """\n# spec! A\n# - [ ] x\n"""', "a.py"),
    ("# spec! {", "a.py"),
    ("# spec!(a)", "a.py"),
    ("# spec! — x", "a.py"),
    ("# spec!x", "a.py"),
    ("/* prose that is not mentioned in the\n * spec! Also\n */", "a.c"),
    ("# @spec REQ-1", "a.py"),
    ("// spec: specs/plan.md", "a.ts"),
    ("#!spec! A", "a.sh"),
    ("#include <spec!>", "a.c"),
    ("--> spec! A", "a.html"),
    ("--spec! A", "a.c"),
    ("````md\n```spec A\n- [ ] x\n```\n````", "a.md"),
    ("<!--\n## spec! A\n-->", "a.md"),
    ("---\n# spec! A\n---", "a.md"),
    ("x\n# spec-ignore-file\n# spec! A\n# - [ ] x", "a.py"),
    ("`\n// spec! A\n`", "a.go"),
    ("cat <<EOF\n# spec! A\nEOF", "a.sh"),
    ('"""\nspec! A\n"""', "a.json"),
]


@pytest.mark.parametrize(("text", "path"), NO_SPEC)
def test_what_only_looks_like_a_marker_is_none(text: str, path: str) -> None:
    check_titles(text, path=path)


@pytest.mark.parametrize(
    ("text", "path", "titles"),
    [
        ("//spec! Tight\n//- [ ] x", "a.go", ["Tight"]),
        ("/* spec! A */", "a.c", ["A"]),
        ("/** spec! A\n * - [ ] x */", "a.ts", ["A"]),
        ("{/* spec! A\n- [ ] x */}", "a.tsx", ["A"]),
        ("# spec! A\n# - [ ] x\n# spec! B\n# - [ ] y", "a.py", ["A", "B"]),
        ("# spec! A (#Bad1)", "a.py", ["A (#Bad1)"]),
        ("## spec! A ##\n- [ ] x", "a.md", ["A"]),
        ("/* (* */\n// spec! A\n// - [ ] x", "a.c", ["A"]),
        ("x = '\"'  # \"\n# spec! A", "a.py", ["A"]),
        ("x\n" * 5 + "# spec-ignore-file\n\n# spec! A", "a.py", ["A"]),
        ("\ufeff# spec! A", "a.py", ["A"]),
        ("#\u00a0spec! A", "a.py", ["A"]),
        ("# title with\n#\n# spec! A\n# - [ ] x", "a.py", ["A"]),
        ("# prose\n# spec! A", "a.py", []),
        ("/* outer /* inner */\n * spec! A */", "a.rs", []),
        ("~~~spec A\n- [ ] x\n~~~", "a.md", ["A"]),
        ("```spec\n\nspec! A\n- [ ] x\n```", "a.md", ["A"]),
        ('def f():\n    r"""spec! A\n\n    - [ ] x\n    """', "a.py", ["A"]),
        ("; spec! A\n; - [ ] x", "a.unknown", ["A"]),
    ],
)
def test_markers_are_found(text: str, path: str, titles: list[str]) -> None:
    check_titles(text, *titles, path=path)


ENDS = [
    ("# spec! A\n# - [ ] x\n\n# - [ ] y", "a.py", 1),
    ("# spec! A\n# - [ ] x\nx = 1\n# - [ ] y", "a.py", 1),
    ("% spec! A\n% - [ ] x\n%% - [ ] y", "a.erl", 1),
    ("/* spec! A\n * - [ ] x\n *\n * prose\n * - [ ] y\n */", "a.c", 1),
    ("/* spec! A\n * - [ ] x\n */\n/*\n * - [ ] y\n */", "a.c", 1),
    ('"""spec! A\n- [ ] x\n\nprose\n- [ ] y\n"""', "a.py", 1),
    ("```spec A\n- [ ] x\n~~~\n- [ ] y\n```\n- [ ] z", "a.md", 2),
    ("````spec A\n- [ ] x\n```\n- [ ] y\n`````\n- [ ] z", "a.md", 2),
    ("~~~spec A\n- [ ] x\n```\n- [ ] y\n~~~\n- [ ] z", "a.md", 2),
    ("## spec! A\n- [ ] x\n\nprose\n\n- [ ] y", "a.md", 2),
    ("## spec! A\n- [ ] x\n### B\n- [ ] y\n## C\n- [ ] z", "a.md", 2),
    ("## spec! A\n- [ ] x\n# B\n- [ ] y", "a.md", 1),
    ("###### spec! A\n- [ ] x\n###### B\n- [ ] y", "a.md", 1),
]


@pytest.mark.parametrize(("text", "path", "count"), ENDS)
def test_where_each_carrier_ends(text: str, path: str, count: int) -> None:
    [spec] = specs(text, path)
    assert len(spec.criteria) == count


@pytest.mark.parametrize("level", range(1, 8))
@pytest.mark.parametrize("indent", range(5))
def test_a_heading_of_six_levels_and_three_columns_carries_a_spec(level: int, indent: int) -> None:
    check_titles(f"x\n\n{' ' * indent}{'#' * level} spec! A\n", *["A"] * (level <= 6 and indent <= 3), path="a.md")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("/*\n * spec! A\n * - [ ] x\n * * [ ] y\n */", 1),
        ("/*\n spec! A\n - [ ] x\n ** - [ ] y\n */", 1),
    ],
)
def test_a_gutter_is_taken_away_once_in_a_line(text: str, count: int) -> None:
    assert sum(len(spec.criteria) for spec in specs(text, "a.c")) == count


@pytest.mark.parametrize(("path", "block"), [("a.html", "<!-- {} -->"), ("a.lua", "--[[ {} ]]"), ("a.ml", "(* {} *)")])
def test_there_is_no_gutter_in_other_comments(path: str, block: str) -> None:
    [spec] = specs(block.format("spec! A\n* [ ] x\n* * [ ] y\n"), path)
    assert [criterion.text for criterion in spec.criteria] == ["x"]


@pytest.mark.parametrize(("size", "count"), [(9_990, 1), (10_001, 0)])
def test_a_line_that_is_too_long_is_blank(size: int, count: int) -> None:
    [spec] = specs("# spec! A\n# " + f"- [ ] {'x' * size}"[: size - 2] + "\n")
    assert len(spec.criteria) == count


@pytest.mark.parametrize(
    ("handle", "is_one"),
    [
        ("a123", True), ("k7f3qa", True), ("a-b-", True), ("a" * 16, True), ("abc", False), ("a" * 17, False),
        ("1abc", False), ("-abc", False), ("Abcd", False), ("abCd", False), ("ab_d", False), ("abé1", False),
    ],
)  # fmt: skip
def test_what_can_be_a_handle(handle: str, is_one: bool) -> None:
    [spec] = specs(f"# spec! A (#{handle})")
    assert (spec.title, spec.handle) == (("A", handle) if is_one else (f"A (#{handle})", None))


@pytest.mark.parametrize("text", ["A (#abcd) more", "A(#abcd)", "A {#abcd}", "A [#abcd]", "A #abcd", "A ( #abcd)"])
def test_a_handle_stands_last_in_parentheses_behind_white_space(text: str) -> None:
    [spec] = specs(f"# spec! {text}")
    assert (spec.title, spec.handle) == (text, None)


@pytest.mark.parametrize("start", [*"aZéя漢٣7\"'`"])
def test_what_a_title_begins_with(start: str) -> None:
    check_titles(f"# spec! {start}b", f"{start}b")


@pytest.mark.parametrize("start", [*"-—({[<*_#@!?.,:;/²\u0301😀"])
def test_what_no_title_begins_with(start: str) -> None:
    check_titles(f"# spec! {start}b")


@pytest.mark.parametrize("sep", [" ", ", ", "; ", ". ", " , ", ",; ", "  ", ",", ";.", " ;,. "])
def test_what_parts_a_check_from_its_criterion(sep: str) -> None:
    [spec] = specs(f"# spec! A\n# - [ ] x{sep}check: `true`")
    assert [(criterion.text, criterion.check) for criterion in spec.criteria] == [("x", "true")]


@pytest.mark.parametrize(
    "text", ["xcheck: `true`", "x, check:`true`", "x, check : `true`", "x-check: `true`", "x, check: true"]
)
def test_what_is_no_check(text: str) -> None:
    [spec] = specs(f"# spec! A\n# - [ ] {text}")
    assert [(criterion.text, criterion.check) for criterion in spec.criteria] == [(text, None)]


@pytest.mark.parametrize(
    ("line", "key"),
    [("- abcdefghijkl: x", "abcdefghijkl"), ("- a-b: x", "a-b"), ("- a:", "a"), ("- abcdefghijklm: x", ""),
     ("- A: x", ""), ("- a1: x", ""), ("- -a: x", ""), ("- a:x", ""), ("- a : x", ""), ("- a b: x", "")],
)  # fmt: skip
def test_what_can_be_a_key(line: str, key: str) -> None:
    [spec] = specs(f"# spec! A\n# {line}")
    assert [(field.key, field.given) for field in spec.fields] == [("note", key)]


@pytest.mark.parametrize("line", ["-must: y", "-[ ] y", "-- must: y", "1. must: y", "/spec! more", "spec!: y"])
def test_what_is_prose_and_goes_on(line: str) -> None:
    [spec] = specs(f"# spec! A\n# - not: x\n# {line}")
    assert spec.values("not") == (f"x {line}",)


def test_a_changed_leader_ends_a_spec() -> None:
    [spec] = specs("// spec! A\n/// - [ ] x", "a.ts")
    assert spec.criteria == ()


@pytest.mark.parametrize(
    ("text", "goal", "count"),
    [
        ("# spec! A\n# - [ ] x\n#\n# prose", "", 1),
        ("# spec! A\n# p1\n#\n# p2\n# - [ ] x", "p1 p2", 1),
        ("# spec! A\n# - [ ] x\n#\n# - [ ] y", "", 2),
        ("# spec! A\n# - [ ] x\n# /spec!\n# - [ ] y", "", 1),
        ("#  spec! A\n  # goal\n# - [ ] x", "goal", 1),
        ("# spec! A\n# - goal: one\n# two\n# - [ ] x", "one two", 1),
    ],
)
def test_where_a_goal_and_a_block_end(text: str, goal: str, count: int) -> None:
    [spec] = specs(text)
    assert (spec.goal, len(spec.criteria)) == (goal, count)


@pytest.mark.parametrize(
    ("line", "text", "command", "manual"),
    [
        ("- [ ] x, check: `true`", "x", "true", False),
        ("- [x] x; check: ``a `b` c``", "x", "a `b` c", False),
        ("* [X] x. check: `true`.", "x", "true", False),
        ("+ \\[ \\] x, check: manual.", "x", None, True),
        ("- [ ] x, check: `manual`", "x", None, True),
        ("- [ ] x, check: `true` and more", "x, check: `true` and more", None, False),
        ("- [ ] x\n# check: `make t`", "x", "make t", False),
        ("- [ ] x, check: `make\n# t`", "x", "make t", False),
        ("- [ ] see https://x.org, check: `a`", "see https://x.org", "a", False),
    ],
)
def test_how_a_criterion_reads(line: str, text: str, command: str | None, manual: bool) -> None:
    [spec] = specs(f"# spec! A\n# {line}")
    [criterion] = spec.criteria
    assert (criterion.text, criterion.check, criterion.manual) == (text, command, manual)


@pytest.mark.parametrize(
    ("text", "path", "codes"),
    [
        ("# spec! A\n# - [ ] x, check: `true", "a.py", ["SPEC003"]),
        ("# spec!\n# - [ ] x", "a.py", ["SPEC001"]),
        ("```spec A\n- [ ] x", "a.md", ["SPEC003"]),
        ("/* spec! A\n * - [ ] x", "a.c", ["SPEC003"]),
        ("# spec! A\n# - priority: high\n# - priority: low", "a.py", ["SPEC005"]),
        ("# spec! A\n# - priority: soon", "a.py", ["SPEC005"]),
        ("# spec! A\n# - files: /etc/passwd", "a.py", ["SPEC005"]),
        ("# spec! A\n# - files: ../up", "a.py", ["SPEC005"]),
        ("# spec! A\n# - budget: 15 min, $2, 200 changed lines, 300k tokens", "a.py", []),
        ("# spec! A\n# - budget: cheap", "a.py", ["SPEC005"]),
        ("# spec! A\n# - allow: SPEC203", "a.py", ["SPEC005"]),
        ("/* spec! A\n * - files: src/**/*.ts\n */", "a.ts", ["SPEC011"]),
        ("/* spec! A\n * - files: src/**/x\n */ */", "a.rs", ["SPEC011"]),
        ("<!-- spec! A\n - [ ] x, check: `a --quiet` -->", "a.xml", ["SPEC011"]),
        ("<!-- spec! A\n - [ ] x, check: `a --quiet` -->", "a.html", []),
    ],
)
def test_problems_of_syntax(text: str, path: str, codes: list[str]) -> None:
    check_codes(text, *codes, path=path)


def test_unfinished_lines_spoil_only_themselves() -> None:
    [spec] = specs("# spec! A\n# - [\n# - fil\n# - foo: bar\n# - http://x y\n# - [ ] ok")
    assert spec.values("note") == ("[", "fil", "foo: bar", "http://x y")
    assert [criterion.text for criterion in spec.criteria] == ["ok"]


def test_markdown_headings_below_end_a_continuation() -> None:
    [spec] = specs("# spec! A\n- [ ] x\n### Notes\nprose\n- files: a.py\nmore\n# Next\nno", "a.md")
    assert spec.values("note") == ("prose",)
    assert spec.values("files") == ("a.py more",)


@pytest.mark.parametrize("begun", ["-", "- ", "*", "+ "])
@pytest.mark.parametrize("path", ["a.py", "a.md", ".specs/a.spec.md"])
def test_a_bullet_that_is_just_begun_spoils_nothing(begun: str, path: str) -> None:
    lines = ["", "Goal.", begun, "- [ ] x, check: `true`", begun, "- must: m", begun, ""]
    text = {"a.py": "# spec! A\n#", "a.md": "## spec! A\n", ".specs/a.spec.md": "# A\n"}[path]
    text += ("\n# " if path == "a.py" else "\n").join(lines)
    [spec], problems = parse(text, language_of(path), path)
    assert (spec.goal, spec.criteria, [(f.key, f.value) for f in spec.fields]) == (
        "Goal.",
        (Criterion("x", "true"),),
        [("must", "m")],
    )
    assert not problems


def test_a_setext_heading_ends_a_section_before_its_text() -> None:
    [spec] = specs("## spec! A\n- [ ] x\n\nTitle\n---\n- [ ] y", "a.md")
    assert len(spec.criteria) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(end: str) -> None:
    text = end.join(["# spec! A", "# goal\u2028goes on\x0c", "# - [ ] x"])
    [spec] = specs(text)
    assert (spec.span.end.line, spec.criteria[0].text) == (2, "x")


SIGNS = [*"#/*- []x:`'\"\n\r\\A(){}<>%;=$_\u2028😀", "spec! A", "\n# ", "- [ ] ", "check: `"]
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)


@given(TEXTS, st.sampled_from(ROWS))
def test_parsing_never_fails(text: str, row: Row) -> None:
    path = f"a.{row.files.split(' ')[0]}"
    check(text, path)


LINE = st.text(alphabet="abc d.,é1", min_size=1, max_size=20).map(lambda t: "w" + " ".join(t.split()))
COMMAND = st.text(alphabet="abc -`/", min_size=1, max_size=10).map(lambda t: "c" + " ".join(t.split()) + "d")


@st.composite
def written(draw: st.DrawFn) -> str:
    """A spec as plain logical lines."""
    lines = [f"spec! {draw(LINE)}", *draw(st.lists(LINE, max_size=2))]
    for text, command in draw(st.lists(st.tuples(LINE, st.none() | COMMAND), max_size=3)):
        ticks = "```" if command else ""
        lines.append(
            f"- [ ] {text}" + (f", check: {ticks}{command}{ticks}" if command and "```" not in command else "")
        )
    for key in draw(st.lists(st.sampled_from(["must", "not", "error", "api", "note"]), max_size=4)):
        lines.append(f"- {key}: {draw(LINE)}")
    return "\n".join(lines)


def commented(text: str, leader: str = "#") -> str:
    return "\n".join(f"{leader} {line}" for line in text.split("\n"))


@given(written())
def test_what_is_printed_reads_back_as_the_same(text: str) -> None:
    [spec] = specs(commented(text))
    [again] = specs(commented(render(spec).rstrip()))
    assert again == spec
    assert digest(again) == digest(spec)


@given(written(), st.sampled_from(["//", "///"]))
def test_the_digest_does_not_know_its_carrier(text: str, leader: str) -> None:
    [one] = specs(commented(text))
    [two] = specs(commented(text.replace("- [ ]", "* [x]"), f"   {leader}").replace("\n", "\r\n"), "a.ts")
    assert digest(one) == digest(two)


@pytest.mark.parametrize("change", ["A b", "goal two", "- [ ] y", "`other`", "- must: y", "- not: y"])
def test_the_digest_changes_with_what_the_agent_is_told(change: str) -> None:
    text = "# spec! A\n# goal one\n# - [ ] x, check: `one`\n# - must: x\n# - not: x"
    other = {
        "A b": text.replace("spec! A", "spec! A b"),
        "goal two": text.replace("goal one", "goal two"),
        "- [ ] y": text.replace("[ ] x", "[ ] y"),
        "`other`": text.replace("`one`", "`other`"),
        "- must: y": text.replace("must: x", "must: y"),
        "- not: y": text.replace("not: x", "not: y"),
    }[change]
    assert digest(specs(text)[0]) != digest(specs(other)[0])


def test_what_only_steers_the_queue_is_not_in_the_digest() -> None:
    text = "# spec! A\n# - [ ] x"
    more = "# spec! A (#k7f3qa)\n# - [x] x\n# - after: #m2x9rd\n# - budget: $2\n# - priority: high"
    assert digest(specs(text)[0]) == digest(specs(more)[0])


@pytest.mark.parametrize("goal", ["- [ ] x is 1", "/spec!", "- y", "spec! B", "- files: a.py", "it is so"])
def test_a_goal_that_looks_like_another_line_is_printed_as_a_goal(goal: str) -> None:
    [spec] = specs(f"# spec! A\n# - goal: {goal}\n# - [ ] z\n")
    [again] = specs(commented(render(spec).rstrip()))
    assert (again.goal, again) == (goal, spec)


@pytest.mark.parametrize("sign", ["-", "1.", "2)", "*"])
@pytest.mark.parametrize("box", ["", "[ ] ", "[x] "])
def test_an_item_of_a_section_may_be_numbered_and_have_a_box(sign: str, box: str) -> None:
    text = f"# A\n\n## Acceptance criteria\n\n{sign} {box}one\n{sign} must: m\n"
    [spec], _ = parse(text, language_of("a.md"), ".specs/a.spec.md")
    assert [criterion.text for criterion in spec.criteria] == ["one"]
    assert spec.values("must") == ("m",)
    assert split_lines(text)[4][spec.criteria[0].written.pieces[0][1] :] == "one\n"
