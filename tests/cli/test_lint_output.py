"""What `lint` prints: for people with the line, for code hosts and workflows in their own forms."""

import json
import re
from pathlib import Path

import pytest

from specwright.cli.problems import Checked, Source, as_annotation, as_sarif, as_text, summary
from specwright.gates.sarif import read
from specwright.spec.facts import Facts, Tree
from specwright.spec.lines import split_lines
from specwright.spec.lint import check
from specwright.spec.model import Severity
from user import User

TEXT = "# spec! Ärger 日本 ‹which?›\n#\t- must: TBD\nx = 1\n"


def checked(text: str, path: str = "a.py") -> Checked:
    """With the errors alone."""
    specs, problems = check(text, path)
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    return Checked(Source(Path.cwd() / path, Path.cwd()), split_lines(text), specs, errors)


def shown(text: str) -> list[str]:
    file = checked(text)
    return [line for problem in file.problems for line in as_text(file, problem)]


def test_a_problem_is_shown_with_its_line_and_a_mark_of_its_width() -> None:
    assert shown(TEXT)[3:] == [
        "a.py:1:18: error SPEC108: Unresolved: ‹which?›. The agent cannot ask you.",
        "    1 | # spec! Ärger 日本 ‹which?›",
        "      |                    ^^^^^^^^",
        "a.py:2:11: error SPEC108: Unresolved: TBD. The agent cannot ask you.",
        "    2 | # - must: TBD",
        "      |           ^^^",
    ]


def test_what_could_drive_a_terminal_is_spelled_and_the_mark_stands_below_it() -> None:
    lines = shown("# spec! A\n# - [ ] \x1b[31mx\u202ey ???\n")
    assert "    2 | # - [ ] <U+001B>[31mx<U+202E>y ???" in lines
    assert "      |                      ^^^^^^^^" in lines


def test_a_long_line_is_shown_around_its_problem() -> None:
    lines = shown(f"# spec! A\n# - [ ] {'x ' * 3000}??? {'y ' * 1000}\n")
    assert len(lines[1]) < 150
    assert lines[1].startswith("    2 | …x x")
    assert lines[1].endswith("…")
    assert lines[1].index("???") == lines[2].index("^")


@pytest.mark.parametrize("text", ["", "# spec!", "# spec! A", "/* spec! A\n", "# spec! A\r\n# - [ ] ???\r\n\r\n"])
def test_any_place_can_be_shown(text: str) -> None:
    for path in ("a.py", "a.c"):
        file = checked(text, path)
        assert all(list(as_text(file, problem)) for problem in file.problems)


def test_an_annotation_can_not_be_ended_by_a_path_or_a_message() -> None:
    file = checked("# spec! A\n", "a,b:c%\n::error::x.py")
    [line] = [as_annotation(file, problem) for problem in file.problems]
    assert line.startswith("::error file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax.py,line=1,endLine=1,col=9,endColumn=9,")
    assert "\n" not in line


def test_sarif_says_what_the_text_says(user: User) -> None:
    user.make({"a b.py": TEXT})
    done = user.type("lint", "--sarif", ".")
    assert done.code == 1
    [run] = done.json["runs"]
    codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert codes == sorted(codes)
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"])
    errors = [found for found in run["results"] if found["level"] == "error"]
    results = [(found["ruleId"], codes[found["ruleIndex"]], found["level"]) for found in errors]
    assert results == [(code, code, "error") for code in ("SPEC101", "SPEC108", "SPEC108")]
    assert errors[1]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1, "startColumn": 18, "endLine": 1, "endColumn": 26},
    }
    report = read(json.dumps(done.json).encode(), str(user.root))
    told = {rule["id"] for rule in run["tool"]["driver"]["rules"] if rule["defaultConfiguration"]["level"] == "error"}
    assert [(found.path, found.line, found.rule) for found in report.findings if found.rule in told] == [
        ("a b.py", 1, "SPEC101"), ("a b.py", 1, "SPEC108"), ("a b.py", 2, "SPEC108"),
    ]  # fmt: skip


def test_one_form_at_a_time_and_each_has_the_same_exit_code(user: User) -> None:
    user.make({"a.py": TEXT, "good.py": "# spec! A\n# goal\n# - [ ] x is 1, check: `true`\n"})
    for form in ("--json", "--sarif", "--github"):
        assert user.type("lint", form, "a.py").code == 1
        assert user.type("lint", form, "good.py").code == 0


def test_the_hook_runs_a_verb_that_there_is(user: User) -> None:
    manifest = (Path(__file__).parent.parent.parent / ".pre-commit-hooks.yaml").read_text()
    entry = re.search(r"^  entry: specwright (.+)$", manifest, re.M)
    user.make({"a.py": TEXT, "b.txt": "nothing\n"})
    assert entry
    assert user.type(*entry[1].split(), "a.py", "b.txt").code == 1


BAD = "# spec! A\n# It is so.\n"
STANDS = [
    (".", "src/a.py", "src/a.py"),
    (".", ".", "src/a.py"),
    ("src", "a.py", "a.py"),
    ("src", "..", "a.py"),
    ("src", "../src", "a.py"),
    ("docs", "..", "../src/a.py"),
    ("src/deep", "../a.py", "../a.py"),
    ("..", "project", "project/src/a.py"),
    ("..", "project/src/a.py", "project/src/a.py"),
    ("/usr/bin", "{root}", "{root}/src/a.py"),
]


@pytest.mark.parametrize(("stands", "named", "shown"), STANDS)
def test_people_see_a_path_from_where_they_stand_and_programs_from_the_root(
    user: User, stands: str, named: str, shown: str
) -> None:
    user.make({"src/a.py": BAD, "src/deep/b.py": "", "docs/c.md": ""})
    named, shown = (text.format(root=user.root) for text in (named, shown))
    text, *forms = (
        user.type("lint", *form, named, cwd=user.root / stands) for form in ([], ["--json"], ["--sarif"], ["--github"])
    )
    assert re.findall(r"^(\S+?):\d+:\d+: ", text.out, re.M) == [shown] * 2
    assert "SPEC401" not in text.out
    assert {problem["path"] for problem in forms[0].json["problems"]} == {"src/a.py"}
    assert '"uri": "src/a.py",\n                  "uriBaseId": "%SRCROOT%"' in forms[1].out
    assert "::error file=src/a.py,line=1," in forms[2].out


def test_outside_of_a_repository_sarif_names_the_whole_path(user: User) -> None:
    (user.home / "a b").mkdir()
    (user.home / "a b" / "a.py").write_text(BAD)
    [found, *_] = user.type("lint", "--sarif", "a b", cwd=user.home).json["runs"][0]["results"]
    place = found["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": (user.home / "a b" / "a.py").as_uri()}
    [problem, *_] = user.type("lint", "--json", ".", cwd=user.home / "a b").json["problems"]
    assert problem["path"] == "a.py"


def test_files_of_two_repositories_have_the_gates_of_their_own(user: User) -> None:
    for name in ("one", "two"):
        gate = f'[gates.{name}]\ncommand = ["true"]\n'
        user.make({"a.py": BAD + "# - [ ] x, check: `true`\n# - gates: one\n", "specwright.toml": gate}, name)
    text = user.type("lint", "one", "two", cwd=user.root.parent)
    assert re.findall(r"^(\S+?):.* (SPEC\d+):", text.out, re.M) == [
        ("one/a.py", "SPEC105"), ("two/a.py", "SPEC105"), ("two/a.py", "SPEC005"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "No specs."),
        (["x = 1\n"], "No specs."),
        (["# spec! A\n# - [ ] x\n"], "1 spec in 1 file: no problems"),
        (["# spec! A\n", "", "# spec! A\n# - [ ] ???\n# spec! B\n# - [ ] x\n"], "3 specs in 2 files: 2 errors"),
    ],
)
def test_the_last_line_counts(texts: list[str], said: str) -> None:
    assert summary([checked(text) for text in texts]) == said


def test_the_last_line_counts_by_severity(user: User) -> None:
    user.make({"a.py": "# spec! A\n# Do it quickly.\n"})
    assert user.type("lint", ".").err == "1 spec in 1 file: 1 error, 1 info, 1 hint\n"


NO_TEXT = {"b.py": b"# \xe9\n", "logo.bin": b"a\0b", "big.lock": b"x" * 1_100_000}


def test_the_hook_goes_on_where_a_file_without_specs_can_not_be_read(user: User) -> None:
    user.make({"a.py": "# spec! A\n# goal\n# - [ ] x is 1, check: `true`\n", **NO_TEXT})
    done = user.ok("lint", "a.py", *NO_TEXT)
    assert [line.partition(" is ")[0] for line in done.err.splitlines()[:-1]] == [f"note: {name}" for name in NO_TEXT]
    user.put({"big.lock": b"# spec! B\n" + NO_TEXT["big.lock"]})
    assert user.type("lint", "a.py", "big.lock").code == 2


def test_what_can_not_be_read_is_told_once(user: User) -> None:
    user.make({"src/a.py": "# spec! A (#base1)\n", "src/b.py": b"# \xe9\n# spec! B\n"})
    user.put({"specwright.toml": "agnet = 1\n"})
    said = user.type("lint", ".", cwd=user.root / "src").err
    assert re.findall(r"note: (\S+)", said) == ["../specwright.toml:1:", "b.py"]


def test_without_a_path_it_looks_where_the_user_stands(user: User) -> None:
    user.make({"a.py": BAD, "src/b.py": BAD})
    assert "b.py:1:9: error SPEC101" in user.type("lint", cwd=user.root / "src").out


def test_no_secret_is_printed_with_any_problem_of_its_line() -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    lines = shown(f"# spec! A\n# - [ ] ??? with {key} and so on\n")
    assert [line for line in lines if key in line] == []
    assert lines.count(f"    2 | # - [ ] ??? with {'*' * len(key)} and so on") == 2


def test_no_message_repeats_a_secret() -> None:
    key = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"
    fields = f"# - see: {key}\n# - priority: {key}\n# - after: {key}\n"
    text = f"# spec! A\n# So.\n# - [ ] x is 1, check: `pytest tests/{key}.py`\n{fields}"
    facts = Facts(tree=Tree(frozenset(["a.py"])), specs=())
    specs, problems = check(text, "a.py", facts)
    assert {"SPEC005", "SPEC311", "SPEC314", "SPEC403"} <= {problem.code for problem in problems}
    file = Checked(Source(Path("a.py").resolve(), None), split_lines(text), specs, problems)
    told = [*(line for problem in problems for line in as_text(file, problem)), str(as_sarif([file]))]
    told += [as_annotation(file, problem) for problem in problems]
    assert [line for line in told if key in line] == []
    assert any("'***'" in line for line in told)


def test_no_row_of_a_key_is_printed() -> None:
    row = "MIIEpAIBAAKCAQEA7bq98sdfkjhsdf89sdfkjhsdfkjh23498sdf"
    above, below = ("-----BEGIN " + "RSA PRIVATE KEY-----", "-----END " + "RSA PRIVATE KEY-----")
    lines = shown(f"# spec! A\n# So {above}\n# {row} ???\n# {below}\n# - [ ] x\n")
    assert [line for line in lines if "SPEC108" in line]
    assert [line for line in lines if row in line] == []


def test_no_row_of_a_key_is_repeated_by_a_message() -> None:
    rows = ["MIIEpAIBAAKCAQEA7bq98sdfkjhsdf89sdfkjhsdfkjh23498sdf", "9sdfkjh23498sdfkjh2349sdkjfh2349sdfkjh2349sdkfjh"]
    above, below = ("-----BEGIN " + "RSA PRIVATE KEY-----", "-----END " + "RSA PRIVATE KEY-----")
    lines = f"# - after: {above}\n" + "".join(f"#   {row}\n" for row in [*rows, below])
    problems = check(f"# spec! A\n# So.\n# - [ ] x is 1\n{lines}", "a.py", Facts(specs=()))[1]
    assert {"SPEC403", "SPEC502"} <= {problem.code for problem in problems}
    assert [problem for problem in problems if any(row in problem.message for row in rows)] == []


def test_no_file_name_of_a_repository_becomes_a_line_of_its_own(user: User) -> None:
    user.make({"a\n::error::pwned.py": "# spec! A\n# - [ ] x, check: `true`\n", "b.py": "# spec! A\n# - [ ] x\n"})
    for form in ([], ["--github"]):
        assert re.search(r"^::error::pwned", user.type("lint", *form, cwd=user.root).out, re.M) is None


def test_files_of_a_repository_within_are_named_from_where_the_workflow_runs(user: User) -> None:
    user.make({"a.py": ""})
    (user.root / "sub" / ".git").mkdir(parents=True)
    (user.root / "sub" / "s.py").write_text(BAD)
    annotated, described = (user.type("lint", form, cwd=user.root) for form in ("--github", "--sarif"))
    assert "file=sub/s.py," in annotated.out
    assert '"uri": "sub/s.py"' in described.out
