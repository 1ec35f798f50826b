"""At start no process of an earlier daemon lives in a slot, and a project that is gone does not keep others waiting."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from specwright.engine import recovery
from specwright.engine.context import Context
from specwright.store import tasks as task_rows
from specwright.tasks.model import Wish

SLEEP = "import time; print('up', flush=True); time.sleep(600)"


def sleeper(folder: Path) -> "subprocess.Popen[bytes]":
    """A process that sits in a folder, in a session of its own."""
    folder.mkdir(parents=True)
    command = [sys.executable, "-c", SLEEP]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout
    assert process.stdout.readline() == b"up\n"
    return process


@pytest.fixture
def orphan_and_other(context_of: Callable[..., Context], tmp_path: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    processes = [sleeper(context_of().places.slots / "project" / "sw-1" / "deep"), sleeper(tmp_path / "elsewhere")]
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


async def test_orphans_in_slots_are_ended_and_nobody_else(
    context_of: Callable[..., Context], orphan_and_other: list["subprocess.Popen[bytes]"]
) -> None:
    await recovery.recover(context_of())
    orphan, other = orphan_and_other
    assert orphan.wait(30) == -9
    assert other.poll() is None


async def test_a_project_that_is_gone_is_passed_over(
    context_of: Callable[..., Context], wish_of: Callable[..., Wish], caplog: pytest.LogCaptureFixture
) -> None:
    context = context_of()
    await context.store.write(task_rows.submit, wish_of())
    await recovery.recover(context)
    assert "is gone" in caplog.text
