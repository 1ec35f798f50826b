"""The store as another program sees it: by SQL alone, on a copy where the daemon was killed."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A task with its last run."""

    task: str
    title: str
    root: str
    state: str
    outcome: str | None
    detail: str | None
    head: str | None
    runs: int
    unended: int


class Stored:
    """An open store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self) -> dict[str, Row]:
        """All tasks by id."""
        query = (
            "SELECT id, title, checkout, state, outcome, detail, head,"
            " (SELECT count(*) FROM run WHERE task = id),"
            " (SELECT count(*) FROM run WHERE task = id AND ended IS NULL) FROM task"
        )
        return {row[0]: Row(*row) for row in self._connection.execute(query)}

    def turns(self) -> dict[str, int]:
        """The last durable turn of each task's runs; 0 where none is."""
        query = "SELECT id, coalesce((SELECT max(number) FROM turn WHERE task = id), 0) FROM task"
        return dict(self._connection.execute(query).fetchall())

    def recorded(self) -> int:
        """How many phases and turns are recorded: what grows while anything goes on."""
        query = "SELECT (SELECT count(*) FROM phase) + (SELECT count(*) FROM turn)"
        return int(self._connection.execute(query).fetchone()[0])

    def integrity(self) -> str:
        """What SQLite says of the file; `ok` where it is whole."""
        try:
            return str(self._connection.execute("PRAGMA integrity_check").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)


def answers(runs: Path, task: str) -> int:
    """How many of the model's answers are in a task's last transcript, each of them paid for; a torn line is none."""
    found = sorted((runs / task).glob("*/transcript.jsonl"))
    lines = found[-1].read_bytes().split(b"\n")[:-1] if found else []
    return sum(json.loads(line)["kind"] == "assistant" for line in lines)


@contextmanager
def live(database: Path) -> Iterator[Stored]:
    """The store of a living daemon."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        yield Stored(connection)


@contextmanager
def copied(database: Path) -> Iterator[Stored]:
    """What a kill left, looked at on a copy: nothing is mended before the daemon does it."""
    with tempfile.TemporaryDirectory() as folder:
        for name in (database.name, f"{database.name}-wal"):
            if (database.parent / name).exists():
                shutil.copy(database.parent / name, folder)
        with live(Path(folder) / database.name) as stored:
            yield stored
