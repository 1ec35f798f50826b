"""One SQLite file: a writer on a thread of its own, a reader on another, and nothing of it on the event loop."""

import asyncio
import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from specwright.errors import SpecwrightError
from specwright.spec.facts import folded
from specwright.spec.identity import slug
from specwright.store import backup
from specwright.store.migrations import STEPS, Steps, migrate, refuse_newer

P = ParamSpec("P")
T = TypeVar("T")
PRAGMAS = ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL")
FUNCTIONS: dict[str, Callable[[str], str]] = {"slug": lru_cache(1 << 14)(slug), "folded": lru_cache(1 << 14)(folded)}
"""How titles are compared, as SQL knows it; SQLite's own `lower` leaves all but ASCII as it is."""
INCREMENTAL = 2
"""How `auto_vacuum` says that free pages can be given back; only a store without tables takes it."""
MOST_FREE = 0.25
"""Share of pages that may lie empty."""

log = logging.getLogger(__name__)


class Store:
    """Runs functions in transactions; tells `on_commit` which tasks a write changed, and whether admission looks."""

    def __init__(self, path: Path, steps: Steps = STEPS) -> None:
        """Open and migrate. Raises `SpecwrightError` with the reason and the cure."""
        self.path = path
        self.on_commit: Callable[[frozenset[str], bool], None] = lambda _tasks, _look: None
        self._writing = ThreadPoolExecutor(1, "store-writer")
        self._reading = ThreadPoolExecutor(1, "store-reader")
        self._writer = _engine(path, "BEGIN IMMEDIATE")
        self._reader = _engine(path, "BEGIN")
        try:
            backup.finish_exchange(path)
            refuse_newer(path, steps)
            self._writing.submit(migrate, self._writer, path, steps).result()
            path.chmod(0o600)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            self.close()
            raise SpecwrightError(f"The store {path} can't be opened: {_plain(error)}.") from error
        except SpecwrightError:
            self.close()
            raise

    async def write(self, function: Callable[Concatenate["Writing", P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result, durable. Calls `on_commit` in the loop unless nothing was marked as changed."""
        loop = asyncio.get_running_loop()
        writing, result = await loop.run_in_executor(self._writing, lambda: self._write(function, *args, **kwargs))
        if writing.changed or writing.look:
            self.on_commit(frozenset(writing.changed), writing.look)
        return result

    async def read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result on a consistent view."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reading, lambda: self._read(function, *args, **kwargs))

    async def compact(self) -> None:
        """Give the space of deleted rows back: the log is folded in, and free pages where they are many."""
        await asyncio.get_running_loop().run_in_executor(self._writing, self._compact)

    async def back_up(self) -> Path | None:
        """Today's copy of the store; None where there is one. What can't be copied is logged: nothing waits for it."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._reading, backup.today, self.path)
        except (sqlite3.Error, OSError) as error:
            log.warning("the store was not backed up: %s", _plain(error))
            return None

    def close(self) -> None:
        """Wait for what is being written, then close the file."""
        self._writing.shutdown()
        self._reading.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    def _write(
        self, function: Callable[Concatenate["Writing", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple["Writing", T]:
        try:
            with self._writer.begin() as connection:
                writing = Writing(connection)
                result = function(writing, *args, **kwargs)
            return writing, result
        except SQLAlchemyError as error:
            raise SpecwrightError(f"The store {self.path} can't be written: {_plain(error)}.") from error

    def _compact(self) -> None:
        with self._writer.begin() as connection:
            free, pages = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("freelist_count", "page_count")
            )
            for _ in range(free if free > pages * MOST_FREE else 0):
                connection.exec_driver_sql("PRAGMA incremental_vacuum")  # the driver takes one step: a page
        with contextlib.closing(self._writer.raw_connection()) as raw:  # SQLAlchemy's own would begin a transaction
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with self._reader.begin() as connection:
                return function(connection, *args, **kwargs)
        except SQLAlchemyError as error:
            raise SpecwrightError(f"The store {self.path} can't be read: {_plain(error)}.") from error


class Writing:
    """A transaction, and the tasks that it changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changed: set[str] = set()
        self.look = False

    def mark(self, tasks: Iterable[str]) -> None:
        """These tasks changed: clients are told."""
        self.changed.update(tasks)

    def free(self) -> None:
        """Something may begin that could not before: admission looks again."""
        self.look = True


def _engine(path: Path, begin: str) -> Engine:
    # one connection, made by and used on one thread of ours, which SQLite's own check can't know of the first
    engine = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        # the driver must begin nothing by itself: it would begin at the first write, after what was read before
        connection.isolation_level = None
        if connection.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:  # to set it is to write
            connection.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")
        for name, function in FUNCTIONS.items():
            connection.create_function(name, 1, function, deterministic=True)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _plain(error: BaseException) -> str:
    reason = str(getattr(error, "orig", None) or error).split("\n")[0]
    if "disk" in reason and "full" in reason:
        return f"{reason}; free some space and it goes on"
    if "disk I/O error" in reason:
        return f"{reason}; the disk is full or fails: free some space, then `specwright doctor` looks at the store"
    if "malformed" in reason or "not a database" in reason:
        return f"{reason}; `specwright doctor --repair` mends it from what can be read, else from the newest copy"
    if "readonly" in reason or isinstance(error, PermissionError):
        return f"{reason}; make the folder writable for {os.environ.get('USER', 'you')}, or set SPECWRIGHT_HOME"
    return reason
