"""Plays `tests/scenarios/*.txt`: one file is one behaviour that a user sees, on a real repository, with real processes.

A file begins with a sentence of purpose. `-- PATH --` gives a file of the project, `-- then --` what the user types
(`$ command`, a shell's line in the project's root) and sees. Ids become task-1, task-2 …, which are as long; times,
paths and object ids are made equal. `UPDATE_EXPECT=1` rewrites what is seen. `? N` names an exit code that is not 0.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.txt"))
SECTION = re.compile(r"^-- (.+) --$", re.M)
COMMAND_SECONDS = 60
SERVER = Path(__file__).parent.parent / "server"


def sections(text: str) -> dict[str, str]:
    """Purpose under the empty name, then each section by its name."""
    parts = SECTION.split(text)
    return {"": parts[0], **dict(zip(parts[1::2], (part.lstrip("\n") for part in parts[2::2]), strict=True))}


class Stage:
    """A project, and a user who types in it."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.home = home
        self.ids: dict[str, str] = {}

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True)

    def make(self, files: dict[str, str]) -> None:
        self.root.mkdir()
        self.git("init", "-q")
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "Begin")

    def type(self, line: str) -> tuple[str, int]:
        """What a command prints, with what differs between runs made equal, and its exit code."""
        for task, name in self.ids.items():
            line = re.sub(rf"\b{name}\b", task, line)
        path = f"{self.home}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PYTHONPATH": str(SERVER), "PATH": path, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_SECONDS,
        )
        return self.equal(done.stdout), done.returncode

    def equal(self, output: str) -> str:
        for found in re.findall(r'^queued (\w{6}) |"task": "(\w{6})"', output, re.M):
            self.ids.setdefault("".join(found), f"task-{len(self.ids) + 1}")
        for task, name in self.ids.items():
            output = output.replace(task, name)
        for folder, name in ((self.root, "ROOT"), (self.home, "HOME"), (self.root.parent, "ROOT/..")):
            output = output.replace(str(folder), name)
        output = re.sub(r"\d+\.\d s\b", "N s", output)
        output = re.sub(r"\d\d:\d\d:\d\d\b", "TIME", output)
        output = re.sub(r"\b[0-9a-f]{40}\b", "OID", output)
        return "\n".join(line.rstrip() for line in output.splitlines())


def play(stage: Stage, script: str) -> str:
    """The same script with what is seen now."""
    seen = []
    for line in script.splitlines():
        if line.startswith("$ "):
            output, code = stage.type(line[2:])
            seen += [line, *([output] if output else []), *([f"? {code}"] if code else [])]
    return "\n".join(seen) + "\n"


@pytest.fixture
def stage(own_home: Path, tmp_path: Path) -> Iterator[Stage]:
    program = own_home / "bin" / "specwright"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m specwright "$@"\n')
    program.chmod(0o755)
    made = Stage(tmp_path / "project", own_home)
    yield made
    made.type("specwright daemon stop")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, stage: Stage) -> None:
    parts = sections(path.read_text())
    assert parts[""].strip(), "a scenario begins with its purpose"
    stage.make({name: text for name, text in parts.items() if name not in {"", "then"}})
    seen = play(stage, parts["then"])
    if os.environ.get("UPDATE_EXPECT"):
        head, _, _ = path.read_text().partition("-- then --\n")
        path.write_text(f"{head}-- then --\n{seen}")
    assert seen.strip() == parts["then"].strip() or os.environ.get("UPDATE_EXPECT")
