"""The small files beside slots and repositories: ids, records, the lock."""

import os
import threading
import uuid
from pathlib import Path

import pytest

from specwright.errors import SpecwrightError
from specwright.git import identity, journal
from specwright.git.identity import Standing
from specwright.git.journal import Entry, SlotState
from specwright.git.lock import project_lock

PROJECT = str(uuid.UUID(int=7))


def common(path: Path) -> Path:
    (path / "specwright").mkdir(parents=True)
    return path


@pytest.mark.parametrize("text", ["", "[]", '{"project": "../x", "path": "/", "device": 1, "inode": 1}', "\xff"])
def test_broken_id_is_none(tmp_path: Path, text: str) -> None:
    here = common(tmp_path / "git")
    (here / "specwright" / "id").write_bytes(text.encode("latin-1"))
    assert identity.read(here) is None
    assert identity.standing(None, here) is Standing.NEW


def test_id_holds_where_it_was_given(tmp_path: Path) -> None:
    here = common(tmp_path / "git")
    given = identity.write(here)
    assert identity.read(here) == given
    assert identity.standing(given, here) is Standing.SAME


def test_moved_repository_is_told_from_a_copied_one(tmp_path: Path) -> None:
    first = common(tmp_path / "git")
    given = identity.write(first, PROJECT)
    moved = first.rename(tmp_path / "moved")
    assert identity.standing(given, moved) is Standing.MOVED
    identity.write(common(tmp_path / "git"), str(uuid.uuid4()))
    assert identity.standing(given, moved) is Standing.MOVED
    identity.write(first, PROJECT)
    assert identity.standing(given, moved) is Standing.COPIED


def test_same_repository_by_another_way_is_no_copy(tmp_path: Path) -> None:
    given = identity.write(common(tmp_path / "git"), PROJECT)
    (tmp_path / "way").symlink_to(tmp_path / "git")
    assert identity.standing(given, tmp_path / "way") is Standing.MOVED


def test_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    entry = Entry("sw-00000001", PROJECT, "/x/.git", SlotState.BUSY, "k7f3qa/1", 3, "a" * 40)
    written = journal.write(tmp_path, entry)
    assert journal.entries(tmp_path, PROJECT) == (written,)
    assert journal.is_written_by_the_living(written)
    assert journal.entries(tmp_path, "another") == ()
    journal.forget(tmp_path, entry.name)
    journal.forget(tmp_path, entry.name)
    assert journal.read(tmp_path, entry.name) is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"state": "unheard of"}', '{"state": "free", "more": 1}'])
def test_record_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "sw-00000001.json").write_text(text)
    (tmp_path / "other.json").write_text(text)
    assert journal.entries(tmp_path, PROJECT) == ()


def test_lock_keeps_another_out_until_it_is_given_back(tmp_path: Path) -> None:
    with project_lock(tmp_path):
        assert (tmp_path / "specwright" / "lock").read_text() == f"{os.getpid()}\n"
        with pytest.raises(SpecwrightError, match="busy with this project"), project_lock(tmp_path, 0.05):
            raise AssertionError("two have it")
    with project_lock(tmp_path, 0.05):
        pass


def test_lock_waits_for_its_holder(tmp_path: Path) -> None:
    held, done = threading.Event(), []

    def hold() -> None:
        with project_lock(tmp_path):
            held.set()
            threading.Event().wait(0.2)
            done.append(1)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    with project_lock(tmp_path, 20):
        assert done == [1]
    thread.join(20)


def test_repository_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "specwright").write_text("a file")
    with pytest.raises(SpecwrightError, match="can't be opened"), project_lock(tmp_path):
        pass
