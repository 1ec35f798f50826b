"""A store is migrated whole or not at all, and never without a copy; it is copied each day as well."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from mounting import filled, mounted
from specwright.errors import SpecwrightError
from specwright.store.backup import backups
from specwright.store.database import Store
from specwright.store.migrations import STEPS
from specwright.store.tasks import newest, submit
from specwright.tasks.model import Wish

KILLED = """
import os, sys
from pathlib import Path
from specwright.store.database import Store
from specwright.store.migrations import STEPS

def dies(tx):
    tx.exec_driver_sql("CREATE TABLE half (x)")
    tx.exec_driver_sql("UPDATE task SET title = 'half'")
    os.kill(os.getpid(), 9)

Store(Path(sys.argv[1]), (*STEPS, dies))
"""


def one_more(tx: Connection) -> None:
    """A step that this version does not have yet."""
    tx.exec_driver_sql("CREATE TABLE later (x)")


LATER = (*STEPS, one_more)


def columns(path: Path) -> dict[str, set[str]]:
    """The columns of each table."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} for table in tables}
    connection.close()
    return found


def ask(path: Path, question: str) -> object:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(question).fetchone()[0]
    finally:
        connection.close()


def contents(path: Path) -> dict[str, bytes]:
    """The store and its copies; SQLite's own index of what is being read aside."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if file.suffix in {".db", ".bak"}}


@pytest.fixture
async def kept(tmp_path: Path, wish: Callable[..., Wish]) -> Path:
    """A store of this schema that holds one task."""
    path = tmp_path / "specwright.db"
    store = Store(path)
    await store.write(submit, wish(title="Kept"))
    store.close()
    return path


async def test_a_migration_keeps_what_is_there_and_a_copy_of_it(kept: Path) -> None:
    store = Store(kept, LATER)
    assert [brief.title for brief in await store.read(newest, "/nowhere/project", 9)] == ["Kept"]
    store.close()
    [copy] = backups(kept, "schema")
    assert (ask(copy, "PRAGMA user_version"), ask(copy, "SELECT title FROM task")) == (len(STEPS), "Kept")
    assert (copy.stat().st_mode & 0o777, ask(copy, "PRAGMA integrity_check")) == (0o600, "ok")
    assert set(columns(kept)) - set(columns(copy)) == {"later"}


def test_three_copies_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "specwright.db"
    for number in range(6):
        Store(path, (*STEPS, *[lambda _tx: None] * number)).close()
    expected = [f"specwright.schema-{len(STEPS) + n}.bak" for n in (4, 3, 2)]
    assert [copy.name for copy in backups(path)] == expected


def test_a_killed_migration_leaves_the_old_store_and_a_whole_copy(kept: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(kept)], env=environment, timeout=60)
    assert done.returncode == -9
    [copy] = backups(kept)
    for path in (kept, copy):
        assert (ask(path, "PRAGMA user_version"), ask(path, "SELECT title FROM task")) == (len(STEPS), "Kept")
        assert "half" not in columns(path)
    Store(kept, LATER).close()
    assert "later" in columns(kept)


def test_a_copy_that_was_cut_off_is_no_copy(kept: Path) -> None:
    half = kept.with_name("specwright.schema-1.half")
    half.write_bytes(b"SQLite format 3\0 and no more")
    assert backups(kept) == []
    Store(kept, LATER).close()
    assert not half.exists()


def test_a_newer_store_is_refused_and_not_touched(kept: Path) -> None:
    Store(kept, LATER).close()
    before = contents(kept)
    with pytest.raises(SpecwrightError, match=r"newer Specwright .* Upgrade this one; the store was not touched"):
        Store(kept)
    assert contents(kept) == before


@pytest.fixture
def small(kept: Path) -> Iterator[Path]:
    """The store on a disk of 1 MB."""
    folder = kept.parent / "small"
    folder.mkdir()
    with mounted(folder, "-t", "tmpfs", "-o", "size=1m", "tmpfs"):
        yield Path(shutil.copy(kept, folder))


def test_without_room_for_the_copy_nothing_is_migrated(small: Path) -> None:
    before = small.read_bytes()
    with filled(small.parent / "ballast", but=100_000):
        with pytest.raises(SpecwrightError, match="full; free some space"):
            Store(small, LATER)
        assert small.stat().st_size == len(before)
        assert [path.name for path in small.parent.glob("*.half")] == []
        assert backups(small) == []
    Store(small, LATER).close()
    assert ask(small, "SELECT title FROM task") == "Kept"
    assert len(backups(small)) == 1


async def test_a_store_is_copied_once_a_day(kept: Path) -> None:
    store = Store(kept)
    copy = await store.back_up()
    assert copy is not None
    assert ask(copy, "SELECT title FROM task") == "Kept"
    assert await store.back_up() is None
    os.utime(copy, (copy.stat().st_mtime - 90_000,) * 2)
    assert await store.back_up() == copy
    store.close()


async def test_a_copy_from_the_future_does_not_hold_up_the_next_one(kept: Path) -> None:
    store = Store(kept)
    copy = await store.back_up()
    assert copy is not None
    os.utime(copy, (copy.stat().st_mtime + 900_000,) * 2)
    assert await store.back_up() is not None
    store.close()
