"""docs/settings.md has every key that is read, each with its default, and its examples are read without a problem."""

import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path

import pytest

from specwright.agents.registry import AGENTS
from specwright.config import read
from specwright.config.settings import AGENT_DEFAULTS, Gate, LanguageSettings, Settings, UserSettings

PAGE = (Path(__file__).parent.parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
PROJECT, USER = PAGE.split("\n## `config.toml`\n")
ROW = re.compile(r"^\| `(?P<key>[\w.]+)` \| (?P<default>[^|]+) \| \S.+ \|$", re.M)
EXAMPLE = re.compile(r"^```toml (project|user)\n(.*?)^```$", re.M | re.S)
OF_AGENTS = {
    f"agents.{name}.{key}": AGENT_DEFAULTS.get((name, key))
    for name, key in (("anthropic", "model"), ("scripted", "script"), ("NAME", "running"))
}
USER_NAMES = {
    "sandbox": "sandbox.mode",
    "roots": "sandbox.roots",
    "environment": "sandbox.env",
    "caches": "sandbox.caches",
    "memory_gb": "sandbox.memory_gb",
    "processes": "sandbox.processes",
    "base_url": "agents.anthropic.base_url",
    "running": "limits.running",
    "desktop": "notify.desktop",
    "webhook": "notify.webhook",
    "secret_command": "notify.secret_command",
    "quiet": "schedule.quiet",
    "free_gb": "limits.free_gb",
}
"""Where a value of `UserSettings` stands in the file, if not under its own name."""


def documented(text: str) -> dict[str, object]:
    """The keys of a part of the page, with their defaults."""
    return {
        row["key"]: None if row["default"] == "none" else json.loads(row["default"].strip("`"))
        for row in ROW.finditer(text)
    }


def values(settings: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Each key of settings with its default; tables of free names aside."""
    for field in fields(settings):  # type: ignore[arg-type]  # a dataclass
        value = getattr(settings, field.name)
        if is_dataclass(value):
            yield from values(value, f"{prefix}{field.name}.")
        elif f"{prefix}{field.name}" not in {"agents", "gates", "spec.languages"}:
            yield f"{prefix}{field.name}", list(value) if isinstance(value, tuple) else value


def of_gates() -> dict[str, object]:
    defaults = {field.name: field.default for field in fields(Gate) if field.name in read.GATE_KEYS}
    plain = {name: None if default is MISSING else default for name, default in defaults.items()}
    return {f"gates.NAME.{n}": list(v) if isinstance(v, tuple) else v for n, v in plain.items()}


def of_languages() -> dict[str, object]:
    return {f"spec.languages.ID.{field.name}": [] for field in fields(LanguageSettings) if field.name != "id"}


def test_every_key_of_the_projects_file_has_its_default() -> None:
    own = dict(values(Settings())) | {"agent": "anthropic", "lint.rules": {}}
    assert documented(PROJECT) == own | OF_AGENTS | of_gates() | of_languages()


def test_every_key_of_the_users_file_has_its_default() -> None:
    assert documented(USER) == {USER_NAMES.get(name, name): value for name, value in values(UserSettings())}


def test_every_table_that_is_known_is_named() -> None:
    assert {key.partition(".")[0] for key in documented(PROJECT)} == set(read.PROJECT_KEYS)
    assert {key.partition(".")[0] for key in documented(USER)} == set(read.USER_KEYS)


def test_every_agent_is_named() -> None:
    assert {key.split(".")[1] for key in OF_AGENTS} - {"NAME"} == set(AGENTS)
    assert all(f"`{name}` (" in PAGE for name in AGENTS)


@pytest.mark.parametrize(("kind", "text"), EXAMPLE.findall(PAGE))
def test_an_example_is_read_without_a_problem(kind: str, text: str) -> None:
    settings, problems = (read.project if kind == "project" else read.user)(text)
    assert problems == ()
    assert settings not in (Settings(), UserSettings())


def test_there_is_an_example_of_each_file() -> None:
    assert [kind for kind, _ in EXAMPLE.findall(PAGE)] == ["project", "user"]
    assert PAGE.count("```toml") == 2
