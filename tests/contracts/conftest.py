"""A user, and one with a project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from user import EDIT, SETTINGS, SPEC, User, script, user_in


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        yield made


@pytest.fixture
def project(user: User) -> User:
    """A spec in `a.py` that the agent meets."""
    return user.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": script([EDIT])})
