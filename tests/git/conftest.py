"""Repositories as users have them, and settings that run something."""

from collections.abc import Callable
from pathlib import Path

import pytest

from git_project import Alarm, Project, make


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make(tmp_path / "project", tmp_path / "slots")
    made.write("greeting.py", 'def greet():\n    return "hello"\n')
    made.write("docs/read me.md", "# Read me\n")
    made.commit("Begin")
    return made


@pytest.fixture
def unborn(tmp_path: Path) -> Project:
    return make(tmp_path / "unborn", tmp_path / "slots")


@pytest.fixture
def alarm(tmp_path: Path) -> Alarm:
    program, rung = tmp_path / "alarm", tmp_path / "rung"
    program.write_text(f"#!/bin/sh\necho run >>'{rung}'\nexec cat\n")
    program.chmod(0o755)
    return Alarm(program, rung)


@pytest.fixture
def hostile_settings(alarm: Alarm) -> Callable[..., str]:
    """Text of git settings, each of which runs the alarm."""

    def text() -> str:
        run = alarm.program
        return (
            f"[core]\n\tfsmonitor = {run}\n\thooksPath = {run.parent / 'hooks'}\n\tsshCommand = {run}\n"
            f'[diff]\n\texternal = {run}\n[filter "evil"]\n\tclean = {run}\n\tsmudge = {run}\n\tprocess = {run}\n'
            f'[diff "evil"]\n\ttextconv = {run}\n\tcommand = {run}\n[merge "evil"]\n\tdriver = {run}\n'
        )

    for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-commit", "post-commit"):
        hook = alarm.program.parent / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\nexec '{alarm.program}' </dev/null\n")
        hook.chmod(0o755)
    return text
