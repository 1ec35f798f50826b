"""`specwright lint` reads a project's texts as its settings say."""

import json
from pathlib import Path

import pytest

from specwright.cli import lint
from specwright.cli.app import main


def linted(place: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    lint._settings_of.cache_clear()  # a process of its own reads the settings once
    main(["lint", "--json", str(place)])
    return [spec["title"] for spec in json.loads(capsys.readouterr().out)["specs"]]


def test_words_files_and_languages_of_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".specs").mkdir()
    (tmp_path / ".specs" / "a.spec.md").write_text("# From a file\n\n- [ ] x\n")
    (tmp_path / "b.py").write_text("# work! From a word\n# - [ ] x\n")
    (tmp_path / "c.foo").write_text("@@ spec! From a language\n@@ - [ ] x\n")
    assert linted(tmp_path, capsys) == ["From a file"]
    (tmp_path / "specwright.toml").write_text(
        '[spec]\nmarkers = ["work!"]\n[spec.languages.foo]\nfiles = [".foo"]\nline = ["@@"]\n'
    )
    assert sorted(linted(tmp_path, capsys)) == ["From a file", "From a language", "From a word"]


GOOD = "# spec! A\n# It is so.\n# - [ ] it is 1, check: `true`\n"


def run(place: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code, and what is printed."""
    lint._settings_of.cache_clear()
    code = main(["lint", str(place)])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_settings_that_are_no_toml_are_no_green_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.py").write_text(GOOD)
    for text in ("[gates.tests\n", "a = " + "9" * 5_000, "a." * 500 + "a = 1"):
        (tmp_path / "specwright.toml").write_text(text)
        code, printed = run(tmp_path, capsys)
        assert code == 2
        assert "specwright.toml: This is not TOML:" in printed
    (tmp_path / "specwright.toml").write_text('[lint.rules]\nSPEC302 = "loud"\n')
    code, printed = run(tmp_path, capsys)
    assert code == 0
    assert "note:" in printed
    assert "'lint.rules.SPEC302' must be one of" in printed


def test_a_gate_that_the_project_does_not_have_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.py").write_text(GOOD + "# - gates: tets\n")
    (tmp_path / "specwright.toml").write_text('[gates.tests]\ncommand = ["true"]\n')
    code, printed = run(tmp_path, capsys)
    assert code == 1
    assert "SPEC005: There is no gate 'tets'; the project's are tests." in printed


def test_a_file_that_is_no_text_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.py").write_text("# spec! A (#base1)\n# It is so.\n")
    (tmp_path / "b.py").write_bytes("# é\n\n# spec! B\n".encode("latin-1"))
    code, printed = run(tmp_path, capsys)
    assert code == 1
    assert "a.py:1:9: error SPEC101" in printed
    assert "b.py is not UTF-8" in printed
    assert run(tmp_path / "a.py", capsys)[0] == 1
    assert run(tmp_path / "b.py", capsys)[0] == 2


def test_what_git_ignores_is_not_checked_and_a_name_hides_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (".git", "build", "docs", "made"):
        (tmp_path / name).mkdir()
    (tmp_path / ".gitignore").write_text("made/\n")
    (tmp_path / "build" / "a.py").write_text(GOOD.replace("A", "In build (#good1)"))
    (tmp_path / "docs" / "b.py").write_text(GOOD + "# - after: #good1\n# - files: build/*.py *.ipynb\n")
    for name in ("made/c.py", "c.ipynb"):
        (tmp_path / name).write_text(GOOD + "# - priority: soon\n")
    assert linted(tmp_path, capsys) == ["In build", "A"]
    for place in (tmp_path, tmp_path / "docs"):
        code, printed = run(place, capsys)
        assert (code, "SPEC403" in printed, "SPEC312" in printed) == (0, False, False)
