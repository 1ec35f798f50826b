"""What a box may reach by consent: the named ports of this machine, and nothing beside them."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sandbox.conftest import boxed
from specwright import process
from specwright.config.settings import SandboxMode
from specwright.git.slots import Slot
from specwright.sandbox import doors as doors_module
from specwright.sandbox import entering
from specwright.sandbox.box import make_box
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Box, Done, Reach

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]
ASK = 'exec 3<>/dev/tcp/127.0.0.1/"$1"; echo "$2" >&3; cat <&3'


async def loud(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


@asynccontextmanager
async def service(answer: Answer = loud) -> AsyncIterator[int]:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)  # type: ignore[arg-type]
    async with server:
        yield server.sockets[0].getsockname()[1]


async def ask(box: Box, port: int, reach: Reach, words: str = "hello") -> Done:
    return await box.run(["bash", "-c", ASK, "ask", str(port), words], timeout=30, reach=reach)


async def test_the_named_port_answers_and_the_one_beside_it_does_not(box: Box) -> None:
    async with service() as named, service() as beside:
        reach = Reach(services=(named,))
        done = await ask(box, named, reach)
        assert done.stdout == b"HELLO\n"
        assert done.reached == (f"localhost:{named}: 6 bytes sent, 6 received",)
        other = await ask(box, beside, reach)
        assert (other.stdout, other.reached) == (b"", ())
        assert b"refused" in other.stderr


async def test_nothing_is_reached_without_consent(box: Box) -> None:
    async with service() as port:
        done = await ask(box, port, Reach())
    assert done.stdout == b""
    assert b"refused" in done.stderr


async def test_another_box_has_no_part_in_it(box: Box) -> None:
    """At the same time, on the same slot even."""
    async with service() as port:
        waiting = 'until [ -e go ]; do sleep 0.02; done; exec 3<>/dev/tcp/127.0.0.1/"$1"; echo late >&3; cat <&3'
        first = asyncio.create_task(
            box.run(["bash", "-c", waiting, "w", str(port)], timeout=30, reach=Reach(services=(port,)))
        )
        second = await ask(box, port, Reach())
        (box.slot / "go").touch()
        assert (await first).stdout == b"LATE\n"
    assert second.stdout == b""


async def test_much_is_carried_both_ways_and_ends_are_handed_on(box: Box) -> None:
    async def back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = await reader.read()  # to the end, which only comes when the box's side says it
        writer.write(data[::-1])
        await writer.drain()
        writer.close()

    script = (
        "import socket, sys\n"
        "s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
        "s.sendall(b'ab' * 2_000_000); s.shutdown(socket.SHUT_WR)\n"
        "data = b''.join(iter(lambda: s.recv(65536), b''))\n"
        "print(len(data), data[:2])\n"
    )
    async with service(back) as port:
        words = ["/usr/bin/env", "python3", "-c", script, str(port)]
        done = await box.run(words, timeout=60, reach=Reach(services=(port,)))
    assert done.stdout == b"4000000 b'ba'\n", done
    assert done.reached == (f"localhost:{port}: 4,000,000 bytes sent, 4,000,000 received",)


async def test_a_port_where_nothing_listens_is_told(box: Box) -> None:
    async with service() as port:
        pass
    done = await ask(box, port, Reach(services=(port,)))
    assert (done.stdout, done.reached) == (b"", (f"localhost:{port}: nothing listens there",))


async def test_many_connections_are_bounded(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors_module, "MOST_LINES", 5)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_now.append(writer)
        most.append(len(open_now))
        await reader.read()
        open_now.remove(writer)
        writer.close()

    open_now: list[asyncio.StreamWriter] = []
    most = [0]
    script = 'for i in $(seq 20); do eval "exec $((i + 10))<>/dev/tcp/127.0.0.1/$1"; done; sleep 0.3'
    async with service(silent) as port:
        await box.run(["bash", "-c", script, "s", str(port)], timeout=30, reach=Reach(services=(port,)))
        async with asyncio.timeout(10):
            while open_now:
                await asyncio.sleep(0.01)
    assert max(most) == 5


async def test_lines_end_with_the_command_and_no_descriptor_is_left(box: Box) -> None:
    ended = asyncio.Event()

    async def forever(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        ended.set()

    async with service(forever) as port:
        before = len(list(Path("/proc/self/fd").iterdir()))
        script = 'exec 3<>/dev/tcp/127.0.0.1/"$1"; sleep 300'
        running = asyncio.create_task(
            box.run(["bash", "-c", script, "s", str(port)], timeout=300, reach=Reach(services=(port,)))
        )
        await asyncio.sleep(0.6)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        async with asyncio.timeout(10):
            await ended.wait()
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1  # the service's own end closes later


async def test_a_command_without_its_doors_is_not_believed(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entering, "__file__", "/nonexistent/entering.py")
    done = await box.run(["sh", "-c", "exit 0"], timeout=30, reach=Reach(services=(5432,)))
    assert done.exit_code == 126
    assert b"could not be opened" in done.stderr


async def test_the_partial_sandbox_says_that_it_has_none(slot: Slot, landlock: None) -> None:
    done = await boxed(slot, mode=SandboxMode.PARTIAL).run(["true"], timeout=30, reach=Reach(services=(5432,)))
    assert done.exit_code == 126
    assert b"needs the full sandbox" in done.stderr


async def test_without_a_sandbox_everything_is_reached_anyway(tmp_path: Path) -> None:
    box = make_box(SandboxMode.NONE, Visible(tmp_path, tmp_path / ".git", environment=(("PATH", os.environ["PATH"]),)))
    async with service() as port:
        assert (await ask(box, port, Reach(services=(port,)))).stdout == b"HELLO\n"


async def test_what_runs_inside_sees_no_descriptor_of_ours(box: Box) -> None:
    done = await box.run(["sh", "-c", "ls /proc/self/fd"], timeout=30, reach=Reach(services=(5432,)))
    assert done.stdout.split() == [b"0", b"1", b"2", b"3"]  # the last one is that of `ls` itself


async def test_a_network_that_is_no_boxs_own_is_never_entered() -> None:
    """The number of a box that has ended may be another process's by then."""
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        words = [sys.executable, "-IS", entering.__file__, str(os.getpid()), str(theirs.fileno()), str(port)]
        done = await process.run(words, cwd="/", env={}, timeout=30, tied=False, descriptors=[theirs.fileno()])
        assert done.exit_code == 1
        assert b"no network of its own" in done.stderr
        ours.setblocking(False)
        with pytest.raises(BlockingIOError):
            ours.recv(1)


async def test_doors_that_nobody_went_through_leave_no_descriptor() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    async with doors_module.doors(Reach(services=(5432,))):
        pass  # the opening is cancelled before its first step
    assert len(list(Path("/proc/self/fd").iterdir())) == before
