"""The schema's numbered steps, each applied once in a transaction of its own, after a backup."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from specwright.errors import SpecwrightError
from specwright.store.backup import back_up
from specwright.store.schema import METADATA


def admission_columns(tx: Connection) -> None:
    """What admission knows of a task beyond its state, when a run last started, and whether the queue is paused."""
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN action VARCHAR(32) NOT NULL DEFAULT ''")
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN held_for VARCHAR(16)")
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN held_why TEXT")
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN held_until FLOAT")
    tx.exec_driver_sql("ALTER TABLE run ADD COLUMN last_start FLOAT")
    tx.exec_driver_sql("CREATE INDEX task_handle ON task (checkout, handle)")
    tx.exec_driver_sql("CREATE TABLE pause (cause VARCHAR(16) NOT NULL, at FLOAT NOT NULL, PRIMARY KEY (cause))")


def ages(tx: Connection) -> None:
    """Since when a task is decided, and what is left of a run's steps. Of older tasks it is not known: since now."""
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN decided FLOAT")
    tx.exec_driver_sql("ALTER TABLE run ADD COLUMN rounds INTEGER")
    query = "UPDATE task SET decided = ? WHERE state NOT IN ('waiting', 'running', 'review')"
    tx.exec_driver_sql(query, (time.time(),))


def time_and_outbox(tx: Connection) -> None:
    """How long a run was performed, and what a person is to be told."""
    tx.exec_driver_sql("ALTER TABLE run ADD COLUMN seconds FLOAT NOT NULL DEFAULT 0")
    tx.exec_driver_sql(
        "CREATE TABLE outbox (task VARCHAR(16) NOT NULL, run INTEGER NOT NULL, need VARCHAR(16) NOT NULL, "
        "at FLOAT NOT NULL, shown FLOAT, posted FLOAT, tries INTEGER NOT NULL, next_at FLOAT NOT NULL, "
        "UNIQUE (task, run, need))"
    )
    tx.exec_driver_sql("CREATE INDEX outbox_untold ON outbox (at) WHERE (shown IS NULL OR posted IS NULL)")


def specs_as_seen(tx: Connection) -> None:
    """What the spec of a task is called by now, where that is something else than at queueing."""
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN spec_title TEXT")
    tx.exec_driver_sql("ALTER TABLE task ADD COLUMN spec_goal TEXT")


Steps = tuple[Callable[[Connection], None], ...]
STEPS: Steps = (METADATA.create_all, admission_columns, ages, time_and_outbox, specs_as_seen)
"""Append only: the number of steps is the schema's number. The first makes a new store as it is now; the others bring
an older one to the same."""


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
    if number == 0:
        _apply(writer, steps[0], len(steps))
    for step in range(number or len(steps), len(steps)):
        _apply(writer, steps[step], step + 1)


def _apply(writer: Engine, step: Callable[[Connection], None], number: int) -> None:
    with writer.begin() as tx:
        step(tx)
        tx.exec_driver_sql(f"PRAGMA user_version = {number}")
