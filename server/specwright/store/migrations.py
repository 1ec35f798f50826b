"""The schema's numbered steps, each applied once in a transaction of its own, after a backup."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from specwright.errors import SpecwrightError
from specwright.store.backup import back_up
from specwright.store.schema import METADATA


def first_tables(tx: Connection) -> None:
    """All tables of the first schema."""
    METADATA.create_all(tx)


Steps = tuple[Callable[[Connection], None], ...]
STEPS: Steps = (first_tables,)
"""Append only: the number of steps is the schema's number."""


def schema_number(database: Path) -> int:
    """The schema of a store, read without opening it for writing; 0 where there is none. Raises SQLite's errors."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def refuse_newer(database: Path, steps: Steps = STEPS) -> None:
    """Raises `SpecwrightError` for a store that a newer program wrote; nothing of it is touched."""
    number = schema_number(database)
    if number > len(steps):
        raise SpecwrightError(
            f"The store {database} was written by a newer Specwright (schema {number}, this one knows {len(steps)}). "
            "Upgrade this one; the store was not touched."
        )


def migrate(writer: Engine, database: Path, steps: Steps = STEPS) -> None:
    """Bring a store that is no newer to this program's schema, after a copy of what is there."""
    with writer.connect() as connection:
        number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.rollback()
    if 0 < number < len(steps):
        back_up(database, f"schema-{number}")
    for step in range(number, len(steps)):
        with writer.begin() as tx:
            steps[step](tx)
            tx.exec_driver_sql(f"PRAGMA user_version = {step + 1}")
