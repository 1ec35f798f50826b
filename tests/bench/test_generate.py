import ast
import subprocess
from pathlib import Path

import pytest
from bench.generate import HOLE, OWN_TITLE, PLACE, python_file, repository

from specwright.spec.lint import check
from specwright.spec.model import Severity


@pytest.mark.parametrize(("lines", "specs", "places"), [(1_000, 2, 20), (10_000, 20, 20), (2_000, 1, 7)])
def test_a_file_has_what_it_was_asked_for(lines: int, specs: int, places: int) -> None:
    source = python_file(lines, specs, places)
    assert (len(source.specs), len(source.places)) == (specs - 1, places)
    assert 0.95 < len(source.lines) / lines < 1.35
    assert all(source.lines[line].rstrip().endswith(PLACE) for line in source.places)
    assert all(HOLE in source.lines[line + 1] for line in source.specs)


def test_a_file_is_python_whose_own_spec_alone_has_no_problem() -> None:
    source = python_file(1_000, 4, 3)
    ast.parse(source.text)
    specs, problems = check(source.text, "long.py", None)
    at = {problem.span.start.line for problem in problems if problem.severity is not Severity.INFO}
    assert at == {line + 1 for line in source.specs}
    assert (specs[0].title, specs[0].span.start.line) == (OWN_TITLE, source.own)


def test_a_repository_has_two_commits_that_differ_in_so_many_files(tmp_path: Path) -> None:
    old, new = repository(tmp_path / "project", 60, 7)
    words = (["ls-tree", "-r", "--name-only", new], ["diff", "--name-only", old, new])
    git = ["git", "-C", str(tmp_path / "project")]
    said = [subprocess.run([*git, *line], check=True, capture_output=True, text=True).stdout for line in words]
    assert [len(names.splitlines()) for names in said] == [60, 7]
