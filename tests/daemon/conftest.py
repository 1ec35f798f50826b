"""A user, one with a project, and clients of their daemon."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from user import EDIT, SETTINGS, SPEC, User, script, user_in


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        made.root.mkdir()
        yield made


@pytest.fixture
def project(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        yield made.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": script([EDIT])})
