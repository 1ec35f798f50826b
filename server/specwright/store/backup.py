"""Whole copies of the store beside it: made by SQLite itself, and there under their names only when they are whole."""

import logging
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

BACKUPS = 3
"""How many of each kind are kept: those from before a migration, and those of each day."""
DAY = 86_400.0
BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a store that was not closed."""
READY = ".ready"
"""The whole copy that takes the place of a broken store."""

log = logging.getLogger(__name__)


def back_up(database: Path, label: str) -> Path:
    """A copy `<store>.<label>.bak`. Raises SQLite's and the system's errors; an older copy stays then."""
    backup = database.with_suffix(f".{label}.bak")
    half = backup.with_suffix(".half")
    for left in database.parent.glob(f"{database.stem}.*.half"):
        left.unlink()
    try:
        # a connection of its own: SQLAlchemy's begin a transaction, in which SQLite copies nothing
        with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as connection:
            connection.execute("VACUUM INTO ?", (str(half),))
        half.chmod(0o600)
        _flush(half)
        half.replace(backup)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    _drop_old(database, label.partition("-")[0])
    return backup


def backups(database: Path, kind: str = "*") -> list[Path]:
    """All copies of a kind (`schema`, `day`), the newest first."""
    found = database.parent.glob(f"{database.stem}.{kind}-*.bak")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def today(database: Path) -> Path | None:
    """A copy of this day, unless there is one already that is less than a day old; a clock set back makes one more."""
    newest = next(iter(backups(database, "day")), None)
    if newest and 0 <= time.time() - newest.stat().st_mtime < DAY:
        return None
    return back_up(database, time.strftime("day-%Y%m%d", time.gmtime()))


def _drop_old(database: Path, kind: str) -> None:
    for old in backups(database, kind)[BACKUPS:]:
        log.info("removing old backup %s", old)
        old.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def finish_exchange(database: Path) -> None:
    """Let the whole copy be the store, where the broken one has its new name: also after a repair that was killed."""
    ready = database.with_suffix(READY)
    if database.exists() or not ready.exists():
        return
    broken = [path for path in database.parent.glob(f"{database.name}.broken-*") if not path.name.endswith(BESIDE)]
    for end in BESIDE:  # the broken one's: SQLite would take them for the new one's
        if beside(database, end).exists():
            beside(database, end).rename(beside(max(broken, default=database.with_suffix(".broken")), end))
    ready.rename(database)


def beside(database: Path, end: str) -> Path:
    """One of the files that SQLite keeps beside a store."""
    return database.with_name(database.name + end)
