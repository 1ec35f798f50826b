"""A user with a project whose task is in review."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from user import EDIT, SETTINGS, SPEC, User, script, user_in


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        yield made.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": script([EDIT])})


@pytest.fixture
def task(user: User) -> str:
    """The task; its daemon has ended."""
    made = user.run("a.py")
    user.ok("daemon", "stop")
    return made
