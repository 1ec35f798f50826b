"""A run's slot of a real project, and the real box round it."""

import os
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from boxes import need
from git_project import Project, make
from specwright.config.settings import SandboxMode
from specwright.git.slots import Slot
from specwright.sandbox.box import make_box
from specwright.sandbox.caches import Cache
from specwright.sandbox.limits import DEFAULT, Most
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Box, Done

Shell = Callable[..., Awaitable[Done]]


@pytest.fixture(scope="session")
def bubblewrap() -> None:
    """Skips with its reason where bubblewrap does not work on this machine."""
    need(SandboxMode.FULL)


@pytest.fixture(scope="session")
def landlock() -> None:
    """The same of Landlock."""
    need(SandboxMode.PARTIAL)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make(tmp_path / "project", tmp_path / "slots")
    made.write("greeting.py", 'def greet():\n    return "hello"\n')
    made.git("remote", "add", "origin", "https://user:TOKEN@example.org/x.git")
    made.commit()
    return made


@pytest.fixture
def slot(project: Project) -> Slot:
    return project.take()


@pytest.fixture
def box(slot: Slot, bubblewrap: None) -> Box:
    return boxed(slot)


def boxed(
    slot: Slot,
    *roots: Path,
    given: dict[str, str] | None = None,
    variables: tuple[str, ...] = (),
    mode: SandboxMode = SandboxMode.FULL,
    most: Most = DEFAULT,
    caches: tuple[Cache, ...] = (),
    has_copies: bool = False,
) -> Box:
    environment = tuple({"PATH": os.environ["PATH"], **(given or {})}.items())
    git, private = slot.path / ".git", slot.repository.path
    visible = Visible(
        slot.path, git, private, roots, environment, slot.name, variables, most, caches=caches, has_copies=has_copies
    )
    return make_box(mode, visible)


@pytest.fixture
def sh(box: Box) -> Shell:
    """Run a shell's text in the box."""
    return shell(box)


def shell(box: Box) -> Shell:
    async def run(script: str, *words: object, timeout: float = 30.0) -> Done:
        return await box.run(["bash", "-c", script, "sh", *map(str, words)], timeout=timeout)

    return run


@pytest.fixture
def virtual_environment(own_home: Path) -> Path:
    """One in the home folder, which the box hides."""
    place = own_home / "envs" / "venv"
    subprocess.run(["python3", "-m", "venv", "--without-pip", place], check=True)
    return place
