"""One daemon per state folder: started on demand, outlives its client, ends when told, loses nothing when killed."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from specwright.paths.places import places
from specwright.tasks.model import Phase
from user import SETTINGS, SPEC, User, bash, script

SECONDS = 30.0


def socket_of(user: User) -> Path:
    return places(user.environment).socket


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text()


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + SECONDS
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} lives on"
        time.sleep(0.02)


def test_it_is_started_on_demand_and_outlives_the_client(user: User) -> None:
    assert user.type("daemon", "status", "--json").json == {"running": False}
    assert user.type("daemon", "status").code == 1
    pid = int(re.findall(r"\d+", user.ok("daemon", "start").out)[0])
    assert is_alive(pid)
    assert os.getsid(pid) == pid
    assert user.pid() == pid
    assert str(pid) in user.ok("daemon", "start").out


def test_a_second_one_refuses_and_names_the_first(user: User) -> None:
    user.ok("daemon", "start")
    done = user.type("daemon", "run")
    assert (done.code, done.err) == (1, f"specwright: A daemon runs already (pid {user.pid()}).\n")
    assert user.type("daemon", "status").code == 0


def test_status_tells_what_it_is(user: User) -> None:
    user.ok("daemon", "start")
    found = user.ok("daemon", "status", "--json").json
    assert set(found) == {
        "pid", "version", "protocol", "started", "sandbox", "sandbox_reason", "state", "running", "status", "trouble",
        "left_open",
    }  # fmt: skip
    assert (found["protocol"], found["state"], found["running"], found["trouble"]) == (1, str(user.state), [], None)
    assert found["status"] == {
        "running": 0, "waiting": 0, "review": 0, "failed": 0, "spentToday": 0, "paused": False,
    }  # fmt: skip


def test_its_files_are_the_users_alone(project: User) -> None:
    project.run("a.py")
    assert (mode(socket_of(project)), mode(socket_of(project).parent)) == (0o600, 0o700)
    files = [path for path in project.state.rglob("*") if path.is_file()]
    assert {"daemon.log", "daemon.lock", "specwright.db", "events.jsonl"} <= {path.name for path in files}
    assert {path.name: oct(mode(path)) for path in files if mode(path) & 0o077} == {}
    assert mode(project.state) & 0o077 == 0


def test_the_store_is_copied_when_the_day_begins(user: User) -> None:
    user.ok("daemon", "start")
    deadline = time.monotonic() + SECONDS
    while not (copies := list(user.state.glob("specwright.day-*.bak"))):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert [(mode(copy), copy.read_bytes()[:15]) for copy in copies] == [(0o600, b"SQLite format 3")]


def test_stop_ends_it_and_takes_the_socket_along(user: User) -> None:
    user.ok("daemon", "start")
    pid = user.pid()
    assert user.ok("daemon", "stop").out == f"The daemon ended (pid {pid}).\n"
    wait_for_end(pid)
    assert not socket_of(user).exists()
    assert user.ok("daemon", "stop").out == "No daemon runs.\n"


def test_it_ends_without_an_error_though_a_client_is_there(user: User) -> None:
    user.ok("daemon", "start")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(socket_of(user)))
        client.send(b'{"id": 1, "method": "status", "params": {}}\n')
        assert client.recv(99)
        user.ok("daemon", "stop")
    assert "ERROR" not in (user.state / "daemon.log").read_text()


def test_sigterm_ends_it_politely(user: User) -> None:
    user.ok("daemon", "start")
    pid = user.pid()
    os.kill(pid, signal.SIGTERM)
    wait_for_end(pid)
    assert not socket_of(user).exists()
    assert f"daemon {pid} ended" in (user.state / "daemon.log").read_text()


def test_clients_that_start_at_once_meet_one_daemon(user: User) -> None:
    command = [sys.executable, "-m", "specwright", "daemon", "start"]
    clients = [
        subprocess.Popen(command, cwd=user.root, env=user.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {client.communicate(timeout=SECONDS)[0] for client in clients}
    assert [client.returncode for client in clients] == [0, 0, 0, 0]
    assert said == {f"The daemon runs (pid {user.pid()}).\n"}


def test_after_kill_9_the_next_command_goes_on(user: User) -> None:
    user.root.rmdir()
    turns = [bash("echo one >> one.txt"), {"sleep": 2}, bash("echo two >> two.txt")]
    spec = "## spec! Two\n- [ ] x, check: `test -f two.txt`\n"
    user.make({"a.md": spec, "specwright.toml": SETTINGS, "script.json": script(turns)})
    [task] = user.queue("a.md")
    pid = user.pid()
    deadline = time.monotonic() + SECONDS
    while '"turn": 1' not in user.type("log", "--json", task).out:
        assert time.monotonic() < deadline
    os.kill(pid, signal.SIGKILL)
    wait_for_end(pid)
    assert socket_of(user).exists()
    assert user.ok("wait", task).out == f"{task}  review  passed  Two\n"
    assert user.pid() != pid
    assert len(user.show(task)["runs"]) == 1
    assert user.ok("diff", task).out.count("+one") == 1


def kill_in_phase(user: User, task: str, phase: str) -> None:
    """`kill -9` of the daemon as soon as a run's events tell of a phase."""
    pid = user.pid()
    events = places(user.environment).runs / task / "1" / "events.jsonl"
    deadline = time.monotonic() + SECONDS
    while not (events.exists() and f'"name": "{phase}"' in events.read_text()):
        assert time.monotonic() < deadline, f"{phase} never began"
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    wait_for_end(pid)


@pytest.mark.parametrize("phase", list(Phase))
def test_a_run_that_is_killed_in_any_phase_comes_to_the_same_result(user: User, phase: Phase) -> None:
    user.root.rmdir()
    gate = '[gates.two]\ncommand = ["grep", "-q", "= .two", "a.py"]\n'
    rounds = [[bash("sed -i s/one/three/ a.py")], [bash("sed -i s/three/two/ a.py")]]
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS + gate, "script.json": script(*rounds)})
    user.ok("trust", "--yes")
    [task] = user.queue("a.py")
    kill_in_phase(user, task, phase)
    assert user.ok("wait", task).out == f"{task}  review  passed  Say two\n"
    assert [run["outcome"] for run in user.show(task)["runs"]] == ["passed"]
    assert user.ok("diff", task).out.count("\n+") == 2  # the file's name and one line
    assert user.git("status", "--porcelain") == ""


def test_wait_goes_on_when_the_daemon_is_killed(user: User) -> None:
    user.root.rmdir()
    spec = "## spec! Two\n- [ ] x, check: `test -f two.txt`\n"
    user.make(
        {"a.md": spec, "specwright.toml": SETTINGS, "script.json": script([{"sleep": 3}, bash("echo > two.txt")])}
    )
    [task] = user.queue("a.md")
    command = [sys.executable, "-m", "specwright", "wait", task]
    with subprocess.Popen(command, cwd=user.root, env=user.environment, stdout=subprocess.PIPE, text=True) as waiting:
        time.sleep(1)  # it waits by now, or begins to when there is no daemon
        os.kill(user.pid(), signal.SIGKILL)
        assert waiting.communicate(timeout=SECONDS)[0] == f"{task}  review  passed  Two\n"
    assert waiting.returncode == 0


def test_a_stale_socket_is_replaced(user: User) -> None:
    path = socket_of(user)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    assert user.ok("list", cwd=user_repository(user)).out


def user_repository(user: User) -> Path:
    user.git("init", "-q")
    return user.root


def test_its_environment_holds_no_git_and_no_key(user: User) -> None:
    user.ok("daemon", "start", GIT_DIR="/nowhere", ANTHROPIC_API_KEY="sk-secret")
    environment = Path(f"/proc/{user.pid()}/environ").read_bytes().split(b"\0")
    assert [entry for entry in environment if entry.startswith((b"GIT_DIR", b"ANTHROPIC_"))] == []
    assert b"sk-secret" not in b"".join(path.read_bytes() for path in user.state.rglob("*") if path.is_file())
