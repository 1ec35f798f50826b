"""Edits that somebody asks for: applied, and read again as the specs that they promise."""

import re

import pytest

from spec.edits import applied
from specwright.spec.document import Document
from specwright.spec.edit import removal
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.model import Spec
from specwright.spec.parser import parse
from specwright.spec.rewrite import in_two, split, with_criterion, with_handle, without_spec
from specwright.spec.seeds import from_comment, from_markdown

GOAL = ["Goal.", "- [ ] one, check: `true`", "- [x] two, wrapped", "- must: m"]
LAST = [GOAL[0], GOAL[3], GOAL[1], GOAL[2]]


def block(lines: list[str], begin: str = "", *, head: str = "spec! A") -> str:
    return "".join(f"{begin}{line}\n" for line in [head, *lines])


CARRIERS = {
    "line comments": ("a.py", block(GOAL, "# ").replace("two, ", "two,\n#   ") + "x\n"),
    "indented": ("a.py", "if x:\n" + block(GOAL, "    # ") + "    y\n"),
    "criteria last": ("a.ts", block(LAST, "// ")[:-1]),
    "block": ("a.c", "/*" + block(GOAL, " * ")[2:] + " */\nint x;\n"),
    "tight block": ("a.c", "/*" + block(LAST, " * ")[2:-1] + " */\nint x;\n"),
    "HTML": ("a.html", "<!-- " + block(GOAL) + "-->\n<p>\n"),
    "docstring": ("a.py", 'def f():\n    """Doc.\n\n' + block(GOAL, "    ") + '    """\n'),
    "fence": ("a.md", "# T\n\n" + block(GOAL, head="```spec A") + "```\n\ntext\n"),
    "heading": ("a.md", "## spec! A ##\n\nGoal.\n\n" + block(GOAL[2:], head=GOAL[1]) + "\n## B\n"),
    "text below": ("a.py", block(GOAL, "# ") + "#\n# about x\nx\n"),
    "end line": ("a.py", block([*GOAL, "/spec!", "about x"], "# ")),
}


def opened(text: str, path: str) -> tuple[Document, Spec]:
    document = Document(split_lines(text), language_of(path))
    return document, document.specs[0]


def read(text: str, path: str) -> tuple[Spec, ...]:
    specs, problems = parse(text, language_of(path))
    assert not problems
    return specs


def read_any(text: str, path: str) -> tuple[Spec, ...]:
    return parse(text, language_of(path))[0]


def said(spec: Spec) -> list[str]:
    return [f"{c.text}|{c.check}" for c in spec.criteria]


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize("moved", [1, 2])
def test_a_criterion_moves_to_a_spec_that_comes_after(name: str, moved: int) -> None:
    path, text = CARRIERS[name]
    document, spec = opened(text, path)
    result = applied(text, split(document, spec, [moved], "k7f3qa"))
    first, second = read(result, path)
    both = ["one|true", "two, wrapped|None"]
    assert (first.title, first.handle, first.goal, said(first)) == ("A", "k7f3qa", "Goal.", [both[2 - moved]])
    assert (second.title, second.handle, said(second)) == ("‹title›", None, [both[moved - 1]])
    assert second.values("after") == ("#k7f3qa",)
    assert first.values("must") == second.values("must") == ("m",)
    assert "about x" not in str(second)
    for line in text.splitlines():
        assert line.strip(" #*/<>!-") in result


WRAPPED = ["- [ ] one of", "  two lines, check: `a", "  b`", "- files: a.py", "    b.py", "- [x] two", "lines"]


@pytest.mark.parametrize(
    ("path", "opener", "begin", "closer"),
    [
        ("a.py", "# spec! A", "# ", ""),
        ("a.py", "\t#\tspec! A", "\t#\t", ""),
        ("a.py", '    """spec! A', "    ", '    """'),
        ("a.c", "/* spec! A", " * ", " */"),
        ("a.ts", "/**\n * spec! A", " * ", " */"),
        ("a.html", "<!-- spec! A", "     ", "-->"),
        ("a.md", "## spec! A", "", ""),
        ("a.md", "```spec A", "", "```"),
    ],
)
def test_what_was_wrapped_stays_wrapped(path: str, opener: str, begin: str, closer: str) -> None:
    lines = "".join(f"{begin}{line}\n" for line in WRAPPED)
    document, spec = opened(f"{opener}\n{lines}{closer}\n", path)
    moved = "".join(document.rows[row] for row in range(*(opener.count("\n") + n for n in (1, 6))))
    result = applied("".join(document.rows), split(document, spec, [1], "k7f3qa"))
    assert result.endswith(
        f"{moved}{begin}- after: #k7f3qa\n{closer}\n" if closer else f"{moved}{begin}- after: #k7f3qa\n\n"
    )
    assert said(read(result, path)[1]) == ["one of two lines|a b"]


THREE = ["- [ ] one", "- [ ] two", "- [ ] three"]
TOGETHER = "Add one and move two"


@pytest.mark.parametrize(
    ("title", "row", "criteria", "titles", "moved"),
    [
        ("A", 0, 3, ("A", "‹title›"), ["three"]),
        ("A", 1, 3, ("A", "‹title›"), ["three"]),
        ("A", 2, 3, ("A", "‹title›"), ["two", "three"]),
        ("A (#k7f3qa)", 3, 3, ("A", "‹title›"), ["three"]),
        (TOGETHER, 0, 2, ("Add one", "Move two"), ["two"]),
        (f"{TOGETHER} (#k7f3qa)", 0, 2, ("Add one", "Move two"), ["two"]),
        (TOGETHER, 0, 1, ("Add one", "Move two"), ["‹observable result›"]),
        (TOGETHER, 0, 0, ("Add one", "Move two"), ["‹observable result›"]),
        ("add one; move two", 0, 1, ("add one", "move two"), ["‹observable result›"]),
        ("A", 0, 1, None, []),
    ],
)
def test_a_spec_is_split_at_the_cursor_and_at_the_middle_of_its_title(
    title: str, row: int, criteria: int, titles: tuple[str, str] | None, moved: list[str]
) -> None:
    document, spec = opened(block([*THREE[:criteria], "- files: src/"], "# ", head=f"spec! {title}"), "a.py")
    made = read(applied("".join(document.rows), in_two(document, spec, row, "k7f3qa").edits), "a.py")
    assert [each.title for each in made] == list(titles or ("A",))
    assert [each.values("files") for each in made] == [("src/",)] * len(made)
    if titles:
        assert (made[0].handle, made[1].values("after")) == ("k7f3qa", ("#k7f3qa",))
        assert [c.text for c in made[1].criteria] == moved
        assert len(made[0].criteria) == criteria - (len(moved) if criteria > 1 else 0)


@pytest.mark.parametrize("name", CARRIERS)
def test_a_criterion_more(name: str) -> None:
    path, text = CARRIERS[name]
    document, spec = opened(text, path)
    [made] = read(applied(text, with_criterion(document, spec).edits), path)
    assert said(made) == [*said(spec), "‹observable result›|‹command›"]
    assert (made.title, made.goal, made.fields) == (spec.title, spec.goal, spec.fields)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# spec! A\nx\n", "a.py"),
        ("# spec! A\n# Goal.\nx\n", "a.py"),
        ("/* spec! A */\n", "a.c"),
        ('"""spec! A"""\n', "a.py"),
        ("<!-- spec! A -->\n", "a.html"),
        ("## spec! A\n\n## B\n", "a.md"),
        ("## spec! A\nGoal.\n", "a.md"),
        ("```spec A\n```\n", "a.md"),
        ("# spec! A (#k7f3qa)\r\nx\r\n", "a.py"),
    ],
)
def test_the_first_criterion(text: str, path: str) -> None:
    document, spec = opened(text, path)
    [made] = read(applied(text, with_criterion(document, spec).edits), path)
    assert (made.title, made.handle, made.goal) == (spec.title, spec.handle, spec.goal)
    assert said(made) == ["‹observable result›|‹command›"]


@pytest.mark.parametrize("name", CARRIERS)
def test_a_handle(name: str) -> None:
    path, text = CARRIERS[name]
    _, spec = opened(text, path)
    [made] = read(applied(text, (with_handle(spec, "k7f3qa"),)), path)
    assert made.handle == "k7f3qa"
    assert made.title == "A"


def test_nothing_is_split_off_that_leaves_nothing_or_an_open_fence() -> None:
    document, spec = opened("# spec! A\n# - [ ] x\n# - [ ] y\n", "a.py")
    assert split(document, spec, [1, 2], "k7f3qa") == ()
    assert split(document, spec, [], "k7f3qa") == ()
    document, spec = opened("```spec A\n- [ ] x\n- [ ] y\n", "a.md")
    assert split(document, spec, [2], "k7f3qa") == ()


@pytest.mark.parametrize(
    ("text", "path", "row", "title", "goal"),
    [
        ("# TODO: retry on 503\nx\n", "a.py", 0, "retry on 503", ""),
        ("# TODO(me): retry. It fails\n# too often\nx\n", "a.py", 0, "retry", "It fails too often"),
        ("x\n    // FIXME retry\n    // - [x] never\ny\n", "a.ts", 1, "retry", ""),
        ("# about x\n# TODO: retry\nx\n", "a.py", 1, "retry", ""),
        ("/* TODO: retry */\nint x;\n", "a.c", 0, "retry", ""),
        ("/*\n * About x.\n * TODO retry\n */\nint x;\n", "a.c", 2, "retry", ""),
        ("<!-- TODO: retry -->\n", "a.html", 0, "retry", ""),
        ("-- XXX retry\n", "a.sql", 0, "retry", ""),
        ("%% TODO: retry\n", "a.erl", 0, "retry", ""),
        ('"" x\n" TODO: retry\n', "a.vim", 1, "retry", ""),
        ('def f():\n    """Do.\n\n    TODO: retry\n    """\n', "a.py", 3, "retry", ""),
        ("# TODO: " + "very " * 20 + "long\n", "a.py", 0, "‹title›", "very " * 20 + "long"),
        ("# TODO: {x} is wrong\n", "a.py", 0, "‹title›", "{x} is wrong"),
        ("# TODO\n# retry\n", "a.py", 0, "‹title›", "retry"),
        ("# TODO: one\n# TODO: two\n", "a.py", 0, "one", ""),
        ("# TODO: retry\r\nx\r\n", "a.py", 0, "retry", ""),
    ],
)
def test_a_todo_becomes_a_spec(text: str, path: str, row: int, title: str, goal: str) -> None:
    document = Document(split_lines(text), language_of(path))
    fix = from_comment(document, row, row, False)
    assert fix
    result = applied(text, fix.edits)
    [made] = read(result, path)
    assert (made.title, made.goal) == (title, goal)
    assert (made.criteria[-1].text, made.criteria[-1].check) == ("‹observable result›", "‹command›")
    assert "two" in result if "two" in text else True


@pytest.mark.parametrize(
    ("text", "path", "row"),
    [
        ("# about x\n", "a.py", 0),
        ("# spec! A\n# TODO: x\n", "a.py", 1),
        ("x = 'TODO: y'\n", "a.py", 0),
        ("# TODOs are in the tracker\n", "a.py", 0),
        ("#\n", "a.py", 0),
    ],
)
def test_what_is_no_todo_stays(text: str, path: str, row: int) -> None:
    assert from_comment(Document(split_lines(text), language_of(path)), row, row, False) is None


def test_a_selection_in_a_comment_takes_no_line_more() -> None:
    text = "# About x.\n# Retry on 503\n# three times.\n# More about x.\n"
    fix = from_comment(Document(split_lines(text), language_of("a.py")), 1, 2, True)
    assert fix
    [made] = read(applied(text, fix.edits), "a.py")
    assert (made.title, made.goal, len(made.criteria)) == ("Retry on 503", "three times.", 1)
    assert said(made) == ["‹observable result›|‹command›"]


@pytest.mark.parametrize(
    ("text", "rows", "title", "goal", "criteria"),
    [
        ("Retry on 503\n", (0, 0), "Retry on 503", "", None),
        ("# T\n\nRetry on 503. It fails.\nOften.\n", (2, 3), "Retry on 503", "It fails. Often.", None),
        ("# [bug] It fails\n\nSays 503.\n\n- [ ] says 200\n", (0, 4), "It fails", "Says 503.", ["says 200"]),
        ("## A\n\nGoal.\n\n## Steps\n\n1. x\n", (0, 6), "A", "Goal.", None),
        ("A\n\nGoal.\n\nSteps\n-----\n\nx\n", (0, 7), "A", "Goal.", None),
        ("# A\n\nGoal.\n\n## Expected behaviour\n\nSays 200\n\n## Actual\n\nb\n", (0, 10), "A", "Goal.", ["Says 200"]),
        ("# A\n\nGoal.\n\n## Expected\n- x\n- y\n\n## Seen\nb\n", (0, 9), "A", "Goal.", ["x", "y"]),
        ("## A\n\nOne.\n\nTwo.\n", (0, 2), "A", "One.", None),
        ("A\n\n```sh\n# x\n- [ ] y\n```\n\nrest\n", (0, 5), "A", None, None),
        ("\n\nA `b`\n\nrest\n", (0, 3), "A `b`", "", None),
    ],
)
def test_a_part_of_a_page_becomes_a_spec(
    text: str, rows: tuple[int, int], title: str, goal: str | None, criteria: list[str] | None
) -> None:
    fix = from_markdown(Document(split_lines(text), language_of("a.md")), *rows)
    assert fix
    result = applied(text, fix.edits)
    [made] = read(result, "a.md")
    assert made.title == title
    assert made.goal.startswith(goal or "")
    if goal is not None:
        assert [c.text for c in made.criteria] == (criteria or ["‹observable result›"])
    for word in text.replace("[bug]", "").replace("-----", "").split():
        assert word.strip("#`.") in result
    assert "Two." not in str(made)
    assert "rest" not in str(made)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
@pytest.mark.parametrize("name", CARRIERS)
def test_a_spec_goes_as_when_it_is_accepted(name: str, begin: str, end: str) -> None:
    path, text = CARRIERS[name]
    text = begin + (text.replace("\n", end) if end else text.rstrip("\n"))
    document, spec = opened(text, path)
    expected = applied("".join(document.rows), [removal(document.rows, spec, document.language)])
    assert applied(text, (without_spec(document, spec),)) == begin + expected.removeprefix("\ufeff")


BEHIND = {
    "a string": ("a.py", "if x:\n    y = '# TODO no'  # TODO: say two. Then rest\n", 1,
                 "if x:\n    # spec! say two\n    # Then rest\n    # - [ ] ‹\n    y = '# TODO no'\n"),
    "a comment above": ("a.py", "# about\nx = 1 # TODO fix it\n", 1, "# about\n#\n# spec! fix it\n# - [ ] ‹\nx = 1\n"),
    "another sign": ("a.c", "int x; /* a */ // FIXME(me): b\n", 0, "// spec! b\n// - [ ] ‹\nint x; /* a */\n"),
    "a sign in a string": ("a.ts", 'call("//"); // TODO c', 0, '// spec! c\n// - [ ] ‹\ncall("//");'),
    "long string": ("a.py", 's = """\n x # TODO no\n"""\n', 1, None),
    "no TODO": ("a.py", "x = 1  # so\n", 0, None),
    "only in a string": ("a.py", "x = '# TODO: no'\n", 0, None),
    "a long line": ("a.py", "x = 1" + " # TODO a" * 2_000 + "\n", 0, None),
    "many strings": ("a.py", "x = " + '"#"' * 3_000 + "  # TODO a\n", 0, None),
}  # fmt: skip


@pytest.mark.parametrize("name", BEHIND)
def test_a_todo_behind_code_becomes_a_spec_above_it(name: str) -> None:
    path, text, row, expected = BEHIND[name]
    found = from_comment(Document(split_lines(text), language_of(path)), row, row, False)
    made = applied(text, found.edits) if found else None
    assert (made and re.sub("‹.*", "‹", made)) == expected
    if made:
        assert len(read_any(made, path)) == 1
