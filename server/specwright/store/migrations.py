"""The schema's numbered steps, each applied once in a transaction of its own, after a backup."""

import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from specwright.errors import SpecwrightError
from specwright.store.schema import METADATA, OUTBOX

BACKUPS = 3
"""How many backups are kept."""

log = logging.getLogger(__name__)


def first_tables(tx: Connection) -> None:
    """All tables of the first schema."""
    METADATA.create_all(tx)


def time_and_outbox(tx: Connection) -> None:
    """How long a run was performed, and what a person is to be told; a new store has both."""
    if "seconds" not in {row[1] for row in tx.exec_driver_sql("PRAGMA table_info(run)")}:
        tx.exec_driver_sql("ALTER TABLE run ADD COLUMN seconds FLOAT NOT NULL DEFAULT 0")
    OUTBOX.create(tx, checkfirst=True)


STEPS: tuple[Callable[[Connection], None], ...] = (first_tables, time_and_outbox)
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
    with closing(writer.raw_connection()) as connection:  # a connection of the engine's begins a transaction
        connection.cursor().execute("VACUUM INTO ?", (str(backup),))
    backup.chmod(0o600)
    kept = sorted(database.parent.glob(f"{database.stem}.schema-*.bak"), key=lambda path: path.stat().st_mtime)
    for old in kept[:-BACKUPS]:
        log.info("removing old backup %s", old)
        old.unlink()
