"""The files of a project that its commands name: what these hold belongs to the commands."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from specwright.config.settings import Settings
from specwright.git import held
from specwright.tasks.model import Checkout

LARGEST = 1_000_000
"""Bytes of a file above which its size and time stand for its content."""
_BETWEEN = re.compile(r"[\s;&|()<>{}\"'`=,:]+")
"""What stands around the names of files in a shell's line, or in an option."""

_INTERPRETER = re.compile(
    r"(?:ba|da|z|k|fi)?sh|source|\.|exec|env|python[0-9.]*|pypy[0-9.]*|node|deno|run|bun|tsx|ruby|perl|php|lua|Rscript|pwsh"
)
"""What runs the file that is named behind it."""


def paths(settings: Settings) -> tuple[str, ...]:
    """What may be one, relative to the root: each word, and each part of a word that a shell or an option may hold."""
    commands = [("", settings.slots.setup), *((gate.cwd, gate.command) for gate in settings.gates)]
    found = (
        _inside(folder, name) for folder, words in commands for word in words for name in (word, *_BETWEEN.split(word))
    )
    return tuple(dict.fromkeys(path for path in found if path))


def programs(settings: Settings) -> frozenset[str]:
    """Those of the paths that gates run: what they say is what these say."""
    found = (_inside(gate.cwd, name) for gate in settings.gates for name in _run_by(gate.command))
    return frozenset(os.path.normpath(path) for path in found if path)


def _run_by(command: Sequence[str]) -> Iterator[str]:
    before = ""
    for word in (part for text in command for part in _BETWEEN.split(text) if part):
        if word.startswith("-"):
            continue
        if word.startswith("./") or _INTERPRETER.fullmatch(before.rpartition("/")[2]) or (not before and "/" in word):
            yield word
        before = word


def contents(checkout: Checkout, base: str, paths: tuple[str, ...]) -> dict[str, str]:
    """What stands for the content of those that are files: as the base holds them, which is what a task starts from.

    What the base does not hold, such as an ignored file or one that is not committed yet, counts as it is now.
    """
    root = Path(checkout.root)
    committed = held.contents(checkout, base, paths, LARGEST) if root.is_dir() else {}
    # `Path.is_file` raises for a name that is too long, such as a whole line of a shell's
    others = {path: root / path for path in paths if path not in committed and os.path.isfile(root / path)}  # noqa: PTH113
    return committed | {path: _content(file) for path, file in others.items()}


def _inside(folder: str, name: str) -> str | None:
    """The path from the root; None where it leaves the project, or is an option. `..` stays: it may follow a link."""
    path = os.path.join(folder, name)  # noqa: PTH118  # `Path` drops what may follow a link
    if not name or name.startswith(("-", "/")) or "\0" in name or os.path.normpath(path).startswith(".."):
        return None
    return "/".join(part for part in path.split("/") if part not in {"", "."})


def _content(path: Path) -> str:
    try:
        status = path.stat()
        if status.st_size > LARGEST:
            return f"{status.st_size} {status.st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:  # gone meanwhile, or closed by its permissions
        return f"unreadable: {error.strerror}"
