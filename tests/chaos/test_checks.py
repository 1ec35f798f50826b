"""Each check of the chaos suite holds on what is well, and tells of what was damaged on purpose."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chaos import checks, parts, processes, stored
from chaos.project import SCRATCH, Project, belongings, fingerprint
from chaos.stored import Row
from user import User

GOOD = Row("aaaaaa", "Part 1", "/p", "accepted", "passed", None, "0" * 40, 1, 0)
LINES = "".join(f"{line}\n" for line in parts.LINES)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("theirs", User(tmp_path), range(1, 3), "scripted").build(4)


def result_of(project: Project, text: str, lines: str) -> Row:
    """A task whose result, in a private repository, holds these texts."""
    project.put({parts.spec_path(1): text, parts.lines_path(1): lines})
    project.git("add", "-A")
    project.git("commit", "-qm", "Result")
    project.private.parent.mkdir()
    project.git("clone", "-q", "--bare", str(project.root), str(project.private))
    return replace(GOOD, state="review", head=project.git("rev-parse", "HEAD").strip())


LOSSES = [{}, {"aaaaaa": GOOD, "bbbbbb": replace(GOOD, task="bbbbbb")}]


@pytest.mark.parametrize("rows", LOSSES, ids=["gone", "twice"])
def test_a_lost_or_doubled_task_is_told(rows: dict[str, Row]) -> None:
    assert checks.none_lost(["aaaaaa"], {"aaaaaa": GOOD}) == []
    assert len(checks.none_lost(["aaaaaa"], rows)) == 1


@pytest.mark.parametrize("change", [{"state": "running"}, {"state": "waiting"}, {"unended": 1}])
def test_a_task_that_is_stuck_is_told(change: dict[str, object]) -> None:
    assert checks.none_stuck({"aaaaaa": GOOD}) == []
    assert len(checks.none_stuck({"aaaaaa": replace(GOOD, **change)})) == 1


@pytest.mark.parametrize("change", [{"state": "failed"}, {"outcome": "error"}, {"outcome": "stopped"}])
def test_a_task_that_a_kill_ended_is_told_unless_it_is_excused(change: dict[str, object]) -> None:
    bad = {"aaaaaa": replace(GOOD, **change)}
    assert checks.none_failed({"aaaaaa": GOOD}, ()) == checks.none_failed(bad, ["aaaaaa"]) == []
    assert len(checks.none_failed(bad, ())) == 1


RESULTS = [
    (LINES, 0, 0),
    (LINES + "three\n", 1, 1),
    ("one\nthree\n", 1, 0),
    ("one\none\n", 1, 1),
    ("two\none\nthree\n", 1, 1),
    ("", 1, 0),
]
"""What a result's file of lines holds, and the problems with it: where none of its programs was killed, and where."""


@pytest.mark.parametrize(("lines", "strict", "excused"), RESULTS)
def test_a_turn_that_was_played_twice_or_not_at_all_is_told(
    project: Project, lines: str, strict: int, excused: int
) -> None:
    row = result_of(project, parts.after(1), lines)
    assert len(checks.results_are_exact(project, [(1, row)], ())) == strict
    assert len(checks.results_are_exact(project, [(1, row)], ["aaaaaa"])) == excused


def test_a_file_that_lacks_a_change_is_told(project: Project) -> None:
    row = result_of(project, parts.after(1).replace(parts.INSERTED.format(1), ""), LINES)
    assert len(checks.results_are_exact(project, [(1, row)], ())) == 1


TWICE = parts.after(1).replace(parts.INSERTED.format(1), 2 * parts.INSERTED.format(1))
HALF = parts.after(1).replace("x = 'two'", "x = 'one'")
VERDICTS = [
    ("accepted", parts.after(1), LINES, 0, 0),
    ("accepted", TWICE, LINES, 1, 1),
    ("accepted", HALF, LINES, 1, 0),
    ("accepted", parts.after(1), LINES + LINES, 1, 1),
    ("accepted", parts.after(1)[:-6], LINES, 1, 1),
    ("accepted", parts.before(1), "", 1, 0),
    ("rejected", parts.before(1), "", 0, 0),
    ("rejected", parts.after(1), LINES, 1, 0),
    ("review", parts.before(1), "one\n", 1, 0),
    ("rejected", parts.before(1) + "x = 'one'\n", "", 1, 1),
]
"""A task's state, the checkout's files, and the problems with it: of one verdict alone, and of several at once."""


@pytest.mark.parametrize(("state", "text", "lines", "alone", "raced"), VERDICTS)
def test_a_verdict_that_was_applied_twice_or_in_halves_is_told(
    project: Project, state: str, text: str, lines: str, alone: int, raced: int
) -> None:
    project.put({parts.spec_path(1): text, **({parts.lines_path(1): lines} if lines else {})})
    row = replace(GOOD, state=state)
    assert len(checks.verdicts_are_exact(project, [(1, row)], ())) == alone
    assert len(checks.verdicts_are_exact(project, [(1, row)], ["aaaaaa"])) == raced


ASKED = [(1, 0), (1, 1), (2, 0), (1, 2)]


@pytest.mark.parametrize(("more", "problems"), [([(1, 3)], 0), ([(1, 2)], 1), ([(1, 0), (1, 3)], 1), ([(2, 0)], 0)])
def test_a_settled_turn_that_is_paid_again_is_told(more: list[tuple[int, int]], problems: int) -> None:
    assert len(checks.none_paid_twice([(len(ASKED), {1: 3})], ASKED + more)) == problems


WAYS: list[Callable[[Path], dict[str, object]]] = [
    lambda folder: {"cwd": folder},
    lambda folder: {"env": {**os.environ, "LEFT": str(folder)}},
]


@pytest.mark.parametrize("way", WAYS, ids=["by folder", "by environment"])
def test_a_process_that_is_left_is_told(tmp_path: Path, way: Callable[[Path], dict[str, object]]) -> None:
    assert checks.none_orphaned(tmp_path, 0) == []
    words = [sys.executable, "-c", "print(flush=True); import time; time.sleep(60)"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, **way(tmp_path)) as left:  # type: ignore[call-overload]
        assert left.stdout
        left.stdout.readline()
        assert len(checks.none_orphaned(tmp_path, 0)) == 1
        assert processes.without_parents(tmp_path, {os.getpid()}) == []
        assert processes.without_parents(tmp_path, {1}) == [left.pid]
        left.kill()
    assert checks.none_orphaned(tmp_path, 0) == []


DAMAGE = {
    "a branch is deleted": ("branch", "-D", "feature/theirs"),
    "a branch is moved": (),
    "a ref is deleted": ("update-ref", "-d", "refs/specwright/tasks/zzzzzz/1"),
    "a ref is made": ("update-ref", "refs/specwright/tasks/aaaaaa/1", "HEAD"),
    "a tag is made": ("tag", "v2"),
    "a worktree is removed": ("worktree", "remove", "--force", "{foreign}"),
    "the stash is dropped": ("stash", "drop", "-q"),
    "a setting is written": ("config", "core.fsmonitor", "false"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_done_to_the_users_own_is_told(project: Project, what: str) -> None:
    before, prints = belongings(project), fingerprint(project)
    project.git("branch", f"{SCRATCH}1")
    assert checks.none_of_theirs(before, belongings(project), "it") == []
    if what == "a branch is moved":
        project.git("commit", "-q", "--allow-empty", "-m", "More")
        project.git("branch", "-f", "specwright/theirs", "HEAD")
    else:
        project.git(*(word.format(foreign=project.foreign) for word in DAMAGE[what]))
    assert checks.none_of_theirs(before, belongings(project), "it")
    assert checks.none_of_theirs(prints, fingerprint(project), "it")


def test_a_lost_file_of_a_foreign_worktree_is_told(project: Project) -> None:
    before = belongings(project)
    (project.foreign / "unsaved.txt").unlink()
    assert len(checks.none_of_theirs(before, belongings(project), "it")) == 1


@pytest.mark.parametrize("name", ["index", "config", "logs/HEAD"])
def test_a_single_byte_in_the_users_git_folder_is_told(project: Project, name: str) -> None:
    before = fingerprint(project)
    (project.git_dir / "specwright").mkdir()
    (project.git_dir / "specwright" / "ours").write_text("may change\n")
    assert checks.none_of_theirs(before, fingerprint(project), "it") == []
    with (project.git_dir / name).open("ab") as file:
        file.write(b"\n")
    assert checks.none_of_theirs(before, fingerprint(project), "it") == [f"it: {name} is no longer as it was"]


def test_a_repository_that_is_broken_is_told(project: Project) -> None:
    assert checks.repository_works(project) == []
    pack = next((project.git_dir / "objects" / "pack").glob("*.pack"))
    pack.chmod(0o600)
    pack.write_bytes(pack.read_bytes()[:-40])
    assert checks.repository_works(project)


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE task (id TEXT PRIMARY KEY, text TEXT)")
        made.executemany("INSERT INTO task VALUES (?, ?)", [(f"{n:06}", "x" * 200) for n in range(2000)])
        made.commit()
    with stored.copied(path) as store:
        assert checks.store_is_whole(store) == []
    data = bytearray(path.read_bytes())
    data[3 * 4096 : 3 * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    with stored.copied(path) as store:
        assert checks.store_is_whole(store)
