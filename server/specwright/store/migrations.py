"""The schema's numbered steps, each applied once in a transaction of its own, after a backup."""

import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, update

from specwright.errors import SpecwrightError
from specwright.store.schema import METADATA, TASK

BACKUPS = 3
"""How many backups are kept."""

log = logging.getLogger(__name__)


def first_tables(tx: Connection) -> None:
    """All tables of the first schema."""
    METADATA.create_all(tx)


def ages(tx: Connection) -> None:
    """Since when a task is decided, and what is left of a run's steps. Of older tasks it is not known: since now."""
    _add_column(tx, "task", "decided FLOAT")
    _add_column(tx, "run", "rounds INTEGER")
    closed = TASK.c.state.not_in(["waiting", "running", "review"])
    tx.execute(update(TASK).where(TASK.c.decided.is_(None), closed).values(decided=time.time()))


def _add_column(tx: Connection, table: str, column: str) -> None:
    """A store that the first step has just made has it."""
    known = {row[1] for row in tx.exec_driver_sql(f"PRAGMA table_info({table})")}
    if column.split()[0] not in known:
        tx.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")


STEPS: tuple[Callable[[Connection], None], ...] = (first_tables, ages)
"""Append only: the number of steps is the schema's number."""


def migrate(writer: Engine, database: Path) -> None:
    """Bring the store to this program's schema. Raises `SpecwrightError` for a store that is newer."""
    with writer.connect() as connection:
        number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.rollback()
    if number > len(STEPS):
        raise SpecwrightError(
            f"The store {database} was written by a newer Specwright (schema {number}, this one knows {len(STEPS)}). "
            "Upgrade this one; the store was not touched."
        )
    if 0 < number < len(STEPS):
        _back_up(writer, database, number)
    for step in range(number, len(STEPS)):
        with writer.begin() as tx:
            STEPS[step](tx)
            tx.exec_driver_sql(f"PRAGMA user_version = {step + 1}")


def _back_up(writer: Engine, database: Path, number: int) -> None:
    backup = database.with_suffix(f".schema-{number}.bak")
    backup.unlink(missing_ok=True)
    with contextlib.closing(writer.raw_connection()) as connection:  # SQLAlchemy's own would begin a transaction
        connection.cursor().execute("VACUUM INTO ?", (str(backup),))
    backup.chmod(0o600)
    kept = sorted(database.parent.glob(f"{database.stem}.schema-*.bak"), key=lambda path: path.stat().st_mtime)
    for old in kept[:-BACKUPS]:
        log.info("removing old backup %s", old)
        old.unlink()
