"""What is known of tools: how they write a report where it was asked for by its kind alone."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from specwright.config.settings import Gate

RUNNERS = ("python", "python3", "py", "uv", "poetry", "npx")
OPTIONS = {
    ("pytest", "junit"): ("--junitxml={path}", "-o", "junit_family=xunit2"),
    ("ruff", "sarif"): ("--output-format=sarif", "--output-file={path}"),
    ("eslint", "sarif"): ("-f", "@microsoft/eslint-formatter-sarif", "-o", "{path}"),
    ("vitest", "junit"): ("--reporter=junit", "--outputFile={path}"),
}
"""By tool and kind of report; `{path}` is where it goes."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report that a gate will write."""

    kind: str
    path: Path
    """Absolute, or relative to the slot."""
    folder: Path
    """The gate's own folder, in which an absolute path must lie."""

    def place(self, slot: Path) -> Path:
        """Where it is looked for."""
        return Path(os.path.normpath(slot / self.path))

    def within(self, slot: Path) -> Path:
        """The folder in which it must lie."""
        return self.folder if self.path.is_absolute() else slot


def name_of(command: Sequence[str]) -> str:
    """The tool behind a command: `pytest` of `python -m pytest -q`, `eslint` of `npx --no-install eslint .`."""
    words = [Path(word).name for word in command if not word.startswith("-") and word != "run"]
    while len(words) > 1 and (words[0] in RUNNERS or words[0].startswith("python3.")):
        words.pop(0)
    return words[0] if words else ""


def command_of(gate: Gate, output: Path, changed: Sequence[str]) -> tuple[list[str], ReportFile | None]:
    """The words to run, with `$O` and `$F` replaced, and the report that comes of it."""
    words = [part for word in gate.command for part in _replaced(word, output, changed)]
    if gate.report is None:
        return words, None
    kind, _, named = gate.report.partition(":")
    if named:
        return words, ReportFile(kind, Path(named.replace("$O", str(output))), output)
    path = output / f"report.{'xml' if kind == 'junit' else 'sarif'}"
    options = [option.format(path=path) for option in OPTIONS.get((name_of(gate.command), kind), ())]
    return [*words, *options], ReportFile(kind, path, output)


def _replaced(word: str, output: Path, changed: Sequence[str]) -> list[str]:
    if word == "$F":
        return [f"./{path}" for path in changed]
    return [word.replace("$O", str(output))]
