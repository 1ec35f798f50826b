"""A user, and one with a small real project whose tests pass."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from user import User, user_in

PYPROJECT = (
    '[project]\nname = "small"\nversion = "1"\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\npythonpath = ["."]\n'
)
FILES = {
    "pyproject.toml": PYPROJECT,
    "small.py": "def add(a, b):\n    return a + b\n",
    "tests/test_small.py": "from small import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n",
}


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        yield made


@pytest.fixture
def small(user: User) -> User:
    return user.make(FILES)
