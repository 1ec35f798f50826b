"""Without a box: a clean environment, an empty home folder, and no process that stays."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from specwright import process, processes
from specwright.config.settings import SandboxMode
from specwright.sandbox.box import make_box
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    slot = tmp_path / "slot"
    slot.mkdir()
    given = (("PATH", os.environ["PATH"]), ("TOKEN", "leak"), ("WANTED", "yes"))
    visible = Visible(slot, slot / ".git", environment=given, slot_name="sw-1", variables=("WANTED",))
    return make_box(SandboxMode.NONE, visible)


async def test_it_says_what_it_is(box: Box) -> None:
    assert box.mode == "none"


async def test_command_runs_in_the_slot_with_a_clean_environment(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "leak")
    done = await box.run(["sh", "-c", "pwd; env; exit 3"], timeout=30, env={"MORE": "1"})
    said = done.stdout.decode().splitlines()
    assert (done.exit_code, said[0]) == (3, str(box.slot))
    assert {"MORE=1", "WANTED=yes", "SPECWRIGHT_SLOT=sw-1"} <= set(said)
    assert "leak" not in done.stdout.decode()


async def test_home_is_empty_and_gone_afterwards(box: Box, own_home: Path) -> None:
    done = await box.run(["sh", "-c", 'echo "$HOME"; ls -A "$HOME"; echo x >"$HOME/x"'], timeout=30)
    (home,) = done.stdout.decode().split()
    assert home != str(own_home)
    assert not Path(home).exists()


async def test_daemon_left_behind_is_gone(box: Box) -> None:
    script = "(setsid sh -c 'echo $$ >pid; exec sleep 600' >/dev/null 2>&1 &); while [ ! -s pid ]; do sleep .02; done"
    await box.run(["sh", "-c", script], timeout=30)
    pid = int((box.slot / "pid").read_text())
    end = time.monotonic() + 10
    while not processes.has_ended(pid) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert processes.has_ended(pid)


async def test_time_limit_holds(box: Box) -> None:
    assert (await box.run(["sleep", "600"], timeout=0.5)).timed_out


async def test_program_of_the_slot_is_not_found_by_its_bare_name(box: Box) -> None:
    (box.slot / "tool").write_text("#!/bin/sh\necho ours\n")
    (box.slot / "tool").chmod(0o755)
    assert (await box.run(["tool"], timeout=30)).exit_code == process.MISSING
    assert (await box.run(["./tool"], timeout=30)).stdout == b"ours\n"


async def test_reader_finds_our_own_program(box: Box) -> None:
    done = await box.reader().run(["python3", "-c", "import specwright; print('found')"], timeout=30)
    assert done.stdout == b"found\n"
