"""The only place that starts programs (git/ alone starts git): argv list, clean environment, own session, limits.

The whole tree of a program dies with it, and un-boxed programs die with this process.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from specwright import processes

OUTPUT_LIMIT = 10 * 2**20
"""Bytes kept of each stream: half from its head, half from its tail."""
GRACE = 1.5
"""Seconds between the polite signal and the last one: all is over 2 s after a cancel."""
LAST_WORDS = 0.2
"""Seconds in which what a program said before its end still arrives."""
MISSING = 127
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LAUNCHER = (
    "import ctypes, os, sys, _signal\n"
    "for number in (_signal.SIGPIPE, _signal.SIGXFSZ):\n"
    "    _signal.signal(number, _signal.SIG_DFL)\n"
    "libc = ctypes.CDLL(None)\n"
    f"libc.prctl({PR_SET_PDEATHSIG}, {int(signal.SIGKILL)})\n"
    f"libc.prctl({PR_SET_CHILD_SUBREAPER}, 1)\n"
    "if os.getppid() == int(sys.argv[1]):\n"
    "    try:\n"
    "        os.execvp(sys.argv[2], sys.argv[2:])\n"
    "    except OSError as error:\n"
    "        print(sys.argv[2], error.strerror, sep=': ', file=sys.stderr)\n"
    f"        sys.exit({MISSING})\n"
)
"""Has the kernel kill it with its parent, then becomes the program; a `preexec_fn` would be unsafe with threads.

What loses its parent in the program's tree becomes the program's own child: it stays in the tree.
Python ignores two signals, and what is ignored would stay so in the program.
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended; `exit_code` is None where a signal ended it or a limit did."""

    exit_code: int | None
    stdout: bytes
    stderr: bytes
    seconds: float
    truncated: bool = False
    timed_out: bool = False


class _Kept:
    """Head and tail of a stream, bounded whatever its length."""

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._head = bytearray()
        self._tail = bytearray()
        self.truncated = False

    def add(self, data: bytes) -> None:
        room = self._half - len(self._head)
        self._head += data[:room]
        self._tail += data[max(0, room) :]
        if len(self._tail) > 2 * self._half:
            del self._tail[: -self._half]
            self.truncated = True

    @property
    def data(self) -> bytes:
        if len(self._tail) > self._half:
            del self._tail[: -self._half]
            self.truncated = True
        return bytes(self._head) + (b"\n[...]\n" if self.truncated else b"") + bytes(self._tail)


class _Watch(asyncio.SubprocessProtocol):
    """Keeps what a program says, and knows when it has ended, whoever still holds its pipes."""

    def __init__(self, limit: int) -> None:
        loop = asyncio.get_running_loop()
        self.kept = {1: _Kept(limit), 2: _Kept(limit)}
        self.exited: asyncio.Future[None] = loop.create_future()
        self.silent: asyncio.Future[None] = loop.create_future()
        self._open = 2

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """A piece of output."""
        self.kept[fd].add(data)

    def pipe_connection_lost(self, fd: int, _error: Exception | None) -> None:
        """Nobody can say anything there any more."""
        self._open -= fd != 0
        if not self._open and not self.silent.done():
            self.silent.set_result(None)

    def process_exited(self) -> None:
        """The program itself has ended."""
        if not self.exited.done():
            self.exited.set_result(None)


async def run(
    argv: Sequence[str],
    *,
    cwd: str | Path,
    env: Mapping[str, str],
    timeout: float,
    stdin: bytes = b"",
    output_limit: int = OUTPUT_LIMIT,
    is_box: bool = False,
    tied: bool = True,
    started: Callable[[int], None] = lambda _pid: None,
    descriptors: Sequence[int] = (),
) -> Finished:
    """Run a program to its end; `timeout` in seconds. What can't be started ends with 127.

    When it ends, is cancelled or takes too long, no process of its tree is left. A box is asked to end by asking
    what runs in it. `tied` has it die with this process, for programs that do not see to that themselves; `started`
    gets its pid. It has `descriptors` beside the usual three.
    """
    began = time.monotonic()
    program = which(argv[0], env.get("PATH", "")) if "/" not in argv[0] else argv[0]
    if program is None or not Path(cwd).is_dir():
        what = f"{argv[0]}: not found on PATH" if program is None else f"{cwd}: no such folder"
        return Finished(MISSING, b"", what.encode(), 0.0)
    loop = asyncio.get_running_loop()
    mark = f"{processes.own_name()}-{uuid.uuid4().hex}"
    try:
        transport, watch = await loop.subprocess_exec(
            lambda: _Watch(output_limit), *(_tied if tied else list)([program, *argv[1:]]),
            cwd=cwd, env={**env, processes.MARK: mark}, start_new_session=True, pass_fds=descriptors,
        )  # fmt: skip
    except (OSError, ValueError) as error:  # too many or too long words, a NUL in one, no process left
        return Finished(MISSING, b"", f"{argv[0]}: can't be started: {error}".encode(), 0.0)
    timed_out = False
    try:
        started(transport.get_pid())
        async with asyncio.timeout(timeout):
            await _talk(transport, watch, stdin)
    except TimeoutError:
        timed_out = True
    finally:
        await _end(transport, watch, mark, is_box)
    return _finished(transport.get_returncode(), watch, timed_out, time.monotonic() - began)


def _finished(code: int | None, watch: "_Watch", timed_out: bool, seconds: float) -> Finished:
    out, err = watch.kept[1], watch.kept[2]
    stdout, stderr = out.data, err.data  # it is known then what was cut
    ended = code is not None and code >= 0 and not timed_out
    return Finished(
        code if ended else None, stdout, stderr, seconds, truncated=out.truncated or err.truncated, timed_out=timed_out
    )


def start_detached(argv: Sequence[str], env: Mapping[str, str], log: Path) -> int:
    """Start a program that outlives this one, with its output in a file; its pid."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(  # noqa: S603  # a list of ours
            list(argv), env=dict(env), stdin=subprocess.DEVNULL, stdout=descriptor, stderr=descriptor,
            cwd="/", start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(descriptor)
    child.returncode = 0  # it is nobody's to wait for: no warning when this object goes
    return child.pid


class Held:
    """A program that runs as long as its standard input is open: until it is released, or this process is gone."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self.pid = child.pid

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self._child.returncode is not None

    async def release(self) -> None:
        """End it."""
        assert self._child.stdin  # noqa: S101  # `hold` asks for it
        self._child.stdin.close()
        try:
            async with asyncio.timeout(GRACE):
                await self._child.wait()
        except TimeoutError:
            processes.signal_group(self.pid, signal.SIGKILL)
            await self._child.wait()


async def hold(argv: Sequence[str], env: Mapping[str, str]) -> Held | None:
    """Start a program that ends with its standard input; None where there is no such program."""
    program = which(argv[0], env.get("PATH", ""))
    if program is None:
        return None
    nowhere, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        program, *argv[1:], stdin=pipe, stdout=nowhere, stderr=nowhere, cwd="/", env=dict(env), start_new_session=True
    )
    return Held(child)


def which(program: str, path: str) -> str | None:
    """The program on this PATH alone."""
    return shutil.which(program, path=path)


def _tied(argv: list[str]) -> list[str]:
    """The command that also dies with this process; Linux."""
    if not sys.platform.startswith("linux"):
        return argv
    return [sys.executable, "-ISc", LAUNCHER, str(os.getpid()), *argv]


async def _talk(transport: asyncio.SubprocessTransport, watch: _Watch, stdin: bytes) -> None:
    """Feed the program and wait until it has ended; a grandchild may hold its pipes on."""
    feed = transport.get_pipe_transport(0)
    if isinstance(feed, asyncio.WriteTransport):
        feed.write(stdin)
        feed.close()
    await asyncio.shield(watch.exited)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_WORDS):
            await asyncio.shield(watch.silent)


async def _end(transport: asyncio.SubprocessTransport, watch: _Watch, mark: str, is_box: bool) -> None:
    """Leave no process of the tree: politely first where the program itself still runs."""
    pid = transport.get_pid()
    family: set[int] = set()
    if not watch.exited.done():
        family = processes.descendants(pid)
        if is_box:  # to bubblewrap itself it would be the last signal for all
            processes.signal_all(family, signal.SIGTERM)
        else:
            processes.signal_group(pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await asyncio.shield(watch.exited)
    if not is_box:  # what is in a box ends with it; the kernel sees to that
        family = processes.kill_family(
            lambda: {
                one for one in processes.descendants(pid) | family | processes.marked(mark) if processes.still_runs(one)
            }
        )
        processes.signal_group(pid, signal.SIGKILL)  # what cleared its environment has no mark
    if family or not watch.exited.done():
        await _gone(pid, watch, family)
    transport.close()


async def _gone(pid: int, watch: _Watch, family: set[int]) -> None:
    processes.signal_group(pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE):
            await asyncio.shield(watch.exited)
            while any(map(processes.still_runs, family)):
                await asyncio.sleep(0.005)
