"""Whether the store is whole, and another one in its place where it is not; the broken one is kept beside it."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from specwright.errors import SpecwrightError
from specwright.store.backup import BESIDE, READY, backups, beside, finish_exchange
from specwright.store.migrations import STEPS, schema_number
from specwright.store.schema import TASK
from specwright.store.tasks import in_states
from specwright.tasks.model import OPEN, Task


def faults(database: Path) -> list[str]:
    """What SQLite finds wrong, at most ten things; none in a whole store."""
    try:
        with closing(_reading(database)) as connection:
            return [text for (text,) in connection.execute("PRAGMA integrity_check(10)") if text != "ok"]
    except sqlite3.Error as error:
        return [str(error)]


def is_newer_than_this(database: Path) -> bool:
    """Whether a newer program wrote it. Raises SQLite's errors."""
    return schema_number(database) > len(STEPS)


def open_tasks(database: Path) -> dict[Task, str | None]:
    """The open tasks with the commits of their results, beside a daemon at work. Raises `SpecwrightError`."""
    engine = create_engine("sqlite://", creator=lambda: _reading(database), poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            heads = {row.id: row.head for row in connection.execute(select(TASK.c.id, TASK.c.head))}
            return {task: heads[task.id] for task in in_states(connection, OPEN)}
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise SpecwrightError(f"The tasks of {database} can't be read: {str(error).splitlines()[0]}.") from error
    finally:
        engine.dispose()


def mended(database: Path) -> Path | None:
    """A new store of every row, where all of them can be read: nothing is lost then. None where one can't."""
    copy = database.with_suffix(".mended")
    _remove(copy)
    try:
        with closing(_reading(database)) as broken, closing(sqlite3.connect(copy, isolation_level=None)) as whole:
            number = broken.execute("PRAGMA user_version").fetchone()[0]
            for statement in broken.iterdump():
                whole.execute(statement)
            whole.execute(f"PRAGMA user_version = {int(number)}")
    except sqlite3.Error:
        _remove(copy)
        return None
    return copy


def newest_whole_copy(database: Path) -> Path | None:
    """The newest backup that is whole."""
    return next((copy for copy in backups(database) if not faults(copy)), None)


def put_in_place(database: Path, whole: Path) -> Path:
    """Let a copy be the store, while no daemon runs; where the broken one lies now."""
    aside = database.with_name(f"{database.name}.broken-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}")
    copying = database.with_suffix(".copying")
    shutil.copyfile(whole, copying)
    copying.chmod(0o600)
    copying.rename(database.with_suffix(READY))
    if database.exists():
        database.rename(aside)
    finish_exchange(database)
    _remove(database.with_suffix(".mended"))
    return aside


def _reading(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=30, check_same_thread=False)


def _remove(database: Path) -> None:
    for end in ("", *BESIDE):
        beside(database, end).unlink(missing_ok=True)
