"""A value of a copied file that comes into a result is flagged; what was there before is not."""

from pathlib import Path

from git_project import Project, make
from specwright.engine import copied, leaked
from specwright.tasks.model import GateResult


def project_of(tmp_path: Path) -> Project:
    made = make(tmp_path / "project", tmp_path / "slots")
    made.write(".gitignore", ".env\ntoken\n")
    made.write("known.py", "url = 'host:5432/database'\n")
    made.commit()
    made.write(".env", 'API_KEY="sk-0123456789abc"\nURL=host:5432/database\nSHORT=1\n')
    made.write("token", "ghp_aaaaaaaaaaaaaaaa\n")
    return made


def test_values_are_what_is_long_enough_to_be_a_key(tmp_path: Path) -> None:
    found = copied.values(project_of(tmp_path).root, (".env", "token", "gone"))
    assert set(found) == {"sk-0123456789abc", "host:5432/database", "ghp_aaaaaaaaaaaaaaaa"}


def test_value_in_a_result_is_a_finding_at_its_line(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    known = copied.values(project.root, (".env", "token"))
    slot = project.take()
    (slot.path / "known.py").write_text("url = 'host:5432/database'\nkey = 'sk-0123456789abc'\n")
    commit = project.save(slot)
    found = leaked.check(slot.repository, known, project.head, commit)
    assert found is not None
    assert found.result is GateResult.FAILED
    assert [(finding.path, finding.line) for finding in found.findings] == [("known.py", 2)]
    assert "sk-0123456789abc" not in found.findings[0].message


def test_result_without_one_passes(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    slot = project.take()
    (slot.path / "known.py").write_text("url = 'host:5432/database'\nx = 1\n")
    commit = project.save(slot)
    known = copied.values(project.root, (".env", "token"))
    assert leaked.check(slot.repository, known, project.head, commit) is None


def test_line_that_is_a_value_as_a_whole_too_is_one_finding(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    project.write(".env", "API_KEY=sk-0123456789abc\n")
    known = copied.values(project.root, (".env",))
    slot = project.take()
    (slot.path / "leak.txt").write_text("API_KEY=sk-0123456789abc\n")
    commit = project.save(slot)
    assert len(known) == 2
    found = leaked.check(slot.repository, known, project.head, commit)
    assert found is not None
    assert len(found.findings) == 1


def test_what_everybody_reads_in_the_base_is_not_masked(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    (project.root / "token").write_bytes(b"\0=\0\1binary\0and-long-enough\0")
    known = copied.values(project.root, (".env", "token"))
    assert copied.untold(known, project.repository, project.head) == ("sk-0123456789abc",)
