"""A disk that fills up while runs go on: they wait for room, and none is given up."""

import errno
import time
from pathlib import Path

import pytest

from chaos.disk import Disk
from specwright.engine import room
from specwright.errors import SpecwrightError
from specwright.git.run import Answer, GitFailed, _execute
from user import SETTINGS, User, bash, script, user_in

SPEC = "## spec! Two\n- [ ] both lines are there, check: `test -f two.txt`\n"
TURNS = [bash("echo one >> one.txt"), {"sleep": 1.5}, bash("echo two >> two.txt")]
SECONDS = 40


def until_turn(user: User, task: str, turn: int) -> None:
    deadline = time.monotonic() + SECONDS
    while f'"turn": {turn}' not in user.type("log", "--json", task).out:
        assert time.monotonic() < deadline


NO_ROOM = OSError(errno.ENOSPC, "No space left on device")
GIT = GitFailed("add", Answer(128, b"", "sha1 file 'index.lock' write error. Out of diskspace"))
STORE = SpecwrightError("The store can't be written: database or disk is full; free some space and it goes on.")
BROKEN = OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(("error", "lacking"), [(NO_ROOM, True), (GIT, True), (STORE, True), (BROKEN, False)])
def test_want_of_room_is_told_from_other_faults(error: Exception, lacking: bool) -> None:
    assert room.is_lacking(error) is lacking


def test_git_is_quoted_where_it_says_that_the_disk_is_full(tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\necho 'error: x: No space left on device' >&2\necho fatal: no >&2\nexit 1\n")
    program.chmod(0o755)
    answer = _execute([str(program)], tmp_path, {}, None, 10.0)
    assert (answer.code, answer.last_line) == (1, "error: x: No space left on device")


PLACES = ["home/specwright/state", "home/specwright/state/runs", "home/specwright/cache", "project/.git/specwright"]


@pytest.mark.parametrize("folder", PLACES)
def test_a_run_goes_on_when_there_is_room_again(tmp_path: Path, folder: str) -> None:
    with user_in(tmp_path) as user:
        disk = Disk(tmp_path)
        if disk.why_not:
            pytest.skip(disk.why_not)
        user.environment.update(disk.environment)
        user.make({"a.md": SPEC, "specwright.toml": SETTINGS, "script.json": script(TURNS)})
        [task] = user.queue("a.md")
        until_turn(user, task, 1)
        disk.fail("ENOSPC", tmp_path / folder)
        time.sleep(3)
        disk.heal()
        done = user.type("wait", task, "--timeout", "50")
        assert done.out == f"{task}  review  passed  Two\n", (done, user.show(task))
        assert user.ok("diff", task).out.count("+one") == 1
        assert len(user.show(task)["runs"]) == 1
