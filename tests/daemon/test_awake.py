"""The machine is kept awake while something runs on mains, by a child that ends with whoever holds it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from specwright.daemon.awake import Awake
from specwright.engine.power import on_battery

CHILD = ("cat",)
ENVIRONMENT = {"PATH": os.environ["PATH"]}
HOLDER = """
import asyncio, os, sys, time
from specwright.daemon.awake import Awake
from pathlib import Path

async def hold():
    awake = Awake(Path("/nowhere"), os.environ, ["cat"])
    await awake.set(True)
    print(awake.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(hold())
"""


def supply(folder: Path, name: str, **values: str) -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    for key, value in values.items():
        (folder / name / key).write_text(f"{value}\n")


def lives(pid: int) -> bool:
    path = Path(f"/proc/{pid}/stat")
    return path.exists() and ") Z " not in path.read_text()


BATTERY = {"type": "Battery", "status": "Discharging"}
CASES = [
    ({}, False),
    ({"AC": {"type": "Mains", "online": "1"}}, False),
    ({"AC": {"type": "Mains", "online": "0"}, "BAT0": BATTERY}, True),
    ({"AC": {"type": "Mains", "online": "1"}, "BAT0": {"type": "Battery", "status": "Charging"}}, False),
    ({"ucsi": {"type": "USB", "online": "1"}, "BAT0": BATTERY}, False),
    ({"BAT0": BATTERY, "BAT1": {"type": "Battery", "status": "Unknown"}}, True),
    ({"mouse": {**BATTERY, "scope": "Device"}}, False),
    ({"AC": {"type": "Mains", "online": "0"}}, False),
    ({"BAT0": {"type": "Battery"}}, False),
]


@pytest.mark.parametrize(("supplies", "expected"), CASES)
def test_what_feeds_the_machine_is_what_the_kernel_tells(
    tmp_path: Path, supplies: dict[str, dict[str, str]], expected: bool
) -> None:
    for name, values in supplies.items():
        supply(tmp_path, name, **values)
    assert on_battery(tmp_path) is expected


def test_a_machine_that_tells_nothing_is_on_mains(tmp_path: Path) -> None:
    assert not on_battery(tmp_path / "nothing")


async def test_it_is_held_while_something_runs(tmp_path: Path) -> None:
    awake = Awake(tmp_path, ENVIRONMENT, CHILD)
    await awake.set(wanted=True)
    assert (pid := awake.pid)
    await awake.set(wanted=True)
    assert awake.pid == pid
    await awake.set(wanted=False)
    assert awake.pid is None
    assert not lives(pid)


async def test_on_battery_it_is_let_go(tmp_path: Path) -> None:
    awake = Awake(tmp_path, ENVIRONMENT, CHILD)
    await awake.set(wanted=True)
    assert awake.pid
    supply(tmp_path, "BAT0", **BATTERY)
    await awake.set(wanted=True)
    assert awake.pid is None


@pytest.mark.parametrize("argv", [("false",), ("no-such-program",)])
async def test_what_is_refused_is_not_tried_again(tmp_path: Path, argv: tuple[str, ...]) -> None:
    awake = Awake(tmp_path, ENVIRONMENT, argv)
    await awake.set(wanted=True)
    for _ in range(100):
        await awake.set(wanted=True)
        if awake.pid is None:
            break
        await asyncio.sleep(0.02)
    assert awake.pid is None
    await awake.set(wanted=True)
    assert awake.pid is None


def test_the_child_ends_with_a_killed_holder() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout
        pid = int(holder.stdout.readline())
        assert lives(pid)
        holder.send_signal(signal.SIGKILL)
    end = time.monotonic() + 10
    while lives(pid):
        assert time.monotonic() < end
        time.sleep(0.02)
