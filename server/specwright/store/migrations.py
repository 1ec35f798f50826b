"""The schema's numbered steps, each applied once in a transaction of its own, after a backup."""

import logging
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine

from specwright.errors import SpecwrightError
from specwright.store.schema import METADATA

BACKUPS = 3
"""How many backups are kept."""

log = logging.getLogger(__name__)


def admission_columns(tx: Connection) -> None:
    """What admission knows of a task beyond its state, when a run last started, and whether the queue is paused."""
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN action VARCHAR(32) NOT NULL DEFAULT ''")
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN held_for VARCHAR(16)")
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN held_why TEXT")
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN held_until FLOAT")
    tx.exec_driver_sql("ALTER TABLE run ADD COLUMN last_start FLOAT")
    tx.exec_driver_sql("CREATE INDEX task_handle ON task (checkout, handle)")
    tx.exec_driver_sql("CREATE TABLE pause (cause VARCHAR(16) NOT NULL, at FLOAT NOT NULL, PRIMARY KEY (cause))")


STEPS: tuple[Callable[[Connection], None], ...] = (METADATA.create_all, admission_columns)
"""Append only: the number of steps is the schema's number. The first makes a new store as it is now; the others bring
an older one to the same."""


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
    if number == 0:
        _apply(writer, STEPS[0], len(STEPS))
    for step in range(number or len(STEPS), len(STEPS)):
        _apply(writer, STEPS[step], step + 1)


def _apply(writer: Engine, step: Callable[[Connection], None], number: int) -> None:
    with writer.begin() as tx:
        step(tx)
        tx.exec_driver_sql(f"PRAGMA user_version = {number}")


def _back_up(writer: Engine, database: Path, number: int) -> None:
    backup = database.with_suffix(f".schema-{number}.bak")
    backup.unlink(missing_ok=True)
    raw = writer.raw_connection()  # not one of SQLAlchemy's, which begins a transaction: VACUUM can't be in one
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(backup),))
    finally:
        raw.close()
    backup.chmod(0o600)
    kept = sorted(database.parent.glob(f"{database.stem}.schema-*.bak"), key=lambda path: path.stat().st_mtime)
    for old in kept[:-BACKUPS]:
        log.info("removing old backup %s", old)
        old.unlink()
