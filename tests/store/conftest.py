import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from specwright.store.database import Store
from specwright.tasks.model import Checkout, Place, Revision, Wanted, Wish

NUMBERS = itertools.count()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "specwright.db")
    yield opened
    opened.close()


@pytest.fixture
def wish() -> Callable[..., Wish]:
    def make(title: str = "", digest: str = "", path: str = "a.py", base: str = "0" * 40, **more: Any) -> Wish:
        number = next(NUMBERS)
        title = title or f"Title {number}"
        revision = Revision(digest or f"{number:064d}", title, f"spec! {title}", (Wanted(1, "it works", "true"),), ())
        checkout = Checkout("/nowhere/project", "/nowhere/project/.git", "/nowhere/project/.git")
        return Wish(checkout, Place(path, 1, 2), revision, base, "scripted", "", **more)

    return make
