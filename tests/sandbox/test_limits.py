"""What a command takes of the machine ends at a limit, with a sentence; in every box."""

import asyncio
from pathlib import Path

import pytest

from sandbox.conftest import boxed
from sandbox.test_bubblewrap import text
from specwright import processes
from specwright.config.settings import SandboxMode
from specwright.git.slots import Slot
from specwright.paths import deleting
from specwright.sandbox import limits
from specwright.sandbox.limits import Most
from specwright.tasks.protocols import Box

LITTLE = Most(memory=200 * 2**20, processes=40)


@pytest.fixture(params=[SandboxMode.FULL, SandboxMode.PARTIAL, SandboxMode.NONE])
def box(request: pytest.FixtureRequest, slot: Slot) -> Box:
    if request.param is not SandboxMode.NONE:
        request.getfixturevalue("bubblewrap" if request.param is SandboxMode.FULL else "landlock")
    return boxed(slot, mode=request.param, most=LITTLE)


async def said(box: Box, script: str) -> str:
    done = await box.run(["bash", "-c", script], timeout=60)
    assert (done.exit_code, done.timed_out) == (None, False)
    assert processes.working_below(box.slot) == ()
    return done.stderr.decode()


async def test_memory(box: Box) -> None:
    grow = "import time; a = [bytearray(2**20) for _ in range(400)]; time.sleep(50)"
    assert "more than 0.195312 GB of memory" in await said(box, f'/usr/bin/env python3 -c "{grow}"')


async def test_memory_that_processes_share_counts_once(box: Box) -> None:
    share = (
        "import os, time; a = b'x' * (100 * 2**20)\n"
        "pids = [os.fork() or (time.sleep(1.5), os._exit(0)) for _ in range(6)]\n"
        "[os.waitpid(pid, 0) for pid in pids]; print('all')"
    )
    assert text(await box.run(["/usr/bin/env", "python3", "-c", share], timeout=60)) == "all"


async def test_many_processes_that_lose_their_parents(box: Box) -> None:
    """No endless one: what is tested may fail, and then this machine has to live with it."""
    many = "for i in $(seq 150); do (setsid sleep 60 &); [ -e /proc/self ] && sleep 0.01; done; sleep 50"
    assert "more than 40 processes" in await said(box, many)


async def test_the_disk(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "GROWTH", 50 * 2**20)
    fill = "ln -s loop loop; for i in $(seq 300); do head -c 1000000 /dev/zero >f$i; done; sleep 50"
    assert "to its slot" in await said(box, fill)


async def test_temporary_files(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    if box.mode == "full":
        pytest.skip("there they lie in memory, and end at the size of that")
    monkeypatch.setattr(limits, "GROWTH", 50 * 2**20)
    fill = "for i in $(seq 300); do head -c 1000000 /dev/zero >$TMPDIR/f$i; done; sleep 50"
    assert "to its slot or its temporary folder" in await said(box, fill)


async def test_many_small_files_however_deep(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """In folders nested so deeply that Python's own way to look through them fails."""
    monkeypatch.setattr(limits, "FILES", 300)
    nest = "import os\nfor _ in range(1200):\n    os.mkdir('d')\n    os.chdir('d')"
    fill = f'/usr/bin/env python3 -c "{nest}"; for i in $(seq 1000); do : >f$i; done; sleep 50'
    try:
        assert "300 files, to its slot" in await said(box, fill)
    finally:
        deleting.delete(box.slot)


async def test_a_file_of_a_terabyte(box: Box) -> None:
    done = await box.run(["bash", "-c", "(trap '' XFSZ; truncate -s 1T big 2>&1)"], timeout=30)
    assert "File too large" in text(done)
    assert not (box.slot / "big").exists() or (box.slot / "big").stat().st_size == 0


async def test_what_clears_its_environment_is_ended_too(box: Box) -> None:
    done = await box.run(["bash", "-c", "env -i sleep 60 >/dev/null 2>&1 & echo on"], timeout=30)
    assert text(done) == "on"
    async with asyncio.timeout(10):
        while processes.working_below(box.slot):
            await asyncio.sleep(0.05)


async def test_a_home_that_is_nested_deeper_than_python_deletes_is_gone(box: Box) -> None:
    nest = "import os\nos.chdir(os.environ['HOME'])\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')"
    done = await box.run(["bash", "-c", f'echo "$HOME"; /usr/bin/env python3 -c "{nest}"'], timeout=60)
    assert done.exit_code == 0, done
    assert box.mode == "full" or not Path(text(done)).exists()


async def test_a_look_that_fails_ends_no_limit(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    trees, failed = processes.trees, []

    def failing(roots: list[int]) -> dict[int, processes.Tree]:
        if not failed:
            failed.append(True)
            raise OSError(24, "Too many open files")
        return trees(roots)

    monkeypatch.setattr(processes, "trees", failing)
    many = "for i in $(seq 60); do (sleep 60 &); done; sleep 50"
    assert "more than 40 processes" in await said(box, many)
    assert failed


async def test_low_priority_and_no_core(box: Box) -> None:
    done = await box.run(["bash", "-c", "nice; cat /proc/self/oom_score_adj; ulimit -c"], timeout=30)
    assert text(done).split() == ["10", "900", "0"]


async def test_the_watch_rests_while_nothing_runs(box: Box) -> None:
    watching = asyncio.create_task(box.run(["sleep", "0.2"], timeout=30))
    async with asyncio.timeout(10):
        while limits.GUARD._thread is None:
            await asyncio.sleep(0.01)
    assert (await watching).exit_code == 0
    async with asyncio.timeout(10):
        while limits.GUARD._thread is not None:
            await asyncio.sleep(0.01)
