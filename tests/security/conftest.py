"""A machine with everything to steal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from security.world import World, world


@pytest.fixture
def stage(own_home: Path, tmp_path: Path) -> Iterator[World]:
    with world(own_home, tmp_path) as made:
        yield made
