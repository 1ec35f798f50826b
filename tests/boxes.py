"""Which sandboxes work on this machine: each is tried once."""

import asyncio
from functools import cache

import pytest

from specwright.config.settings import SandboxMode
from specwright.sandbox.probe import Probe, probe


@cache
def probed(mode: SandboxMode) -> Probe:
    return asyncio.run(probe(mode))


def need(mode: SandboxMode) -> None:
    """Skips with its reason where it does not work here."""
    if not probed(mode).mode:
        pytest.skip(probed(mode).reason)
