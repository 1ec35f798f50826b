"""What people write who mean something else than they say: each is told at its place, with what to write."""

import pytest

from spec.edits import applied
from specwright.spec.facts import Facts, Known, Tree
from specwright.spec.lint import check, fixes
from specwright.spec.model import Problem, Severity
from specwright.spec.rules.look import Look, of_text

HEAD = "# spec! Do it (#first)\n# It is done, see a.py.\n# - [ ] f(1) is 2\n"
FACTS = Facts(specs=(Known("b.py", 0, "Another thing", "other"),), tree=Tree(frozenset({"src/a.py", "b.py"})))


def said(lines: str, code: str) -> list[Problem]:
    return [problem for problem in check(HEAD + lines, "a.py", FACTS)[1] if problem.code == code]


def mended(lines: str, code: str) -> str:
    [spec], problems = check(HEAD + lines, "a.py", FACTS)
    look = Look(spec, (HEAD + lines).splitlines(keepends=True), "a.py", FACTS)
    problem = next(problem for problem in problems if problem.code == code)
    return applied(HEAD + lines, fixes(look, problem)[0].edits).removeprefix(HEAD)


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("# files: src/a.py\n", "# - files: src/a.py\n"),
        ("# not: new tests\n", "# - not: new tests\n"),
        ("# must: keep it\n", "# - must: keep it\n"),
        ("# ☐ another is 3\n", "# - [ ] another is 3\n"),
        ("# • another is 3\n", "# - [ ] another is 3\n"),
    ],
)
def test_a_line_without_a_bullet_goes_on_with_what_stands_above(line: str, fixed: str) -> None:
    [problem] = said(line, "SPEC006")
    assert problem.severity is Severity.WARNING
    assert (problem.span.start.line, problem.span.start.column) == (3, 2)
    assert mended(line, "SPEC006") == fixed


@pytest.mark.parametrize("line", ["# goal: it goes\n", "# note: it goes\n", "# it: goes\n", "# and check: manual\n"])
def test_prose_with_a_colon_is_prose(line: str) -> None:
    assert said(line, "SPEC006") == []


@pytest.mark.parametrize("box", ["[]", "[  ]", "[✓]", "[ ]"])
def test_a_box_that_is_none_is_a_warning(box: str) -> None:
    line = f"# - {box}{'' if box == '[ ]' else ' '}x is 1\n"
    [problem] = said(line, "SPEC006")
    assert (problem.severity, "begins with '- [ ] '" in problem.message) == (Severity.WARNING, True)
    assert mended(line, "SPEC006") == "# - [ ] x is 1\n"


def test_an_empty_box_says_nothing_yet() -> None:
    [problem] = said("# - [ ]\n", "SPEC006")
    assert (problem.severity, problem.message) == (Severity.HINT, "This criterion says nothing yet.")


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("# - [ ] x is 1, check: pytest -q\n", "# - [ ] x is 1, check: `pytest -q`\n"),
        ("# - [ ] x is 1, check: ‘pytest -q’.\n", "# - [ ] x is 1, check: `pytest -q`\n"),
    ],
)
def test_a_command_gets_its_back_ticks(line: str, fixed: str) -> None:
    assert mended(line, "SPEC104") == fixed


def test_what_stands_behind_a_check_is_blamed() -> None:
    [problem] = said("# - [ ] x is 1, check: `true` and more\n", "SPEC104")
    assert problem.message.startswith("Because of what stands behind it, this is not read as a check.")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("test -d $HOME/x", "which would have to fill in '$HOME'"),
        ('test -d "${HOME}/x"', "which would have to fill in '${HOME'"),
        ("python -c 'print(1)", "A quote in this check is not closed."),
        ("echo \\", "A quote in this check is not closed."),
    ],
)
def test_a_check_that_can_not_be_run_is_an_error(command: str, why: str) -> None:
    [problem] = said(f"# - [ ] x is 1, check: `{command}`\n", "SPEC504")
    assert (problem.severity, why in problem.message) == (Severity.ERROR, True)


@pytest.mark.parametrize("command", ["grep -c '$HOME' a.py", "grep -q 'a$' a.py", "awk '{print $1}' a", "grep \\$x a"])
def test_a_dollar_in_single_quotes_is_text(command: str) -> None:
    assert said(f"# - [ ] x is 1, check: `{command}`\n", "SPEC504") == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("#my_handle", "A handle is # and 4 to 16 of a-z, 0-9 and -, a letter first."),
        ("other", "Did you mean '#other'?"),
        ("(#other)", "Did you mean '#other'?"),
    ],
)
def test_a_wrong_name_behind_after_is_told_what_is_right(name: str, hint: str) -> None:
    [problem] = said(f"# - after: {name}\n", "SPEC403")
    assert problem.message.endswith(hint)


def test_a_line_of_a_file_is_written_with_a_fragment() -> None:
    [problem] = said("# - see: b.py:2\n", "SPEC311")
    assert problem.message == "'b.py:2' does not exist. Lines are written b.py#L2."


def test_a_name_of_which_there_is_one_file_is_told() -> None:
    [problem] = said("# - files: srcs/a.py\n", "SPEC312")
    assert problem.message == "'srcs/a.py' does not exist yet; it will be created, unless you mean 'src/a.py'."


@pytest.mark.parametrize("path", ["~/x", "../x", "/x"])
def test_a_path_outside_is_told_once_at_its_place(path: str) -> None:
    problems = check(f"{HEAD}# - files: b.py {path}\n", "a.py", FACTS)[1]
    [problem] = [problem for problem in problems if problem.span.start.line == 3]
    assert (problem.code, problem.span.start.column) == ("SPEC005", 16)
    assert mended(f"# - files: b.py {path}\n", "SPEC005") == "# - files: b.py\n"


def test_a_code_without_a_reason_is_told_what_is_missing() -> None:
    [problem] = said("# - allow: SPEC105\n", "SPEC005")
    assert "'SPEC105' is not a code with a reason behind it." in problem.message


def test_a_value_that_a_sentence_was_wrapped_behind_is_left_to_the_user() -> None:
    text = f"{HEAD}# - priority: urgent\n# The client never waits.\n"
    [spec], problems = check(text, "a.py", FACTS)
    look = Look(spec, text.splitlines(keepends=True), "a.py", FACTS)
    [problem] = [problem for problem in problems if problem.code == "SPEC005"]
    assert fixes(look, problem) == ()


@pytest.mark.parametrize("text", ["👨\u200d👩\u200d👧", "می\u200cخواهم", "क\u094d\u200dष", "♥️\u200d🔥"])
def test_a_joiner_within_writing_is_seen(text: str) -> None:
    assert said(f"# - must: {text}\n", "SPEC503") == []


@pytest.mark.parametrize("text", ["a\u200db", "a\u200cb", " \u200d ", "a\u200d👩", "م\u200db", "\u200d", "👩\u200d"])
def test_a_joiner_elsewhere_is_not(text: str) -> None:
    assert len(said(f"# - must: x {text}\n", "SPEC503")) == 1


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        ("src/*.ts test/*.ts", ["src/*.ts", "test/*.ts"]),
        ("__init__.py b.py", ["__init__.py"]),
        ("src/**/*.ts", []),
        ("`src/*.ts` `test/*.ts`", []),
        ("my_file_name.py _private.py", []),
    ],
)
def test_a_path_that_markdown_reads_as_emphasis_is_told(value: str, tokens: list[str]) -> None:
    text = f"## spec! Do it\n\nIt is done.\n\n- [ ] x is 1\n- files: {value}\n"
    [spec], problems = check(text, "a.md", FACTS)
    found = [problem for problem in problems if problem.code == "SPEC011"]
    line = text.splitlines()[5]
    assert [line[p.span.start.column : p.span.end.column] for p in found] == tokens
    look = Look(spec, text.splitlines(keepends=True), "a.md", FACTS)
    edits = [edit for problem in found for edit in fixes(look, problem)[0].edits]
    assert [p for p in check(applied(text, edits), "a.md", FACTS)[1] if p.code == "SPEC011"] == []


def test_other_places_are_named() -> None:
    text = "# spec! Do it\n# - [ ] at most 3 rows\n# - [ ] at most 4 rows\n# - files: b.py !b.py\n"
    there = Facts(specs=(Known("a.py", 0, "Do it", None), Known("b.py", 4, "Do it", None)), tree=FACTS.tree)
    related = {p.code: [(r.path, r.span.start.line) for r in p.related] for p in check(text, "a.py", there)[1]}
    assert related["SPEC401"] == [("b.py", 4)]
    assert related["SPEC405"] == [(None, 3)]
    assert related["SPEC406"] == [(None, 1)]


@pytest.mark.parametrize(
    ("title", "fixed"),
    [
        ("Spec! Title", "spec! Title"),
        ("SPEC! Title", "spec! Title"),
        ("specs! Title", "spec! Title"),
        ("spec ! Title", "spec! Title"),
        ("spec!Title", "spec! Title"),
        ("spec!: Title", "spec! Title"),
        ("spec! - Title", "spec! Title"),
        ("spec! [ABC-12] Title", None),
        ("spec! ✨ Title", None),
    ],
)
@pytest.mark.parametrize(("path", "sign"), [("a.py", "# "), ("a.c", " * "), ("a.md", "## ")])
def test_a_line_that_is_nearly_a_marker_line_is_told_where_criteria_follow(
    title: str, fixed: str | None, path: str, sign: str
) -> None:
    lead = {"a.py": "# ", "a.c": " * ", "a.md": ""}[path]
    head, foot = ("/*\n", " */\n") if path == "a.c" else ("", "")
    text = f"{head}{sign}{title}\n{lead}Goal.\n{lead.rstrip()}\n{lead}- [ ] x is 1, check: manual\n{foot}"
    specs, problems = check(text, path)
    assert (specs, [problem.code for problem in problems]) == ((), ["SPEC001"])
    look = of_text(text.splitlines(keepends=True), path)
    found = [applied(text, fix.edits) for fix in fixes(look, problems[0])]
    assert found == ([] if fixed is None else [text.replace(title, fixed)])
    assert all(len(check(mended, path)[0]) == 1 for mended in found)


@pytest.mark.parametrize(
    "text",
    [
        "# spec!{ a }\n# - foo\n",
        "# Spec! in prose, and nothing else\n",
        "# spec!Title\n#\n# /spec!\n# - [ ] x\n",
        "# spec!Title\nx = 1\n# - [ ] x\n",
    ],
)
def test_without_criteria_it_is_prose(text: str) -> None:
    assert check(text, "a.py") == ((), ())


@pytest.mark.parametrize("token", ["dist/", ".env"])
def test_a_path_that_git_ignores_is_told(token: str) -> None:
    there = Facts(tree=Tree(frozenset({"b.py"}), exists=lambda path: path in {"dist", ".env"}))
    text = f"{HEAD}# - files: b.py {token}\n"
    [spec], problems = check(text, "a.py", there)
    [problem] = [problem for problem in problems if problem.span.start.line == 3]
    assert (problem.code, problem.severity, problem.span.start.column) == ("SPEC315", Severity.INFO, 16)
    [fix] = fixes(Look(spec, text.splitlines(keepends=True), "a.py", there), problem)
    assert applied(text, fix.edits) == f"{HEAD}# - files: b.py\n"


@pytest.mark.parametrize(
    ("below", "row"),
    [
        ("```py\nx = 1\n```\n", 6),
        ("  ~~~~\n- [ ] no\n~~~\n~~~~\n", 6),
        ("- must: y\n\n```\nopen\n", 8),
        ("```spec Another\n- [ ] x\n```\n", None),
        ("`inline` and ``` three\n", None),
        ("```x``` is how it is written\n", None),
        ("<!-- no -->\n", None),
    ],
)
def test_a_fence_in_a_section_is_told_to_be_no_part_of_it(below: str, row: int | None) -> None:
    text = f"## spec! Do it\n\nIt is done.\n\n- [ ] x is 1\n\n{below}\n## Next\n\n```py\ny\n```\n"
    found = [problem for problem in check(text, "a.md", FACTS)[1] if problem.code == "SPEC007"]
    assert [problem.span.start.line for problem in found] == ([] if row is None else [row])
    assert [fixes(of_text(text.splitlines(keepends=True), "a.md"), problem) for problem in found] == [()] * len(found)
