"""`lint --json` on the ten examples, and its shape and exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from user import User

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "specs"
FILES = sorted(path for path in EXAMPLES.iterdir() if path.suffix != ".json" and path.name[0].isdigit())
SPEC_KEYS = {"handle", "title", "path", "line", "end_line", "goal", "criteria", "fields", "digest"}
PROBLEM_KEYS = {"path", "line", "column", "end_line", "end_column", "code", "severity", "message"}


def linted(user: User, path: Path, code: int | None = None) -> Any:
    done = user.type("lint", "--json", str(path), cwd=path.parent)
    assert code is None or done.code == code, done
    return done.json


def criterion(wanted: dict[str, str]) -> dict[str, Any]:
    check = wanted.get("check")
    manual = check == "manual"
    return {"text": wanted["text"], "check": None if manual else check, "manual": manual}


def as_printed(wanted: dict[str, Any]) -> dict[str, Any]:
    """An expected spec of the examples in the shape of `lint --json`, as far as it says it."""
    fields = {**wanted["fields"], **({"note": wanted["notes"]} if wanted["notes"] else {})}
    same = {key: wanted[key] for key in ("handle", "title", "line", "goal", "digest")}
    return {**same, "criteria": [criterion(entry) for entry in wanted["criteria"]], "fields": fields}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_example_is_printed_as_it_should(user: User, path: Path) -> None:
    wanted = json.loads(path.with_name(f"{path.name}.json").read_text())["specs"]
    found = linted(user, path)
    specs = found["specs"]
    assert [{key: spec[key] for key in as_printed(w)} for spec, w in zip(specs, wanted, strict=True)] == [
        as_printed(w) for w in wanted
    ]
    assert all(set(spec) == SPEC_KEYS and spec["line"] <= spec["end_line"] for spec in specs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_exit_code_says_whether_a_problem_is_an_error(user: User, path: Path) -> None:
    done = user.type("lint", "--json", str(path), cwd=path.parent)
    assert set(done.json) == {"specs", "problems"}
    assert all(set(problem) == PROBLEM_KEYS for problem in done.json["problems"])
    assert done.code == any(problem["severity"] == "error" for problem in done.json["problems"])


PROBLEMS = [
    ("# spec! A\n# - [ ] x\n", 0, []),
    ("# spec! Ä😀 ‹x›\n# - [ ] y\n", 1, [("SPEC108", 1, 12, 1, 15)]),
    ("\n\n# spec! A\n# - must: TBD\n# - [ ] y\n", 1, [("SPEC108", 4, 11, 4, 14)]),
]


@pytest.mark.parametrize(("text", "code", "wanted"), PROBLEMS)
def test_positions_count_from_one_in_code_points(
    user: User, tmp_path: Path, text: str, code: int, wanted: list[tuple[str, int, int, int, int]]
) -> None:
    path = tmp_path / "a.py"
    path.write_text(text)
    problems = [found for found in linted(user, path, code)["problems"] if found["severity"] == "error"]
    keys = ("code", "line", "column", "end_line", "end_column")
    assert [tuple(problem[key] for key in keys) for problem in problems] == wanted


def test_a_folder_is_searched_and_needs_neither_git_nor_a_daemon(user: User, tmp_path: Path) -> None:
    (tmp_path / "src" / "deep").mkdir(parents=True)
    for name, text in (("b.py", "# spec! A\n# - [ ] x\n"), ("deep/a.md", "# spec! A\n- [ ] x\n")):
        (tmp_path / "src" / name).write_text(text)
    found = user.ok("lint", "--json", "src", cwd=tmp_path).json
    assert {spec["path"] for spec in found["specs"]} == {"src/b.py", "src/deep/a.md"}
    assert not user.state.exists()


def test_paths_are_relative_to_the_repository(user: User) -> None:
    user.make({"src/a.py": "# spec! A\n# - [ ] x\n"})
    [spec] = user.ok("lint", "--json", "a.py", cwd=user.root / "src").json["specs"]
    assert spec["path"] == "src/a.py"
