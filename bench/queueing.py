"""What the daemon answers: queueing until durable, lists, its start and rest with 10,000 tasks; `list` as a process."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from bench import machine
from bench.figures import Report
from bench.stage import SCRIPTED, Stage, ended, queue, say, stage, tool_environment
from bench.stats import p50, p99, sampled
from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client
from specwright.git import checkout as checkouts
from specwright.store import tasks as task_rows
from specwright.store.database import Store, Writing
from specwright.tasks.model import Checkout, Place, Revision, Wish
from specwright.tasks.states import Event

GATE = '[gates.nothing]\ncommand = "true"\n'
SPEC = "# spec! Part {0}\n# - [ ] part {0} says so, check: manual\nx = {0}\n"
QUEUED, LISTS, COMMANDS, BEGUN = 300, 200, 20, 20
MANY = 10_000
LIST_RATIO = 150 / machine.BARE_START
"""The target of `specwright list` over the bare interpreter's start on the machine where it was set."""
IDLE_SECONDS = 15.0


async def queueing(quick: bool) -> Report:
    """Row d: a queue request until it is answered; the tasks wait for consent, so that no run disturbs."""
    report = Report()
    count = 30 if quick else QUEUED
    async with stage() as made:
        made.make({"specwright.toml": SCRIPTED + GATE, "script.json": "{}", "a.py": "x = 1\n"})
        say(f"queueing {count} specs")
        async with await made.client() as client:
            took = [await _timed(partial(_queue_one, client, made, n)) for n in range(count)]
        with (made.folder / "floor").open("wb") as file:
            synced = sampled(lambda: _sync(file.fileno(), os.fsync), count)
            data = sampled(lambda: _sync(file.fileno(), os.fdatasync), count)
    beside = f"fsync {p50(synced):.2f}, fdatasync {p50(data):.2f}"
    report.add("queue request → answered, durable, p50", p50(took), "ms", 10, beside)
    report.add("the same, p99", p99(took), "ms", 60, f"fsync {p99(synced):.2f}, fdatasync {p99(data):.2f}")
    report.raw = {"queue": took, "fsync": synced, "fdatasync": data}
    return report


async def begun(quick: bool) -> Report:
    """From the request to the run's row, in an idle daemon; the slot comes behind it."""
    report, waits = Report(), []
    async with stage() as made:
        made.make({"specwright.toml": SCRIPTED, "script.json": "{}", "a.py": "x = 1\n"})
        async with await made.client() as client:
            for number in range(3 if quick else BEGUN):
                asked = time.time()
                [view] = await ended(client, await _queue_one(client, made, number))
                if view.runs[0].started is None:
                    raise RuntimeError(f"{view.task} never began")
                waits.append((view.runs[0].started.timestamp() - asked) * 1000)
    report.add("queue → run begun, idle daemon, p50", p50(waits), "ms", 20, f"{len(waits)} tasks one by one")
    report.raw = {"begun": waits}
    return report


async def many(quick: bool) -> Report:
    """10,000 tasks in the store: the daemon's start with them, the newest 100 over the socket, and its rest."""
    report = Report()
    count = 1_000 if quick else MANY
    async with stage() as made:
        made.make({"specwright.toml": SCRIPTED, "script.json": "{}", "a.py": "x = 1\n"})
        await made.stop()
        say(f"storing {count:,} tasks")
        await _store(made, count)
        start = await _timed(lambda: _hello(made))
        async with await made.client() as client:
            asked = [await _timed(lambda: _newest(client, made)) for _ in range(20 if quick else LISTS)]
            say("resting")
            share = await asyncio.to_thread(machine.idle_share, client.daemon.pid, 2.0 if quick else IDLE_SECONDS)
            memory = machine.rss(client.daemon.pid)
        commands = await asyncio.to_thread(_commands, made, 3 if quick else COMMANDS)
    what = f"{count:,} tasks in the store"
    report.add(f"list the newest 100 over the socket, {what}, p50", p50(asked), "ms", 10, f"p99 {p99(asked):.1f}")
    report.add(f"daemon start → `hello` answered, {what}", start / 1000, "s", 1, f"RSS {memory:.0f} MB")
    report.add(f"idle daemon, {what}, share of a core", share, "%", 0.1)
    alone = p50(commands["interpreter"])
    listed = p50(commands["list"])
    report.add("`specwright list` as a whole process, p50", listed, "ms", 150, f"interpreter alone {alone:.0f}")
    report.add("the same, as a ratio to the interpreter alone", listed / alone, "×", LIST_RATIO)
    report.raw = {"newest": asked, **commands}
    return report


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


async def _queue_one(client: Client, made: Stage, number: int) -> list[str]:
    return await queue(client, made, [m.QueueItem("a.py", 1, SPEC.format(number), "python")])


async def _hello(made: Stage) -> None:
    async with await made.client():
        pass


async def _newest(client: Client, made: Stage) -> None:
    found = await client.ask("list", m.ListTasks(str(made.root)), v.Listing)
    if len(found.tasks) != 100:
        raise RuntimeError(f"{len(found.tasks)} tasks are listed")


async def _store(made: Stage, count: int) -> None:
    checkout = await asyncio.to_thread(checkouts.find, made.root)
    base = await asyncio.to_thread(checkouts.head, checkout)
    store = Store(made.places.database)
    await store.write(_fill, checkout, base, count, tuple(tool_environment(made).items()))
    store.close()


def _fill(
    writing: Writing, checkout: Checkout, base: str, count: int, environment: tuple[tuple[str, str], ...]
) -> None:
    """Tasks that are over, as most are in a store that has grown."""
    for number in range(count):
        text = SPEC.format(number)
        revision = Revision(f"{number:064x}", f"Part {number}", text, (), ("a.py",))
        wish = Wish(checkout, Place("a.py", 1, 3), revision, base, "scripted", SCRIPTED, environment, "{}", "bench")
        task_rows.step(writing, task_rows.submit(writing, wish).task, Event.CANCEL)


def _commands(made: Stage, count: int) -> dict[str, list[float]]:
    program = str(Path(sys.executable).with_name("specwright"))
    took: dict[str, list[float]] = {"list": [], "interpreter": []}
    for _ in range(count):
        took["list"] += sampled(lambda: _run([program, "list"], made), 1)
        took["interpreter"] += sampled(lambda: _run([sys.executable, "-c", "pass"], made), 1)
    return took


def _run(words: list[str], made: Stage) -> None:
    subprocess.run(words, cwd=made.root, env=made.environment, check=True, stdout=subprocess.DEVNULL)


def _sync(file: int, how: Callable[[int], None]) -> None:
    os.write(file, b"x" * 4096)
    how(file)
