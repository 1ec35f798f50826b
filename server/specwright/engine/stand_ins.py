"""Files of a change that Python would run in the place of a gate's own tool: what they say shows nothing."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from specwright.config.settings import Gate
from specwright.gates.tools import name_of

SYSTEM = (Path("/usr"), Path("/usr/local"))
SUFFIXES = (".py", ".pyc", ".so")


def guarded(gate: Gate, added: Iterable[str], roots: Sequence[Path]) -> Gate:
    """The gate, with a fault where one of the files that a change adds hides the tool, or what the tool imports.

    Python looks in the folder that it was started in, and on `PYTHONPATH`, before it looks where the tool is installed.
    What the base has already is the project's own doing.
    """
    module = _module(gate.command)
    tools = {name for tool in (module, name_of(gate.command)) for name in (tool, f"_{tool}") if _is_tool(name, roots)}
    hidden = tools | (sys.stdlib_module_names if module else frozenset())
    for path in added:
        if any(_module_in(path, folder) in hidden for folder in ("", "src", gate.cwd)):
            return replace(gate, fault=f"{path}, which this change adds, would be run in the place of the tool's own.")
    return gate


def _module(command: Sequence[str]) -> str:
    """`pytest` of `python -m pytest -q`; empty where no module is run."""
    return command[command.index("-m") + 1].partition(".")[0] if "-m" in command[:-1] else ""


def _is_tool(name: str, roots: Sequence[Path]) -> bool:
    """Whether a module is installed: what a spec asks for may well be a module that its check runs."""
    if not name.isidentifier():
        return False
    places = (f"lib/python3*/*-packages/{name}{suffix}" for suffix in ("", ".py"))
    return any(any(root.glob(place)) for place in places for root in (*roots, *SYSTEM))


def _module_in(path: str, folder: str) -> str | None:
    """The module that a file makes importable from a folder; None where it makes none."""
    place = PurePosixPath(path)
    if not place.is_relative_to(folder):
        return None
    first, *rest = place.relative_to(folder).parts
    is_module = len(rest) == 1 and rest[0].startswith("__init__.") if rest else first.endswith(SUFFIXES)
    return first.partition(".")[0] if is_module else None
