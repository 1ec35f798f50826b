"""A store of each earlier version becomes what a new one is, with a backup of what it was."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from specwright.store.database import Store
from specwright.store.migrations import STEPS

SCHEMAS = sorted(Path(__file__).parent.glob("schema-*.sql"))


def shape(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Columns and indexes of each table, in an order of their own."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for name in names:
            columns = [
                (column, kind, bool(null), key)
                for _, column, kind, null, _, key in db.execute(f"PRAGMA table_info({name})")
            ]
            query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
            indexes = [(re.sub(r"\s+", " ", sql),) for (sql,) in db.execute(query, (name,))]
            found[name] = [*sorted(columns), *sorted(indexes)]
        return found


def test_there_is_a_schema_for_each_step_but_the_last() -> None:
    assert [path.stem for path in SCHEMAS] == [f"schema-{number}" for number in range(1, len(STEPS))]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: str(path.stem))
def test_an_older_store_becomes_what_a_new_one_is(tmp_path: Path, schema: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    with closing(sqlite3.connect(old)) as db:
        db.executescript(schema.read_text())
        db.execute("INSERT INTO consent VALUES ('/root', 'digest', 1.0)")
        db.commit()
    for path in (old, new):
        Store(path).close()
    assert shape(old) == shape(new)
    number = schema.stem.removeprefix("schema-")
    for path in (old, tmp_path / f"old.schema-{number}.bak"):
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT * FROM consent").fetchall() == [("/root", "digest", 1.0)]
