"""The gates that a project has already: pytest, ruff, npm test, eslint; only what its environment can really run."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from specwright.process import which


@dataclass(frozen=True, slots=True)
class Detected:
    """A gate to write into the settings."""

    name: str
    command: str
    report: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Found:
    """Gates, and sentences on those that lack their tool."""

    gates: tuple[Detected, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A project as detection sees it."""

    root: Path
    path: str
    environment: Path | None
    """Its virtual environment."""

    def has_python_module(self, name: str) -> bool:
        """Whether the project's interpreter would find a package."""
        if self.environment is None:
            return which(name, self.path) is not None
        return any(self.environment.glob(f"lib/python*/site-packages/{name}"))


def detect(root: Path, environment: Mapping[str, str]) -> Found:
    """What is found, in the order in which it is run; quick ones first."""
    named = environment.get("VIRTUAL_ENV")
    candidates = [Path(named)] if named else []
    venv = next((place for place in [root / ".venv", *candidates] if (place / "pyvenv.cfg").is_file()), None)
    place = Place(root, environment.get("PATH", ""), venv)
    found = [*_ruff(place), *_eslint(place), *_pytest(place), *_npm_test(place)]
    gates = tuple(entry for entry in found if isinstance(entry, Detected))
    return Found(gates, tuple(entry for entry in found if isinstance(entry, str)))


def _ruff(place: Place) -> list[Detected | str]:
    origin = _named_in_pyproject(place.root, "ruff") or _first_file(place.root, "ruff.toml", ".ruff.toml")
    if not origin:
        return []
    if not place.has_python_module("ruff"):
        return [f"ruff is configured in {origin} but not installed: `pip install ruff`, then `specwright init` again."]
    return [Detected("lint", "python -m ruff check --no-cache .", "sarif", origin)]


def _pytest(place: Place) -> list[Detected | str]:
    origin = _named_in_pyproject(place.root, "pytest") or _pytest_file(place.root)
    if not origin:
        return []
    if not place.has_python_module("pytest"):
        return [
            f"{origin} looks like pytest, which is not installed: `pip install pytest`, then `specwright init` again."
        ]
    return [Detected("tests", "python -m pytest -q -p no:cacheprovider", "junit", origin)]


def _pytest_file(root: Path) -> str | None:
    named = _first_file(root, "pytest.ini", "conftest.py", "tests/conftest.py")
    if named:
        return named
    tests = next((str(path.relative_to(root)) for path in sorted(root.glob("test*/test_*.py"))[:1]), None)
    config = _first_file(root, "pyproject.toml", "setup.cfg", "tox.ini", "setup.py")
    return tests if tests and config else None


def _npm_test(place: Place) -> list[Detected | str]:
    script = _package(place.root).get("scripts", {}).get("test")
    if not isinstance(script, str) or not script or "no test specified" in script:
        return []
    if which("npm", place.path) is None:
        return ["package.json has a test script, but npm is not on PATH."]
    return [Detected("npm-test", "npm test --silent", None, "package.json")]


def _eslint(place: Place) -> list[Detected | str]:
    origin = next((path.name for path in sorted(place.root.glob("eslint.config.*"))), None)
    origin = origin or next((path.name for path in sorted(place.root.glob(".eslintrc*"))), None)
    if not origin:
        return []
    if not (place.root / "node_modules" / "eslint").is_dir():
        return [f"{origin} is there, but eslint is not installed: `npm install`, then `specwright init` again."]
    return [Detected("eslint", "npx --no-install eslint .", None, origin)]


def _named_in_pyproject(root: Path, tool: str) -> str | None:
    try:
        table: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    tools = table.get("tool")
    return "pyproject.toml" if isinstance(tools, dict) and tool in tools else None


def _first_file(root: Path, *names: str) -> str | None:
    return next((name for name in names if (root / name).is_file()), None)


def _package(root: Path) -> dict[str, Any]:
    try:
        package = json.loads((root / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return package if isinstance(package, dict) and isinstance(package.get("scripts", {}), dict) else {}
