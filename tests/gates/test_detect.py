"""Which gates a project has, on layouts as they are; the settings that `init` writes read back as these gates."""

import json
from pathlib import Path

import pytest

from specwright.config.read import project
from specwright.gates.detect import Detected, detect
from specwright.gates.settings_text import commented_settings

PYPROJECT = '[project]\nname = "x"\n'
RUFF, PYTEST = "[tool.ruff]\n", "[tool.pytest.ini_options]\n"
SCRIPTS = json.dumps({"scripts": {"test": "vitest run"}})


def lay_out(root: Path, files: dict[str, str], modules: list[str]) -> dict[str, str]:
    """A project with a virtual environment that holds these packages, and an npm; its environment."""
    for name, text in {**files, ".venv/pyvenv.cfg": "home = /usr/bin\n", "bin/npm": "#!/bin/sh\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for module in modules:
        (root / ".venv/lib/python3.12/site-packages" / module).mkdir(parents=True)
    (root / "bin/npm").chmod(0o755)
    return {"PATH": str(root / "bin")}


@pytest.mark.parametrize(
    ("files", "modules", "expected"),
    [
        ({}, ["ruff", "pytest"], []),
        ({"pyproject.toml": PYPROJECT + RUFF + PYTEST}, ["ruff", "pytest"], ["lint", "tests"]),
        ({"ruff.toml": "", "pytest.ini": "[pytest]\n"}, ["ruff", "pytest"], ["lint", "tests"]),
        ({"pyproject.toml": PYPROJECT, "tests/test_a.py": ""}, ["pytest"], ["tests"]),
        ({"setup.py": "", "test/test_a.py": ""}, ["pytest"], ["tests"]),
        ({"conftest.py": ""}, ["pytest"], ["tests"]),
        ({"tests/test_a.py": ""}, ["pytest"], []),
        ({"package.json": SCRIPTS}, [], ["npm-test"]),
        ({"package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'}, [], []),
        ({"eslint.config.js": "", "node_modules/eslint/package.json": "{}"}, [], ["eslint"]),
        ({".eslintrc.json": "{}", "node_modules/eslint/package.json": "{}"}, [], ["eslint"]),
        ({"pyproject.toml": PYPROJECT + RUFF, "package.json": SCRIPTS}, ["ruff"], ["lint", "npm-test"]),
    ],
)
def test_gates_are_found(tmp_path: Path, files: dict[str, str], modules: list[str], expected: list[str]) -> None:
    found = detect(tmp_path, lay_out(tmp_path, files, modules))
    assert [gate.name for gate in found.gates] == expected
    assert found.notes == ()
    check_settings(found.gates)


def check_settings(gates: tuple[Detected, ...]) -> None:
    settings, problems = project(commented_settings(gates))
    assert problems == ()
    assert [(gate.name, " ".join(gate.command), gate.report) for gate in settings.gates] == [
        (gate.name, gate.command, gate.report) for gate in gates
    ]


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"pyproject.toml": PYPROJECT + RUFF}, "pip install ruff"),
        ({"pytest.ini": ""}, "pip install pytest"),
        ({"eslint.config.mjs": ""}, "npm install"),
    ],
)
def test_what_lacks_its_tool_is_said_and_no_gate(tmp_path: Path, files: dict[str, str], note: str) -> None:
    found = detect(tmp_path, lay_out(tmp_path, files, []))
    assert found.gates == ()
    assert note in found.notes[0]


def test_without_npm_its_tests_are_no_gate(tmp_path: Path) -> None:
    lay_out(tmp_path, {"package.json": SCRIPTS}, [])
    assert "npm is not on PATH" in detect(tmp_path, {"PATH": "/nowhere"}).notes[0]


def test_the_environment_in_use_counts_where_the_project_has_none(tmp_path: Path) -> None:
    lay_out(tmp_path / "other", {}, ["pytest"])
    (tmp_path / "pytest.ini").write_text("")
    found = detect(tmp_path, {"PATH": "", "VIRTUAL_ENV": str(tmp_path / "other" / ".venv")})
    assert [gate.name for gate in found.gates] == ["tests"]


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "tool = 1\n", "package.json": "[]"},
        {"pyproject.toml": "[", "package.json": '{"scripts": {"test": 5}}'},
        {"pyproject.toml": "[tool]\n", "package.json": '{"scripts": null}'},
        {"package.json": '{"scripts": {"build": "x"}}'},
    ],
)
def test_odd_files_are_no_gates(tmp_path: Path, files: dict[str, str]) -> None:
    assert detect(tmp_path, lay_out(tmp_path, files, ["ruff", "pytest"])).gates == ()


def test_settings_without_gates_show_how_one_is_written() -> None:
    text = commented_settings(())
    check_settings(())
    assert "# [gates.tests]" in text
    settings, problems = project(
        "\n".join(line.removeprefix("# ") for line in text.split("\n") if "=" in line or "[" in line)
    )
    assert [gate.name for gate in settings.gates] == ["tests"], problems
