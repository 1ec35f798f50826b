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
