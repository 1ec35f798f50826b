"""What is done to the daemon and its children, each at a moment that the seed chooses."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from chaos import clients, parts, processes
from chaos.disk import KINDS
from chaos.yard import STILL, Yard
from specwright.api import messages as m
from specwright.errors import SpecwrightError

Fault = Callable[[Yard], Awaitable[None]]


async def kill_daemon(yard: Yard) -> None:
    """kill -9; then another one, or two or five at once, after which nothing of the dead one's may be left."""
    await yard.kill_daemon()
    await yard.restart(yard.rng.choice([1, 1, 1, 2, 5]))
    await yard.none_left_behind()


async def kill_at_start(yard: Yard) -> None:
    """Killed once more while it recovers what the last kill left."""
    await yard.kill_daemon()
    await yard.restart(1)
    await asyncio.sleep(yard.rng.uniform(0, 0.4))
    await yard.kill_daemon("daemon at its start")
    await yard.restart(1)


async def kill_in_verdict(yard: Yard) -> None:
    """Killed while it writes accepted files; what was cut off is accepted again later."""
    ready = [row.task for row in yard.rows().values() if row.state == "review" and row.head]
    if not ready:
        return await kill_daemon(yard)
    task = yard.rng.choice(ready)
    yard.raced.add(task)
    deciding = asyncio.create_task(yard.ask("decide", m.Decide(task, accept=True), m.Decided))
    await asyncio.sleep(yard.rng.uniform(0, 0.15))
    await yard.kill_daemon("daemon in a verdict")
    with contextlib.suppress(SpecwrightError, TimeoutError, ConnectionError):
        await deciding
    return await yard.restart(1)


async def kill_boxed(yard: Yard) -> None:
    """A program that an agent runs."""
    _kill_in_slot(yard, "boxed program", lambda words: parts.GATE not in words and "--git-dir" not in words)


async def kill_gate(yard: Yard) -> None:
    """A check at its work."""
    for _ in range(40):
        if _kill_in_slot(yard, "gate", lambda words: parts.GATE in words and "bwrap" not in words):
            return
        await asyncio.sleep(0.05)


async def freeze(yard: Yard) -> None:
    """The daemon stands still for some seconds, as on a machine that sleeps or swaps."""
    pid = yard.pid
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        yard.did["daemon frozen"] += 1
        await asyncio.sleep(yard.rng.uniform(0.5, 4))
        os.kill(pid, signal.SIGCONT)


async def fail_disk(yard: Yard) -> None:
    """No space, or broken blocks, below the state folder or the slots; the daemon may be killed meanwhile."""
    if yard.disk.why_not:
        yard.did[f"skipped: {yard.disk.why_not}"] += 1
        return
    kind = yard.rng.choice(sorted(KINDS))
    private = yard.projects[STILL].private.parent
    place = yard.rng.choice([yard.places.state, yard.places.cache, yard.places.state / "runs", private])
    if kind == "EIO":  # what can't be read or written ends a run; want of room does not
        yard.excused |= {row.task for row in yard.rows().values() if row.state in {"running", "waiting"}}
    yard.disk.fail(kind, place)
    yard.did[f"{kind} in {place.name}"] += 1
    await asyncio.sleep(yard.rng.uniform(0.3, 3))
    dies = yard.rng.random() < 0.3
    if dies:
        await yard.kill_daemon("daemon on a bad disk")
    yard.disk.heal()
    if dies:
        await yard.restart(1)


FAULTS: dict[Fault, int] = {
    kill_daemon: 32,
    kill_at_start: 5,
    kill_in_verdict: 8,
    kill_boxed: 24,
    kill_gate: 18,
    freeze: 4,
    fail_disk: 4,
    clients.vanish: 3,
    clients.flood: 3,
    clients.garbage: 3,
}
"""With how often each comes, out of their sum."""


def _kill_in_slot(yard: Yard, what: str, wanted: Callable[[str], bool]) -> bool:
    """Kill one process whose current folder is a slot; its task may come to something else then."""
    there = [pid for pid in processes.in_folder(yard.places.slots) if wanted(processes.words_of(pid))]
    if not there:
        return False
    pid = yard.rng.choice(there)
    with contextlib.suppress(OSError, ValueError):
        slot = Path(f"/proc/{pid}/cwd").readlink()
        while slot.parent.parent != yard.places.slots:
            slot = slot.parent
        run = json.loads(slot.with_suffix(".json").read_text())["run"]
        yard.excused.add(run.partition("/")[0])
        os.kill(pid, signal.SIGKILL)
        yard.did[f"kill {what}"] += 1
        return True
    return False
