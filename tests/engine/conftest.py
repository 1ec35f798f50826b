"""A wish, and what a daemon's runs share, on a store of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from specwright.config.settings import SandboxMode, UserSettings
from specwright.engine.context import Context
from specwright.paths.places import places
from specwright.sandbox.probe import Probe
from specwright.store.database import Store
from specwright.tasks.model import Checkout, Place, Revision, Wanted, Wish

WORKS = Probe(SandboxMode.FULL)
DEFAULT = UserSettings()
Make = Callable[..., Context]


@pytest.fixture
def context_of(tmp_path: Path) -> Iterator[Make]:
    """Makes a context of a user's settings and a probe."""
    store = Store(tmp_path / "specwright.db")
    here = places({"SPECWRIGHT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)})
    yield lambda user=DEFAULT, probe=WORKS: Context(here, store, user, probe)
    store.close()


@pytest.fixture
def wish_of(tmp_path: Path) -> Callable[..., Wish]:
    """Makes a wish of an agent and the text of settings."""
    root = str(tmp_path / "project")

    def make(agent: str = "scripted", settings: str = "") -> Wish:
        criteria = (Wanted(1, "it works", "true"),)
        revision = Revision(f"{agent}{settings}", "Title", "# Title", criteria, ("a.py",))
        checkout = Checkout(root, f"{root}/.git", f"{root}/.git")
        return Wish(checkout, Place("a.py", 1, 2), revision, "0" * 40, agent, settings)

    return make
