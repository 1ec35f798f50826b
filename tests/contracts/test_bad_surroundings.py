"""A machine that is not as it should be: each time a sentence that says what to do, and nothing half-made."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mounting import fill, mounted
from specwright.store.backup import backups
from user import EDIT, SETTINGS, SPEC, User, script, write

FAKE = Path(__file__).parent.parent / "fake_daemon.py"


def check_told(user: User, words: tuple[str, ...], code: int, *parts: str) -> None:
    """One line on standard error with these parts, and nothing else."""
    done = user.type(*words)
    assert (done.code, done.out) == (code, ""), done
    assert done.err.startswith("specwright: ")
    assert done.err.count("\n") == 1
    assert [part for part in parts if part not in done.err] == [], done.err


def fake_git(user: User, text: str) -> str:
    """A PATH on which git is this script."""
    folder = user.home / "bin"
    folder.mkdir()
    (folder / "git").write_text(text)
    (folder / "git").chmod(0o755)
    return f"{folder}:{user.environment['PATH']}"


def test_git_is_too_old(project: User) -> None:
    real, good = shutil.which("git"), project.environment["PATH"]
    old = f'#!/bin/sh\ncase "$*" in *version*) echo git version 2.30.1;; *) exec {real} "$@";; esac\n'
    project.environment["PATH"] = fake_git(project, old)
    for words in (("queue", "a.py"), ("list",), ("init", "--yes")):
        check_told(project, words, 3, "git version 2.30.1", "needs git 2.38 or newer", "install")
    assert not (project.root / ".git" / "specwright").exists()
    (project.home / "bin" / "git").write_text(f'#!/bin/sh\nexec {real} "$@"\n')
    assert project.ok("list", PATH=good).out


def test_git_is_missing(project: User) -> None:
    project.environment["PATH"] = str(project.home)
    check_told(project, ("queue", "a.py"), 3, "git is not installed", "install git 2.38 or newer")


def test_a_link_leads_only_to_itself(project: User) -> None:
    (project.root / "loop").symlink_to("loop")
    check_told(project, ("queue", "loop"), 2, "loop does not exist; name a text file")


NO_TEXT = os.fsdecode(b"gr\xfcn")


def test_a_file_whose_name_is_no_text_is_refused(project: User) -> None:
    project.put({f"{NO_TEXT}.py": SPEC})
    check_told(project, ("queue", f"{NO_TEXT}.py"), 2, "is not UTF-8; rename it")


@pytest.mark.parametrize("words", [("queue", "a.py"), ("list",), ("trust",), ("init", "--yes")])
def test_a_folder_whose_name_is_no_text_is_refused(user: User, words: tuple[str, ...]) -> None:
    user.root = user.root / NO_TEXT
    user.root.parent.mkdir()
    user.make({"a.py": SPEC})
    user.environment["PYTHONIOENCODING"] = "utf-8:replace"
    check_told(user, words, 2, "is not UTF-8; rename the folder")


@pytest.mark.parametrize("words", [("queue", "a.py"), ("list",), ("daemon", "start"), ("daemon", "run")])
def test_a_file_is_in_the_way_of_the_state(project: User, words: tuple[str, ...]) -> None:
    (project.home / "specwright").write_text("in the way")
    check_told(project, words, 3, f"{project.state} can't be made", "set SPECWRIGHT_HOME to another folder")
    assert (project.home / "specwright").read_text() == "in the way"


def test_the_state_folder_is_read_only(project: User) -> None:
    project.state.mkdir(parents=True)
    with mounted(project.state, "-t", "tmpfs", "-o", "ro", "tmpfs"):
        check_told(project, ("queue", "a.py"), 3, f"{project.state} is not writable", "set SPECWRIGHT_HOME")


def test_the_state_folder_is_on_a_network_file_system(project: User) -> None:
    table = project.home / "mountinfo"
    table.write_text(f"1 1 0:1 / / rw - ext4 x rw\n2 1 0:2 / {project.home.resolve()} rw - nfs4 server:/home rw\n")
    told = f"{project.state} lies on a network file system (nfs4 at {project.home.resolve()})"
    with_table = f'mount --bind {table} /proc/$$/mountinfo || exit 99; exec "$0" -m specwright daemon run'
    words = ["unshare", "-m", "sh", "-c", with_table, sys.executable]
    done = subprocess.run(words, cwd=project.root, env=project.environment, capture_output=True, text=True, timeout=60)
    if done.returncode not in {0, 3} or "unshare" in done.stderr:
        pytest.skip("only root may mount, and not in every container")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert told in done.stderr
    assert "Set SPECWRIGHT_HOME to a folder on a disk of this machine" in done.stderr
    assert not (project.state / "specwright.db").exists()


def test_the_state_folder_is_copied_to_a_cloud(project: User) -> None:
    (project.home / ".stfolder").mkdir()
    told = ("copied to a cloud (Syncthing", "Set SPECWRIGHT_HOME to a folder on a disk of this machine")
    check_told(project, ("daemon", "run"), 3, *told)
    check_told(project, ("queue", "a.py"), 3, "did not start", *told)


def test_what_cannot_be_written_is_told_and_accepted_later(user: User) -> None:
    spec = SPEC.replace("# - [ ]", "# - scope: **\n# - [ ]")
    turns = script([write("b.txt", "b\n"), write("sub/new.txt", "x\n"), EDIT])
    user.make({"a.py": spec, "specwright.toml": SETTINGS, "script.json": turns})
    task = user.run("a.py")
    (user.root / "sub").mkdir()
    with mounted(user.root / "sub", "-t", "tmpfs", "-o", "ro", "tmpfs"):
        check_told(user, ("accept", task), 2, "sub/new.txt can't be written: Read-only file system", "accept again")
    assert (user.root / "b.txt").read_text() == "b\n"
    assert user.ok("accept", "--json", task).json["state"] == "accepted"
    assert (user.root / "sub" / "new.txt").read_text() == "x\n"


def test_what_is_accepted_of_a_spec_that_cannot_be_taken_out_is_accepted(user: User) -> None:
    spec = SPEC.replace("a.py", "b.py").replace("# - [ ]", "# - scope: b.py\n# - [ ]")
    turns = script([{"tool": "edit", "input": {"path": "b.py", "old": "one", "new": "two"}}])
    user.make({"sub/a.py": spec, "b.py": "x = 'one'\n", "specwright.toml": SETTINGS, "script.json": turns})
    task = user.run("sub/a.py")
    with mounted(user.root / "sub", "-t", "tmpfs", "-o", "size=64k", "tmpfs"):
        (user.root / "sub" / "a.py").write_text(spec)
        subprocess.run(["mount", "-o", "remount,ro", str(user.root / "sub")], check=True)
        done = user.ok("accept", "--json", task).json
        assert (done["state"], done["written"]) == ("accepted", ["b.py"])


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_full_disk_refuses_what_it_can_not_hold_and_goes_on_when_there_is_room(project: User) -> None:
    project.state.mkdir(parents=True)
    with mounted(project.state, "-t", "tmpfs", "-o", "size=2m", "tmpfs"):
        project.ok("daemon", "start")
        until(lambda: any(backups(project.state / "specwright.db", "day")))  # it answers before its start is over
        ballast = project.state / "ballast"
        fill(ballast)
        check_told(project, ("queue", "a.py"), 3, "can't be written", "disk is full", "free some space")
        assert project.ok("list", "--json").json == {"tasks": []}
        ballast.unlink()
        assert len(project.queue("a.py")) == 1
        project.ok("wait", *project.queue("a.py"))
        project.ok("daemon", "stop")


def test_a_daemon_does_not_start_on_a_full_disk(project: User) -> None:
    project.state.mkdir(parents=True)
    with mounted(project.state, "-t", "tmpfs", "-o", "size=64k", "tmpfs"):
        fill(project.state / "ballast")
        check_told(project, ("queue", "a.py"), 3, "did not start", "is full; free some space, then try again")
        check_told(project, ("daemon", "run"), 3, "Free some space, then try again")


@contextmanager
def fake_daemon(user: User, kind: str) -> Iterator[int]:
    """A process that has the socket; its pid."""
    with subprocess.Popen([sys.executable, str(FAKE), kind], env=user.environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"listening\n"
        if kind == "dead":
            process.wait(10)
        try:
            yield process.pid
        finally:
            process.kill()


def test_a_daemon_of_another_protocol_is_named_and_left_alone(project: User) -> None:
    with fake_daemon(project, "another") as pid:
        told = ("version 99.0", f"pid {pid}", "no protocol in common", "Upgrade this one to 99.0", "what was queued is")
        check_told(project, ("queue", "a.py"), 3, *told)
        check_told(project, ("daemon", "status"), 3, *told)
        assert project.ok("daemon", "stop").out == f"The daemon ended (pid {pid}).\n"
    assert len(project.queue("a.py")) == 1


def test_a_socket_that_nobody_answers_is_told_after_a_while(project: User) -> None:
    with fake_daemon(project, "silent") as pid:
        check_told(project, ("list",), 3, "does not answer", "`specwright daemon stop` ends it")
        assert project.ok("daemon", "stop").out == f"The daemon ended (pid {pid}).\n"
    assert project.ok("list", "--json").json == {"tasks": []}


def test_a_stale_socket_and_lock_are_replaced(project: User) -> None:
    with fake_daemon(project, "dead") as pid:
        assert (project.state / "daemon.lock").read_text() == f"{pid}\n"
        assert project.ok("daemon", "stop").out == "No daemon runs.\n"
        assert len(project.queue("a.py")) == 1
        assert project.pid() != pid


def test_a_daemon_that_dies_as_a_client_comes_is_replaced(project: User) -> None:
    with fake_daemon(project, "dying") as pid:
        assert len(project.queue("a.py")) == 1
        assert project.pid() != pid


def without_bubblewrap(user: User) -> None:
    folder = user.home / "bin"
    folder.mkdir()
    for name in ("git", "bash", "sh", "env"):
        (folder / name).symlink_to(str(shutil.which(name)))
    user.environment["PATH"] = str(folder)


def test_a_partial_sandbox_needs_one_consent_that_names_what_it_leaves_open(project: User) -> None:
    without_bubblewrap(project)
    [task] = project.queue("a.py")
    done = project.type("wait", task, "--timeout", "1")
    assert (done.code, project.show(task)["reasons"]) == (1, ["trust"])
    asked = project.type("trust", stdin="n\n").out
    for part in (
        "in a partial sandbox",
        "permissions and times of your files",
        "with which words programs were called",
    ):
        assert part in asked
    assert project.show(task)["state"] == "waiting"
    project.ok("trust", "--yes")
    project.ok("wait", task, "--timeout", "60")
    assert project.show(task)["sandbox"] == "partial"
    assert "sandbox: partial (bubblewrap" in project.ok("daemon", "status").out
    [task] = project.queue("a.py")
    project.type("wait", task, "--timeout", "60")
    assert project.show(task)["reasons"] == []


def test_no_sandbox_holds_the_task_and_says_how_to_get_one(project: User) -> None:
    without_bubblewrap(project)
    (project.home / "specwright").mkdir(exist_ok=True)
    (project.home / "specwright" / "config.toml").write_text('[sandbox]\nmode = "full"\n')
    [task] = project.queue("a.py")
    done = project.type("wait", task, "--timeout", "1")
    assert done.code == 1
    for part in (f"{task} waits (sandbox)", "bubblewrap (bwrap) is not installed", "apt install bubblewrap"):
        assert part in done.err
    assert project.show(task)["reasons"] == ["sandbox"]
    assert "sandbox: unusable (bubblewrap" in project.ok("daemon", "status").out
