"""Two installations meet: the newer one takes the place of the older daemon at the end of a turn, never the reverse."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from specwright.api import messages as m
from specwright.api.client import NoDaemon, connect
from specwright.api.wire import Lost
from specwright.paths.locks import is_held
from specwright.paths.places import places
from user import SERVER, SETTINGS, User, bash, script, user_in

SECONDS = 40.0
SPEC = "## spec! Two\n- [ ] x, check: `test -f two.txt`\n"
TURNS = [bash("echo one >> one.txt"), {"sleep": 5}, bash("echo two >> two.txt")]


def installed(folder: Path, version: str, protocol: tuple[int, int] = (1, 1)) -> dict[str, str]:
    """The environment in which `specwright` is another version; protocols are the oldest and the newest it speaks."""
    package = folder / version / "specwright"
    shutil.copytree(SERVER / "specwright", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").write_text(f'__version__ = "{version}"\n')
    messages = package / "api" / "messages.py"
    text = messages.read_text()
    assert "\nPROTOCOL = (1, 1)\n" in text
    messages.write_text(text.replace("\nPROTOCOL = (1, 1)\n", f"\nPROTOCOL = {protocol}\n"))
    return {"PYTHONPATH": str(package.parent)}


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        files = {"a.md": SPEC, "specwright.toml": SETTINGS, "script.json": script(TURNS)}
        yield made.make(files)


@pytest.fixture
def older(tmp_path: Path) -> dict[str, str]:
    return installed(tmp_path, "0.0.9")


@pytest.fixture
def newer(tmp_path: Path) -> dict[str, str]:
    return installed(tmp_path, "99.1.0")


def status(user: User) -> m.DaemonStatus | None:
    """What the daemon says; None while none runs."""

    async def ask() -> m.DaemonStatus:
        async with await connect(places(user.environment), "cli", start=False) as client:
            return await client.ask("status", m.Empty(), m.DaemonStatus)

    try:
        return asyncio.run(ask())
    except (NoDaemon, Lost):
        return None


def until(user: User, holds: Callable[[m.DaemonStatus], object]) -> m.DaemonStatus:
    """The daemon's status, once it is so."""
    deadline = time.monotonic() + SECONDS
    while (found := status(user)) is None or not holds(found):
        assert time.monotonic() < deadline, (found, (user.state / "daemon.log").read_text()[-2000:])
        time.sleep(0.05)
    return found


def version(of: str) -> Callable[[m.DaemonStatus], bool]:
    return lambda found: found.version == of


def own() -> str:
    return (SERVER / "specwright" / "__init__.py").read_text().split('"')[-2]


def test_a_newer_program_takes_the_place_of_an_idle_daemon(user: User, older: dict[str, str]) -> None:
    user.ok("daemon", "start", **older)
    first = until(user, version("0.0.9"))
    assert user.ok("list", "--json").json == {"tasks": []}
    assert until(user, version(own())).pid != first.pid
    assert "making place for a newer daemon" in (user.state / "daemon.log").read_text()


def test_an_older_program_leaves_a_newer_daemon_alone(user: User, older: dict[str, str]) -> None:
    user.ok("daemon", "start")
    pid = user.pid()
    for words in (("list",), ("daemon", "start"), ("queue", "a.md")):
        user.ok(*words, **older)
    refused = user.type("daemon", "run", "--replace", **older)
    assert (refused.code, refused.out) == (1, "")
    assert "0.0.9 is no newer" in refused.err
    time.sleep(1)
    assert until(user, version(own())).pid == pid


def test_a_run_stops_at_the_end_of_its_turn_and_goes_on_in_the_newer_daemon(user: User, older: dict[str, str]) -> None:
    [task] = [entry["task"] for entry in user.ok("queue", "--json", "a.md", **older).json["queued"]]
    while '"turn": 1' not in user.type("log", "--json", task, **older).out:
        time.sleep(0.05)
    began = time.monotonic()
    user.ok("list")
    until(user, version(own()))
    assert time.monotonic() - began < 30
    assert user.ok("wait", task).out == f"{task}  review  passed  Two\n"
    [run] = user.show(task)["runs"]
    assert (run["outcome"], user.ok("diff", task).out.count("+one")) == ("passed", 1)
    events = [json.loads(line) for line in user.ok("log", "--json", task).out.splitlines()]
    resumed = [event["resumed_from"] for event in events if event["event"] == "started"]
    assert resumed == [None, 2]  # the turn that slept was let come to its end
    assert user.ok("diff", task).out.count("+two") == 1


def test_what_is_queued_while_the_older_daemon_makes_place_is_run_by_the_newer(
    user: User, older: dict[str, str]
) -> None:
    first = user.ok("queue", "--json", "a.md", **older).json["queued"][0]["task"]
    until(user, lambda found: found.running)
    user.put({"b.md": SPEC.replace("Two", "Other")})
    second = user.queue("b.md")
    user.ok("wait", first, *second)
    until(user, version(own()))


def test_stop_ends_the_daemon_that_waits_for_the_place_as_well(user: User, older: dict[str, str]) -> None:
    user.ok("queue", "a.md", **older)
    until(user, lambda found: found.running)
    command = [sys.executable, "-m", "specwright", "daemon", "run", "--replace"]
    with subprocess.Popen(command, cwd=user.root, env=user.environment) as waiting:
        end = time.monotonic() + SECONDS
        while not is_held(user.state / "daemon.next.lock"):
            assert time.monotonic() < end
            time.sleep(0.02)
        user.ok("daemon", "stop")
        assert waiting.wait(SECONDS) == -signal.SIGTERM
    assert status(user) is None


def test_wait_goes_on_across_the_change(user: User, older: dict[str, str], newer: dict[str, str]) -> None:
    task = user.ok("queue", "--json", "a.md", **older).json["queued"][0]["task"]
    command = [sys.executable, "-m", "specwright", "wait", task]
    environment = {**user.environment, **older}
    with subprocess.Popen(command, cwd=user.root, env=environment, stdout=subprocess.PIPE, text=True) as waiting:
        until(user, lambda found: found.running)
        user.ok("list", **newer)
        assert waiting.communicate(timeout=SECONDS)[0] == f"{task}  review  passed  Two\n"
    until(user, version("99.1.0"))


def test_without_a_protocol_in_common_the_newer_program_waits_for_its_own_daemon(user: User, tmp_path: Path) -> None:
    user.ok("daemon", "start")
    changed = installed(tmp_path, "99.2.0", protocol=(2, 3))
    assert user.ok("list", "--json", **changed).json == {"tasks": []}
    found = user.ok("daemon", "status", "--json", **changed).json
    assert (found["version"], found["protocol"]) == ("99.2.0", 3)
    told = user.type("list")
    assert (told.code, told.out) == (3, "")
    assert f"and this is {own()}; they have no protocol in common. Upgrade this one to 99.2.0" in told.err


def test_programs_of_a_newer_version_at_once_make_one_daemon(user: User, older: dict[str, str]) -> None:
    user.ok("daemon", "start", **older)
    command = [sys.executable, "-m", "specwright", "list", "--json"]
    clients = [
        subprocess.Popen(command, cwd=user.root, env=user.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [client.communicate(timeout=SECONDS)[0].split() for client in clients] == [["{", '"tasks":', "[]", "}"]] * 4
    pid = until(user, version(own())).pid
    time.sleep(1)
    assert until(user, version(own())).pid == pid
    assert "Traceback" not in (log := (user.state / "daemon.log").read_text()), log
