"""Programs end as they are said to, and nothing of their tree is left."""

import asyncio
import contextlib
import os
import resource
import signal
import sys
import time
from pathlib import Path

import pytest

from specwright import process, processes
from specwright.process import Finished

ENV = {"PATH": os.environ["PATH"]}


async def sh(tmp_path: Path, script: str, *, timeout: float = 30.0, stdin: bytes = b"", **more: int) -> Finished:
    return await process.run(["sh", "-c", script], cwd=tmp_path, env=ENV, timeout=timeout, stdin=stdin, **more)


async def is_gone(pid: int) -> bool:
    end = time.monotonic() + 10
    while not processes.has_ended(pid) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return processes.has_ended(pid)


async def written(path: Path) -> int:
    """A number that a program writes into a file, once it has."""
    async with asyncio.timeout(20):
        while not (path.exists() and path.read_text().strip()):
            await asyncio.sleep(0.02)
    return int(path.read_text())


@pytest.mark.parametrize("word", ["a\0b", "x" * 200_000], ids=["NUL", "long"])
async def test_words_that_no_program_can_get_are_told(tmp_path: Path, word: str) -> None:
    done = await process.run(["echo", word], cwd=tmp_path, env=ENV, timeout=5)
    assert (done.exit_code, done.stdout) == (process.MISSING, b"")
    assert b"echo: can't be started" in done.stderr


async def test_exit_code_and_both_streams_are_kept_apart(tmp_path: Path) -> None:
    done = await sh(tmp_path, "echo out; echo err >&2; exit 3")
    assert (done.exit_code, done.stdout, done.stderr) == (3, b"out\n", b"err\n")
    assert not done.timed_out
    assert not done.truncated


async def test_end_by_a_signal_is_no_exit_code(tmp_path: Path) -> None:
    done = await sh(tmp_path, "kill -9 $$")
    assert done.exit_code is None


async def test_input_is_fed_and_ends(tmp_path: Path) -> None:
    data = b"line\n" * 200_000
    assert (await sh(tmp_path, "wc -c", stdin=data)).stdout.strip() == str(len(data)).encode()
    assert (await sh(tmp_path, "cat")).stdout == b""


async def test_input_that_nobody_reads_does_not_hang(tmp_path: Path) -> None:
    assert (await sh(tmp_path, "exit 4", stdin=b"x" * 2_000_000)).exit_code == 4


@pytest.mark.parametrize("program", ["no-such-program", "/no/such/program", "./no-such-program", ""])
async def test_missing_program_is_127(tmp_path: Path, program: str) -> None:
    done = await process.run([program], cwd=tmp_path, env=ENV, timeout=30)
    assert done.exit_code == process.MISSING
    assert b"Traceback" not in done.stderr
    assert done.stderr


async def test_missing_folder_is_said_and_nothing_runs_elsewhere(tmp_path: Path) -> None:
    done = await process.run(["sh", "-c", "pwd"], cwd=tmp_path / "gone", env=ENV, timeout=30)
    assert (done.exit_code, done.stdout) == (process.MISSING, b"")
    assert b"no such folder" in done.stderr


async def test_environment_is_only_what_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "leak")
    done = await process.run(["/usr/bin/env"], cwd=tmp_path, env={"A": "b c"}, timeout=30)
    names = {line.partition("=")[0] for line in done.stdout.decode().splitlines()}
    assert "A=b c" in done.stdout.decode()
    assert names - {"A", processes.MARK, "PWD", "SHLVL", "_", "LC_CTYPE"} == set()


async def test_own_session_without_a_terminal(tmp_path: Path) -> None:
    script = f"{sys.executable} -c 'import os; print(os.getsid(0))'; (: </dev/tty) 2>/dev/null && echo tty"
    assert int((await sh(tmp_path, script)).stdout) != os.getsid(0)


async def test_arguments_are_no_shell_text(tmp_path: Path) -> None:
    argv = ["printf", "%s|", "$(id)", "a b", "-rf", "x\ny", "*"]
    done = await process.run(argv, cwd=tmp_path, env=ENV, timeout=30)
    assert done.stdout == b"$(id)|a b|-rf|x\ny|*|"


async def test_output_is_bounded_with_head_and_tail(tmp_path: Path) -> None:
    done = await sh(tmp_path, "echo first; head -c 5000000 /dev/zero; echo last", output_limit=10_000)
    assert done.truncated
    assert len(done.stdout) < 10_100
    assert done.stdout.startswith(b"first\n")
    assert done.stdout.endswith(b"last\n")


@pytest.mark.parametrize(("size", "truncated"), [(9_999, False), (10_000, False), (10_001, True), (20_001, True)])
async def test_output_up_to_the_limit_is_whole(tmp_path: Path, size: int, truncated: bool) -> None:
    done = await sh(tmp_path, f"head -c {size} /dev/zero", output_limit=10_000)
    assert done.truncated is truncated
    assert truncated or len(done.stdout) == size


@pytest.mark.parametrize("script", ["sleep 600", "trap '' TERM; while :; do sleep 0.1; done", "setsid sleep 600"])
async def test_time_limit_ends_it_whatever_it_ignores(tmp_path: Path, script: str) -> None:
    done = await sh(tmp_path, f"echo $$ >pid; {script}", timeout=0.5)
    assert done.timed_out
    assert done.exit_code is None
    assert await is_gone(int((tmp_path / "pid").read_text()))


async def test_polite_signal_comes_first(tmp_path: Path) -> None:
    done = await sh(tmp_path, "trap 'echo bye; exit 0' TERM; sleep 600 & wait", timeout=0.5)
    assert (done.timed_out, done.exit_code, done.stdout) == (True, None, b"bye\n")


@pytest.mark.parametrize("child", ["sleep 600 &", "setsid sleep 600 & sleep 600"])
async def test_children_end_with_it(tmp_path: Path, child: str) -> None:
    script = child.replace("sleep 600 &", "sh -c 'echo $$ >child; exec sleep 600' &", 1)
    await sh(tmp_path, f"{script}\n while [ ! -s child ]; do sleep 0.02; done", timeout=3)
    assert await is_gone(int((tmp_path / "child").read_text()))


async def test_grandchild_with_the_pipes_does_not_hold_the_call(tmp_path: Path) -> None:
    done = await asyncio.wait_for(sh(tmp_path, "echo said; sleep 600 &", timeout=100), 30)
    assert (done.exit_code, done.stdout, done.timed_out) == (0, b"said\n", False)


async def test_daemon_of_its_own_is_gone_too(tmp_path: Path) -> None:
    script = (
        "(setsid sh -c 'echo $$ >orphan; exec sleep 600' >/dev/null 2>&1 &) ; while [ ! -s orphan ]; do sleep .02; done"
    )
    assert (await sh(tmp_path, script)).exit_code == 0
    assert await is_gone(int((tmp_path / "orphan").read_text()))


async def test_cancelled_call_leaves_nothing(tmp_path: Path) -> None:
    call = asyncio.create_task(sh(tmp_path, "echo $$ >pid; sleep 600", timeout=600))
    pid = await written(tmp_path / "pid")
    call.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await call
    assert call.cancelled()
    assert await is_gone(pid)


async def test_program_dies_with_a_killed_caller(tmp_path: Path) -> None:
    caller = (
        "import asyncio, os; from specwright import process\n"
        "asyncio.run(process.run(['sh', '-c', 'echo $$ >pid; exec sleep 600'], cwd='.', env=os.environ, timeout=600))"
    )
    started = await asyncio.create_subprocess_exec(sys.executable, "-c", caller, cwd=tmp_path)
    pid = await written(tmp_path / "pid")
    started.kill()
    await started.wait()
    assert await is_gone(pid)


async def test_detached_program_goes_on_and_writes_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    pid = process.start_detached(["sh", "-c", "echo begun $HOME; exec sleep 600"], {"HOME": "/x", **ENV}, log)
    try:
        async with asyncio.timeout(20):
            while log.read_text() != "begun /x\n":
                await asyncio.sleep(0.02)
        assert os.getsid(pid) == pid
        assert log.stat().st_mode & 0o777 == 0o600
        assert not processes.has_ended(pid)
    finally:
        processes.signal_all([pid], signal.SIGKILL)
    assert await is_gone(pid)


async def test_processes_in_a_folder_are_found(tmp_path: Path) -> None:
    inner = tmp_path / "a b"
    inner.mkdir()
    started = await asyncio.create_subprocess_exec("sleep", "600", cwd=inner)
    try:
        assert processes.working_below(tmp_path) == (started.pid,)
        assert processes.working_below(tmp_path / "a") == ()
    finally:
        started.kill()
        await started.wait()


def test_only_the_given_path_is_looked_at(tmp_path: Path) -> None:
    program = tmp_path / "sh"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert process.which("sh", str(tmp_path)) == str(program)
    assert process.which("sh", "") is None
    assert process.which("sh", str(tmp_path / "none")) is None


STARTER = """
import asyncio, os, sys
from specwright import process
script = "setsid sh -c 'echo $$ > pid; exec sleep 300' & sleep 300"
asyncio.run(process.run(["sh", "-c", script], cwd=sys.argv[1], env={"PATH": os.environ["PATH"]}, timeout=300))
"""


async def test_what_outlives_its_starter_is_known(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parent.parent)}
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", STARTER, str(tmp_path), env=environment)
    pid = await written(tmp_path / "pid")
    assert pid not in processes.orphans()
    starter.kill()
    await starter.wait()
    assert pid in processes.orphans()
    processes.signal_all([pid], signal.SIGKILL)
    assert await is_gone(pid)
    assert pid not in processes.orphans()


def test_a_starter_that_can_not_be_looked_at_is_not_taken_for_dead() -> None:
    """A daemon without a descriptor left ended what another one had started."""
    own = processes.own_name()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        looked = processes._has_died(own)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not looked
    assert processes._has_died(f"{own}1")
