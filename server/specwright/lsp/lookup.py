"""What completion reads of a checkout: names of files, gates, templates, test commands. Nothing of it is ever run.

Each function reads a bounded amount, and belongs on a thread. What is not there, or can't be read, is left out.
"""

import json
import os
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from specwright.config import read
from specwright.config.settings import Settings
from specwright.errors import WrongUse
from specwright.paths.files import read_text
from specwright.spec.see import anchors

MOST_ENTRIES = 5_000
"""Of a folder that are looked at."""
MOST = 300
"""Things of one kind that are offered."""
MOST_BYTES = 500_000
"""Of one file that is read."""
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*")
"""A make target or a script that can stand in a command as it is."""
SYMBOL = re.compile(
    r"^[ \t]*(?:(?:export|default|public|abstract|async|const|pub(?:\([a-z]+\))?)[ \t]+){0,4}"
    r"(?:def|class|function|func|fn|struct|interface|trait|enum|type|module|object|#define)[ \t]+"
    r"(?:\([^)\n]{0,80}\)[ \t]*)?(?P<name>\w+)",
    re.M,
)
CONSTANT = re.compile(
    r"^(?:(?:export|declare|public|private|internal|pub(?:\([a-z]+\))?)[ \t]+){0,3}"
    r"(?:(?:const|let|var|val|static)[ \t]+(?:mut[ \t]+|val[ \t]+)?|(?=[A-Z]))"
    r"(?P<name>\w+)[ \t]*(?::[^=\n]{1,80})?(?:=(?!=)|;)",
    re.M,
)
"""Of the file itself, not of a block in it; without a word in front its name begins with a capital."""
MAKE = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)[ \t]*:(?!=)", re.M)
JUST = re.compile(r"^(?P<name>[A-Za-z_][\w-]*)(?:[ \t][^:\n]*)?:(?!=)", re.M)
TOX = re.compile(r"^\[testenv:(?P<name>[\w.-]+)\]", re.M)
Commands = list[tuple[str, str]]
"""A command, and the file that it comes from."""


def entries(root: str, folder: str, begin: str) -> list[str]:
    """Names in a folder of the checkout that begin so, folders with `/`; links that lead out of it are left out."""
    where = _inside(root, folder)
    if where is None:
        return []
    found = []
    try:
        with os.scandir(where) as listing:
            for entry in islice(listing, MOST_ENTRIES):
                name = entry.name
                if name.startswith(begin) and name != ".git" and (begin or name[0] != ".") and _is_plain(name):
                    found.append(f"{name}/" if entry.is_dir() else name)
    except OSError:
        return []
    return sorted(found, key=lambda name: (not name.endswith("/"), name))[: MOST + 1]


def symbols(root: str, path: str) -> list[str]:
    """What a file of the checkout defines, by name: what has a body first, then constants."""
    text = _text(root, path)
    return _distinct([*_all(SYMBOL, text), *_all(CONSTANT, text)])


def headings(root: str, path: str) -> list[str]:
    """The headings of a Markdown file of the checkout, as links name them."""
    return _distinct(anchors(_text(root, path)))


def gates(root: str) -> list[str]:
    """The names of the project's gates."""
    return [gate.name for gate in _settings(root).gates]


def templates(root: str) -> list[str]:
    """The names of the project's templates."""
    names = (name.partition(".")[0] for name in entries(root, ".specs/templates", "") if not name.endswith("/"))
    return [name for name in _distinct(names) if re.fullmatch(r"[a-z0-9-]+", name)]


def commands(root: str) -> Commands:
    """Test commands that the project's own files name: its gates first."""
    found = [
        (command, "specwright.toml") for gate in _settings(root).gates if _is_plain(command := shlex.join(gate.command))
    ]
    for source in (_of_python, _of_node, _of_make, _of_just, _of_tox):
        found += islice(source(root), MOST // 5)
    return list({command: (command, source) for command, source in reversed(found)}.values())[::-1][:MOST]


def has_program(root: str, name: str) -> bool:
    """Whether a program is where a run would look: in the checkout's environment, or where the editor's PATH leads."""
    return shutil.which(name, path=f"{root}/.venv/bin:{os.environ.get('PATH', '')}") is not None


def _of_python(root: str) -> Iterator[tuple[str, str]]:
    name = "pyproject.toml"
    tool = _table(_toml(_text(root, name)), "tool")
    if "pytest" in tool:
        yield "pytest -q", name
    yield from ((f"poe {task}", name) for task in _names(_table(_table(tool, "poe"), "tasks")))
    yield from ((f"pdm run {task}", name) for task in _names(_table(_table(tool, "pdm"), "scripts")))


def _of_node(root: str) -> Iterator[tuple[str, str]]:
    name = "package.json"
    try:
        found = json.loads(_text(root, name) or "{}")
    except (ValueError, RecursionError):
        return
    for task in _names(_table(found, "scripts")):
        yield "npm test" if task == "test" else f"npm run {task}", name


def _of_make(root: str) -> Iterator[tuple[str, str]]:
    name = "Makefile"
    yield from (
        (f"make {task}", name) for task in _distinct(found["name"] for found in MAKE.finditer(_text(root, name)))
    )


def _of_just(root: str) -> Iterator[tuple[str, str]]:
    name = "justfile"
    yield from (
        (f"just {task}", name) for task in _distinct(found["name"] for found in JUST.finditer(_text(root, name)))
    )


def _of_tox(root: str) -> Iterator[tuple[str, str]]:
    name = "tox.ini"
    text = _text(root, name)
    if text:
        yield "tox", name
    yield from ((f"tox -e {task}", name) for task in _all(TOX, text))


def _settings(root: str) -> Settings:
    return read.project(_text(root, "specwright.toml"))[0]


def _is_plain(text: str) -> bool:
    """Whether a text can stand in a value: no control or hidden characters, no back-ticks."""
    return text.isprintable() and "`" not in text


def _inside(root: str, relative: str) -> Path | None:
    """A path of the checkout; None for one that lies outside, itself or by a link."""
    try:
        found = (Path(root) / relative).resolve()
        return found if found.is_relative_to(Path(root).resolve()) else None
    except (OSError, ValueError, RuntimeError):
        return None


def _text(root: str, path: str) -> str:
    where = _inside(root, path)
    try:
        return read_text(where, MOST_BYTES) if where and where.is_file() else ""
    except (WrongUse, OSError):
        return ""


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _table(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _names(table: dict[str, Any]) -> Iterator[str]:
    return (name for name in table if NAME.fullmatch(name))


def _all(pattern: re.Pattern[str], text: str) -> list[str]:
    return _distinct(found["name"] for found in pattern.finditer(text))


def _distinct(names: Iterable[str]) -> list[str]:
    return list(islice(dict.fromkeys(names), MOST + 1))
