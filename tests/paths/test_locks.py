import asyncio
import os
import sys
from pathlib import Path

import pytest

from specwright.errors import Refused, SpecwrightError
from specwright.paths import locks

HOLDER = "import sys, time; from pathlib import Path; from specwright.paths import locks\n"
HOLDER += "locks.take(Path(sys.argv[1])); print('held', flush=True); time.sleep(600)"


def test_second_holder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    held = locks.take(tmp_path / "lock")
    with pytest.raises(Refused, match=f"pid {os.getpid()}"):
        locks.take(tmp_path / "lock")
    assert locks.is_held(tmp_path / "lock")
    assert locks.holder(tmp_path / "lock") == os.getpid()
    os.close(held)
    assert not locks.is_held(tmp_path / "lock")
    os.close(locks.take(tmp_path / "lock"))


async def test_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, path, stdout=asyncio.subprocess.PIPE)
    assert other.stdout is not None
    assert await asyncio.wait_for(other.stdout.readline(), 30) == b"held\n"
    assert locks.is_held(path)
    other.kill()
    await other.wait()
    assert not locks.is_held(path)
    assert locks.holder(path) == other.pid


def test_stale_or_broken_file_is_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert (locks.is_held(path), locks.holder(path)) == (False, None)
    path.write_text("99999999999 and more of it")
    assert (locks.is_held(path), locks.holder(path)) == (False, None)
    held = locks.take(path)
    assert path.read_text() == f"{os.getpid()}\n"
    os.close(held)


def test_lock_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpecwrightError, match="can't be opened"):
        locks.take(tmp_path / "none" / "lock")
