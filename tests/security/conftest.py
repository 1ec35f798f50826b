"""A machine with everything to steal, and what boxes it offers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from security.world import World, world
from specwright.config.settings import SandboxMode
from specwright.sandbox.probe import Probe, probe


@pytest.fixture(scope="session")
def probes() -> dict[SandboxMode, Probe]:
    return {mode: asyncio.run(probe(mode)) for mode in (SandboxMode.FULL, SandboxMode.PARTIAL)}


@pytest.fixture
def stage(own_home: Path, tmp_path: Path) -> Iterator[World]:
    with world(own_home, tmp_path) as made:
        yield made
