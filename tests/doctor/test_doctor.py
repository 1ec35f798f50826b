"""What `doctor` finds of each thing that can be wrong, what it says mends it, and what it mends itself."""

import os
import shutil
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from specwright.api.views import CheckLine
from specwright.doctor import machine
from specwright.doctor.machine import Patient
from specwright.paths.places import places
from user import User

KEY = "sk-very-secret"


def line(found: Any, name: str) -> dict[str, str]:
    """The one line of this name."""
    [one] = [one for one in found["lines"] if one["name"] == name]
    return dict(one)


def check(user: User, name: str, level: str, *parts: str, cure: str = "", **environment: str) -> None:
    """The level of one line and some of its words; `fail` alone makes the exit code 1."""
    done = user.type("doctor", "--json", **environment)
    one = line(done.json, name)
    assert one["level"] == level, one
    assert [part for part in parts if part not in one["text"]] == [], one
    assert cure in (one["cure"] or ""), one
    if level == "fail":
        assert (done.code, done.json["healthy"]) == (1, False)


def repaired(user: User, *words: str, code: int = 0) -> str:
    done = user.type("doctor", "--repair", "--json", *words)
    assert done.code == code, done
    return "\n".join(done.json["repaired"])


def test_all_is_well(user: User, task: str) -> None:
    done = user.ok("doctor", "--json")
    assert {one["level"] for one in done.json["lines"]} == {"ok"}, done.out
    names = [one["name"] for one in done.json["lines"]]
    assert names == [
        "git", "sandbox", "key", "state", "disk of the state", "disk of the slots", "disk of the repository", "room",
        "reboot", "daemon", "store", "repository", "tasks",
    ]  # fmt: skip
    assert repaired(user) == ""


def test_it_says_so_in_lines_with_cures(user: User) -> None:
    out = user.ok("doctor").out
    assert "ok    git " in out
    (user.home / "specwright").mkdir()
    (user.home / "specwright" / "config.toml").write_text("sleeep = 1\n")
    done = user.ok("doctor")
    assert "warn  settings" in done.out
    assert "config.toml:1: Unknown key 'sleeep'. Did you mean 'sleep'?" in done.out
    assert not user.state.exists()


def test_without_git_and_without_a_sandbox_it_fails(user: User) -> None:
    folder = user.home / "bin"
    folder.mkdir()
    check(user, "git", "fail", "git is not installed", cure="Install git 2.38", PATH=str(folder))
    missing = "bubblewrap (bwrap) is not installed"
    check(user, "sandbox", "warn", missing, "A partial one holds", cure="apt install", PATH=str(folder))
    (user.home / "specwright").mkdir()
    (user.home / "specwright" / "config.toml").write_text('[sandbox]\nmode = "partial"\n')
    check(
        user, "sandbox", "warn", "Your config.toml asks for a partial sandbox", cure='Take `mode = "partial"` out of it'
    )
    (user.home / "specwright" / "config.toml").write_text('[sandbox]\nmode = "full"\n')
    check(user, "sandbox", "fail", f"No task can start: {missing}", cure="apt install", PATH=str(folder))


def test_keys_are_looked_for_and_never_shown(user: User) -> None:
    user.put({"specwright.toml": ""})
    check(user, "key", "warn", "No key", cure="key_command")
    check(user, "key", "warn", "ANTHROPIC_API_KEY is set here", "after a reboot", ANTHROPIC_API_KEY=KEY)
    config = user.home / "specwright" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(f'key_command = "echo {KEY}"\n')
    check(user, "key", "ok", "prints a key")
    assert KEY not in user.ok("doctor").out
    config.write_text('key_command = "false"\n')
    check(user, "key", "fail", "prints no key (exit code 1)", cure="Run it in a terminal")


def test_package_caches_that_commands_see_are_named(user: User, tmp_path: Path) -> None:
    config = user.home / "specwright" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text('[sandbox]\ncaches = "read"\n')
    (tmp_path / "uv" / "archive-v0").mkdir(parents=True)
    place = str(tmp_path / "uv")
    check(user, "caches", "ok", f"uv: {place} (archive-v0)", UV_CACHE_DIR=place)
    (tmp_path / "uv" / "archive-v0" / ".ssh").mkdir()
    check(user, "caches", "warn", f"Never readable: {place}: it holds keys", UV_CACHE_DIR=place)


def test_a_service_of_another_program_is_named(user: User) -> None:
    user.ok("daemon", "install")
    check(user, "reboot", "ok", "go on by themselves")
    [unit] = (user.home / ".config" / "systemd" / "user").glob("*.service")
    unit.write_text(unit.read_text().replace("ExecStart=", "ExecStart=/gone").replace(sys.executable, "python"))
    check(user, "reboot", "warn", "another program", cure="`specwright daemon install` again")


def test_an_open_state_folder_is_shut(user: User, task: str) -> None:
    user.state.chmod(0o755)
    check(user, "state", "warn", "open to other users", cure="chmod 700")
    assert "Shut" in repaired(user)
    check(user, "state", "ok")


@pytest.mark.parametrize("name", ["state", "slots", "repository"])
async def test_network_file_systems_are_refused(tmp_path: Path, name: str) -> None:
    places_of = {"state": "home/state", "slots": "home/cache", "repository": "project"}
    (tmp_path / "project" / ".git").mkdir(parents=True)
    table = tmp_path / "mountinfo"
    far = tmp_path.resolve() / places_of[name]
    table.write_text(f"1 1 0:1 / / rw - ext4 x rw\n2 1 0:2 / {far} rw - fuse.sshfs me@far:/ rw\n")
    here = places({"SPECWRIGHT_HOME": str(tmp_path / "home")})
    lines = await machine.lines(Patient(here, tmp_path / "project", table))
    found: dict[str, CheckLine] = {one.name: one for one in lines if one.name.startswith("disk")}
    assert {one for one in found if found[one].level == "fail"} == {f"disk of the {name}"}
    assert f"(fuse.sshfs at {far})" in found[f"disk of the {name}"].text
    assert found[f"disk of the {name}"].cure


def test_a_socket_of_a_killed_daemon_is_removed(user: User) -> None:
    user.ok("daemon", "start")
    socket = places(user.environment).socket
    os.kill(user.pid(), signal.SIGKILL)
    check(user, "daemon", "warn", "a killed one left its socket", cure="doctor --repair")
    assert f"Removed {socket}" in repaired(user)
    assert not socket.exists()
    check(user, "daemon", "ok", "No daemon runs")


def test_beside_a_daemon_that_runs_nothing_is_repaired(user: User) -> None:
    user.ok("daemon", "start")
    check(user, "daemon", "ok", f"(pid {user.pid()})")
    assert "`specwright daemon stop`, then again" in repaired(user)
    assert places(user.environment).socket.exists()


def spoil(path: Path, name: str) -> None:
    """Overwrite the first page of a table or index."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [size] = connection.execute("PRAGMA page_size").fetchone()
        [root] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    data = bytearray(path.read_bytes())
    data[(root - 1) * size : (root - 1) * size + 2000] = b"\xa5" * 2000
    path.write_bytes(data)


def test_a_broken_store_that_can_be_read_is_written_anew(user: User, task: str) -> None:
    database = user.state / "specwright.db"
    spoil(database, "task_revision")
    check(user, "store", "fail", f"{database} is broken", cure="doctor --repair")
    assert "stays as it is" in repaired(user, code=1)
    assert "whole again, from specwright.mended" in repaired(user, "--yes")
    assert list(user.state.glob("specwright.db.broken-*"))
    assert user.show(task)["state"] == "review"
    assert user.ok("accept", task).code == 0


def test_a_broken_store_is_replaced_by_its_copy_only_when_the_user_says_so(user: User, task: str) -> None:
    [copy] = user.state.glob("specwright.day-*.bak")
    copy.unlink()
    user.ok("daemon", "start")
    [copy] = waited(user.state, "specwright.day-*.bak")
    user.ok("daemon", "stop")
    spoil(user.state / "specwright.db", "task")
    broken = (user.state / "specwright.db").read_bytes()
    asked = user.type("doctor", "--repair", stdin="n\n")
    assert f"Go back to its newest copy, {copy}? What was queued or decided since is lost." in asked.out + asked.err
    assert (user.state / "specwright.db").read_bytes() == broken
    assert f"from {copy.name}" in user.ok("doctor", "--repair", stdin="y\n").out
    [aside] = [path for path in user.state.glob("*.broken-*") if not path.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == broken
    assert user.show(task)["state"] == "review"


def waited(folder: Path, pattern: str) -> list[Path]:
    end = time.monotonic() + 20
    while not (found := list(folder.glob(pattern))):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def test_without_a_whole_copy_a_broken_store_stays(user: User, task: str) -> None:
    for copy in user.state.glob("*.bak"):
        copy.write_bytes(b"no store")
    spoil(user.state / "specwright.db", "task")
    assert "there is no copy that is whole: it stays as it is" in repaired(user, "--yes", code=1)


def test_a_newer_store_is_told_and_left_alone(user: User, task: str) -> None:
    with closing(sqlite3.connect(user.state / "specwright.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    check(user, "store", "fail", "written by a newer Specwright", cure="Upgrade this one")
    assert repaired(user, "--yes", code=1) == ""


def test_a_damaged_private_repository_is_made_anew_with_its_results(user: User, task: str) -> None:
    private = user.root / ".git" / "specwright" / "repo.git"
    [slot] = [path for path in (private / "worktrees").iterdir() if path.is_dir()]
    (slot / "commondir").write_text("")
    check(user, "repository", "fail", "is damaged", cure="doctor --repair")
    assert f"Made {private} anew" in repaired(user)
    check(user, "repository", "ok")
    assert "+x = 'two'" in user.ok("diff", task).out


def test_a_repository_that_is_gone_is_named(user: User, task: str) -> None:
    user.root.rename(user.root.with_name("elsewhere"))
    done = user.type("doctor", "--json", cwd=user.home)
    assert done.code == 1
    assert f"The repository of {user.root} is gone" in line(done.json, "repository")["text"]
    assert f"specwright reject {task}" in line(done.json, "repository")["cure"]


def test_a_result_that_is_gone_is_named(user: User, task: str) -> None:
    shutil.rmtree(user.root / ".git" / "specwright" / "repo.git")
    check(user, "task", "fail", f"result of {task}".capitalize()[1:], "is gone", cure=f"specwright retry {task}")
