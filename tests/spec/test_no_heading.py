"""A file that should be one spec, and has no title, is told so and mended."""

import pytest

from spec.edits import applied
from specwright.spec.facts import Facts
from specwright.spec.lines import split_lines
from specwright.spec.lint import check, fixes
from specwright.spec.rules.look import of_text

PATH = ".specs/a.spec.md"


@pytest.mark.parametrize(
    ("text", "line", "after"),
    [
        ("Sort imports\n===\n\n- [ ] x\n", 0, "# Sort imports\n\n- [ ] x\n"),
        ("Sort imports\r\n===\r\n", 0, "# Sort imports\r\n"),
        ("## Sort imports\n\n- [ ] x\n", 0, "# Sort imports\n\n- [ ] x\n"),
        ("- [ ] x\n", 0, "# ‹title›\n\n- [ ] x\n"),
        ("---\nowner: a\n---\n\nIt is so.\n", 4, "---\nowner: a\n---\n\n# ‹title›\n\nIt is so.\n"),
        ("\ufeff- [ ] x\n", 0, "\ufeff# ‹title›\n\n- [ ] x\n"),
        ("\ufeff## Sort\n", 0, "\ufeff# Sort\n"),
        ("Sort in C#\n===\n", 0, "# ‹title›\n\nSort in C#\n===\n"),
        ("<!-- a -->\n\nIt is so.\n# Later\n", None, None),
        ("Text first.\n\n## spec! Its own\n", None, None),
        ("", None, None),
        ("\n\n<!-- a -->\n", None, None),
        ("---\nowner: a\n---\n", None, None),
    ],
)
def test_a_file_without_a_title_is_told(text: str, line: int | None, after: str | None) -> None:
    problems = [problem for problem in check(text, PATH, Facts())[1] if problem.code == "SPEC001"]
    assert [problem.span.start.line for problem in problems] == ([] if line is None else [line])
    for problem in problems:
        [fix] = fixes(of_text(split_lines(text), PATH), problem)
        assert applied(text, fix.edits) == after
        assert len(check(applied(text, fix.edits), PATH, Facts())[0]) == 1


@pytest.mark.parametrize(
    ("text", "columns", "after"),
    [
        ("#\n", (0, 1), "# ‹title›\n"),
        ("  #  \n\n- [ ] x\n", (0, 3), "  # ‹title›  \n\n- [ ] x\n"),
        ("# [WIP] Sort\n\n- [ ] x\n", (2, 12), None),
        ("# **Sort** it\n\n- [ ] x\n", (2, 13), None),
    ],
)
def test_a_title_that_is_none_is_told_at_its_place(text: str, columns: tuple[int, int], after: str | None) -> None:
    [problem] = [problem for problem in check(text, PATH, Facts())[1] if problem.code == "SPEC001"]
    assert (problem.span.start.column, problem.span.end.column) == columns
    offered = [applied(text, fix.edits) for fix in fixes(of_text(split_lines(text), PATH), problem)]
    assert offered == ([after] if after else [])


def test_other_files_need_none() -> None:
    assert check("Text.\n\n- [ ] x\n", "a.md", Facts()) == ((), ())


def test_the_heading_below_a_title_is_its_own() -> None:
    [spec], _ = check("# Sort imports\n\n## spec! x\n", ".specs/b.md", Facts())
    assert spec.title == "x"
