"""At start no process of an earlier daemon lives in a slot, and a project that is gone does not keep others waiting."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from specwright import processes
from specwright.engine import recovery
from specwright.engine.context import Context
from specwright.store import tasks as task_rows
from specwright.tasks.model import Wish

SLEEP = "import time; print('up', flush=True); time.sleep(600)"


def sleeper(
    folder: Path, variables: dict[str, str] | None = None, terminal: int | None = None
) -> "subprocess.Popen[bytes]":
    """A process that sits in a folder, in a session of its own, which a terminal may control."""
    folder.mkdir(parents=True)
    environment = {**os.environ, **(variables or {})}
    code = SLEEP if terminal is None else f"import os; os.open(os.ttyname(0), os.O_RDWR); {SLEEP}"
    started = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        stdin=terminal,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert started.stdout
    assert started.stdout.readline() == b"up\n"
    return started


@pytest.fixture
def orphan_and_other(context_of: Callable[..., Context], tmp_path: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    processes = [sleeper(context_of().places.slots / "project" / "sw-1" / "deep"), sleeper(tmp_path / "elsewhere")]
    yield processes
    for one in processes:
        one.kill()
        one.communicate()


async def test_orphans_in_slots_are_ended_and_nobody_else(
    context_of: Callable[..., Context], orphan_and_other: list["subprocess.Popen[bytes]"]
) -> None:
    await recovery.end_left(context_of())
    orphan, other = orphan_and_other
    assert orphan.wait(30) == -9
    assert other.poll() is None


async def test_a_person_who_looks_at_a_slot_is_left_alone(context_of: Callable[..., Context]) -> None:
    ends = os.openpty()
    shell = sleeper(context_of().places.slots / "project" / "sw-1", terminal=ends[1])
    await recovery.end_left(context_of())
    assert shell.poll() is None
    shell.kill()
    shell.communicate()
    for end in ends:
        os.close(end)


async def test_a_box_that_outlived_its_daemon_is_ended_wherever_it_stands(
    context_of: Callable[..., Context], tmp_path: Path
) -> None:
    own = processes.own_name()
    begun_before = f"{own}1"
    starters = {"left": begun_before, "mine": own}
    sleepers = [sleeper(tmp_path / name, {processes.MARK: f"{starter}-x"}) for name, starter in starters.items()]
    await recovery.end_left(context_of())
    assert sleepers[0].wait(30) == -9
    assert sleepers[1].poll() is None
    for one in sleepers:
        one.kill()
        one.communicate()


async def test_a_project_that_is_gone_is_passed_over(
    context_of: Callable[..., Context], wish_of: Callable[..., Wish], caplog: pytest.LogCaptureFixture
) -> None:
    context = context_of()
    await context.store.write(task_rows.submit, wish_of())
    await recovery.mend(context)
    assert "is gone" in caplog.text


async def test_a_git_command_of_a_dead_daemon_is_waited_for_then_asked_to_end(
    context_of: Callable[..., Context], tmp_path: Path
) -> None:
    own = processes.own_name()
    starters = {"left": f"{own}1", "mine": own}
    sleepers = [sleeper(tmp_path / name, {processes.STARTER: starter}) for name, starter in starters.items()]
    await recovery.end_left(context_of())
    assert sleepers[0].wait(30) == -15
    assert sleepers[1].poll() is None
    for one in sleepers:
        one.kill()
        one.communicate()
