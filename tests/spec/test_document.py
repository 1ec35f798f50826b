"""Incremental equals full, after any edits."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specwright.spec.document import Document
from specwright.spec.languages import language_of
from specwright.spec.model import Problem, Spec
from specwright.spec.parser import parse_lines

LINES = [
    "# spec! A", "# spec! B (#k7f3qa)", "# goal", "#", "# - [ ] x, check: `true`", "# - [ ] y, check: `open", "x = 1",
    'x = """', '"""', "'''spec! C", "- [ ] z", "", "# /spec!", "// spec! D", "// - [ ] x", "/// - [ ] x", "/*",
    " * spec! E", " * - [ ] x */", "*/", "/* spec! F */", "`", "spec! G", "\x0cform # feed", "\u2028", "😀 # spec! H",
    "```spec I", "```", "## spec! J", "### sub", "---", "<!--", "-->", "# spec!", "# - priority: soon",
    "# spec-ignore-file",
]  # fmt: skip
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ROW = st.builds(lambda text, end: text + end, st.sampled_from(LINES), ENDS)
ROWS = st.lists(ROW, max_size=30)
PATHS = st.sampled_from(["a.py", "a.ts", "a.rs", "a.md", "a.html", "a.ex"])
EDIT = st.tuples(st.integers(0, 40), st.integers(0, 6), st.lists(ROW, max_size=4))


def placed(spec: Spec) -> object:
    return spec, spec.span, spec.title_span, spec.body, [c.span for c in spec.criteria], [f.span for f in spec.fields]


def check_equal(document: Document) -> None:
    specs, problems = parse_lines(document.rows, document.language)
    assert [placed(spec) for spec in document.specs] == [placed(spec) for spec in specs]
    assert document.problems == problems


@settings(max_examples=300)
@given(ROWS, PATHS, st.lists(EDIT, max_size=6))
def test_incremental_equals_full(rows: list[str], path: str, edits: list[tuple[int, int, list[str]]]) -> None:
    document = Document(rows or ["\n"], language_of(path))
    check_equal(document)
    for at, count, new in edits:
        first = min(at, len(document.rows) - 1)
        last = min(first + count, len(document.rows) - 1)
        kept = new or (["\n"] if last - first + 1 == len(document.rows) else [])
        document.replace(first, last, kept)
        check_equal(document)


@pytest.mark.parametrize("path", ["a.py", "a.md"])
def test_an_edit_far_above_moves_a_spec(path: str) -> None:
    marker = "# spec! A\n" if path == "a.py" else "## spec! A\n"
    document = Document(["x\n"] * 50 + [marker, "# - [ ] x\n"], language_of(path))
    document.replace(20, 20, ["y\n", "z\n"])
    [spec] = document.specs
    assert spec.span.start.line == 51


def ranges(problems: tuple[Problem, ...]) -> list[tuple[int, int]]:
    return [(p.span.start.line, p.span.end.line) for p in problems]


@given(ROWS, PATHS)
def test_ranges_lie_in_the_document_in_order_and_do_not_overlap(rows: list[str], path: str) -> None:
    document = Document(rows or ["\n"], language_of(path))
    spans = [spec.span for spec in document.specs]
    assert all(a.end.line < b.start.line for a, b in pairwise(spans))
    assert all(0 <= span.start.line <= span.end.line < len(document.rows) for span in spans)
    assert all(end < len(document.rows) for _, end in ranges(document.problems))


def test_in_markdown_only_the_section_that_is_typed_in_is_read_again() -> None:
    sections = [f"## spec! Part {number}\n- [ ] x\n\n" for number in range(3)]
    document = Document([line for text in sections for line in text.splitlines(keepends=True)], language_of("a.md"))
    first, second, third = document.blocks
    [fresh] = document.replace(4, 4, ["- [ ] y\n", "- [ ] z\n"])
    assert document.blocks == [first, fresh, third]
    assert (third.first, fresh is second, len(fresh.specs[0].criteria)) == (7, False, 2)
