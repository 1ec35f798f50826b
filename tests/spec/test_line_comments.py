"""A block comment that its own text breaks is written in line comments, where it holds the spec alone."""

import pytest

from spec.edits import applied
from specwright.spec.facts import Facts
from specwright.spec.lines import split_lines
from specwright.spec.lint import check, fixes
from specwright.spec.rules.look import Look

TITLE = "Write it in line comments"


def written(text: str, path: str) -> str | None:
    """What the fix of the first SPEC011 makes of a text; None where it is not offered."""
    specs, problems = check(text, path, Facts())
    problem = next(problem for problem in problems if problem.code == "SPEC011")
    spec = next(spec for spec in specs if spec.span.start.line <= problem.span.start.line <= spec.span.end.line)
    offered = fixes(Look(spec, split_lines(text), path, Facts()), problem)
    return next((applied(text, fix.edits) for fix in offered if fix.title == TITLE), None)


@pytest.mark.parametrize(
    ("path", "text", "after"),
    [
        ("a.ts", "/* spec! A\n * - files: b/**/*.ts\n * - [ ] x\n */\nf();\n", "spec! A|- files: b/**/*.ts|- [ ] x"),
        ("a.rs", "/* spec! A\n * - files: b/**/x\n * - [ ] x\n */ */\nf();\n", "spec! A|- files: b/**/x|- [ ] x"),
        ("a.rs", "/* spec! A\n * - files: b/**/x\n * - [ ] x\n */\nf();\n", "spec! A|- files: b/**/x|- [ ] x"),
        ("a.c", "/* spec! A\n * - [ ] x\n * - files: b/**/x */\nf();\n", "spec! A|- [ ] x|- files: b/**/x"),
        (
            "a.c",
            "/* spec! A\n- files: b/**/x\n- must: y\n- [ ] x */\nf();\n",
            "spec! A|- files: b/**/x|- must: y|- [ ] x",
        ),
        ("a.c", "/**\n *\n * spec! A\n * - files: b/**/x\n */\nf();\n", "|spec! A|- files: b/**/x"),
    ],
)
def test_a_broken_comment_becomes_what_it_was_meant_to_be(path: str, text: str, after: str) -> None:
    lines = [f"// {line}".rstrip() for line in after.split("|")]
    assert written(text, path) == "\n".join([*lines, "f();", ""])
    assert "SPEC011" not in {problem.code for problem in check(str(written(text, path)), path, Facts())[1]}


def test_indentation_and_line_ends_stay() -> None:
    text = "f() {\r\n  /*\r\n   * spec! A\r\n   * - files: b/**/x\r\n   */\r\n}\r\n"
    assert written(text, "a.c") == "f() {\r\n  // spec! A\n  // - files: b/**/x\r\n}\r\n"


def test_the_leader_is_the_language_s_own() -> None:
    assert written("{- spec! A\n - [ ] x {- y\n-}\nmain = 1\n", "a.hs") == "-- spec! A\n-- - [ ] x {- y\nmain = 1\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.c", "/* text\n *\n * spec! A\n * - files: b/**/x\n */\n"),
        ("a.tsx", "{/* spec! A\n * - files: b/**/x\n */}\n"),
        ("a.css", "/* spec! A\n * - files: b/**/x\n */\n"),
        ("a.xyz", "/* spec! A\n * - files: b/**/x\n */\n"),
        ("a.c", "/* spec! A\n * - files: b/**/x\nf();\n */\n"),
        ("a.c", "/* spec! A\n - [ ] x\n - files: b/**/x */ f(); /* y */\n"),
        ("a.c", "/* spec! A\n - [ ] x\n - files: b/**/x\n */ f(); /* y */\n"),
        ("a.c", "/* spec! A\n - [ ] x\n - files: b/**/x\n*counter = 0; /* y */\n"),
        ("a.c", "/* spec! A\n - [ ] x\n - files: b/**/x\n - note: C:\\\n */\nf();\n"),
        ("a.php", "<?php\n/* spec! A\n - [ ] writes ?>\n - files: b/**/x\n */\n"),
    ],
    ids=[
        "text in front",
        "signs in front",
        "no line comments",
        "unknown language",
        "code inside",
        "code behind",
        "code behind the end",
        "code with a star",
        "a backslash",
        "the end of PHP",
    ],
)
def test_it_is_not_offered_where_more_would_go_with_it(path: str, text: str) -> None:
    assert written(text, path) is None


def test_code_behind_the_comment_stays_code() -> None:
    text = "/* spec! A\n - [ ] x\n - files: b/**/x.c */\n*counter = 0; /* y */\n"
    assert written(text, "a.c") == "// spec! A\n// - [ ] x\n// - files: b/**/x.c\n*counter = 0; /* y */\n"


def test_of_two_breaks_the_second_takes_no_code() -> None:
    text = "/* spec! A\n - [ ] x\n - must: no /* here\n */\nfn f() {}\n/* other */\n"
    assert written(text, "a.rs") == "// spec! A\n// - [ ] x\n// - must: no /* here\nfn f() {}\n/* other */\n"
    specs, problems = check(text, "a.rs", Facts())
    found = [problem for problem in problems if problem.code == "SPEC011"]
    look = Look(specs[0], split_lines(text), "a.rs", Facts())
    assert len(found) == 2
    assert TITLE not in {fix.title for fix in fixes(look, found[1])}
