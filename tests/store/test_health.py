"""A broken store is found, mended where nothing is lost by it, else a copy takes its place; the broken one stays."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from specwright.errors import SpecwrightError
from specwright.store import health
from specwright.store.database import Store
from specwright.store.tasks import submit
from specwright.tasks.model import Wish


@pytest.fixture
async def filled(tmp_path: Path, wish: Callable[..., Wish]) -> Path:
    """A store with some tasks and a copy of it that has them too."""
    path = tmp_path / "specwright.db"
    store = Store(path)
    for _ in range(40):
        await store.write(submit, wish())
    assert await store.back_up()
    store.close()
    return path


def page_of(path: Path, name: str) -> int:
    """Where the first page of a table or index lies."""
    with closing(sqlite3.connect(path)) as connection:
        [size] = connection.execute("PRAGMA page_size").fetchone()
        [root] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return int((root - 1) * size)


def spoil(path: Path, name: str) -> None:
    offset = page_of(path, name)
    data = bytearray(path.read_bytes())
    data[offset : offset + 2000] = b"\xa5" * 2000
    path.write_bytes(data)


def test_a_whole_store_has_no_faults(filled: Path) -> None:
    assert health.faults(filled) == []
    assert not health.is_newer_than_this(filled)
    assert len(health.open_tasks(filled)) == 40


def test_a_broken_index_is_made_anew_and_nothing_is_lost(filled: Path) -> None:
    spoil(filled, "task_revision")
    assert health.faults(filled)
    whole = health.mended(filled)
    assert whole is not None
    broken = filled.read_bytes()
    aside = health.put_in_place(filled, whole)
    assert (health.faults(filled), len(health.open_tasks(filled))) == ([], 40)
    assert aside.read_bytes() == broken
    assert not list(filled.parent.glob("*.mended*"))


def test_a_broken_table_is_replaced_by_the_newest_copy_that_is_whole(filled: Path) -> None:
    [copy] = filled.parent.glob("*.bak")
    (newer := filled.with_suffix(".day-99990101.bak")).write_bytes(b"half of one")
    spoil(filled, "task")
    assert health.faults(filled)
    assert health.mended(filled) is None
    assert health.newest_whole_copy(filled) == copy
    health.put_in_place(filled, copy)
    assert (health.faults(filled), len(health.open_tasks(filled))) == ([], 40)
    assert newer.exists()
    Store(filled).close()


def test_a_repair_that_was_killed_between_two_renames_is_finished_at_the_next_start(filled: Path) -> None:
    [copy] = filled.parent.glob("*.bak")
    shutil.copyfile(copy, filled.with_suffix(".ready"))
    filled.rename(broken := filled.with_name("specwright.db.broken-20260101-000000"))
    filled.with_name("specwright.db-wal").write_bytes(b"of the broken one")
    Store(filled).close()
    assert (health.faults(filled), len(health.open_tasks(filled))) == ([], 40)
    assert broken.with_name(f"{broken.name}-wal").read_bytes() == b"of the broken one"


def test_what_is_no_store_is_a_fault_and_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "specwright.db"
    path.write_text("This is no database. " * 100)
    assert health.faults(path) == ["file is not a database"]
    with pytest.raises(SpecwrightError, match=r"can't be read: .*not a database"):
        health.open_tasks(path)
    assert health.mended(path) is None
    assert health.newest_whole_copy(path) is None


async def test_it_is_read_beside_a_daemon_that_writes(filled: Path, wish: Callable[..., Wish]) -> None:
    store = Store(filled)
    await store.write(submit, wish())
    assert len(health.open_tasks(filled)) == 41
    assert health.faults(filled) == []
    store.close()
