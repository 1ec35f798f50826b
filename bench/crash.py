"""What is promised under load: 50 runs go on after `kill -9`, and 200 specs are queued at once."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path

from bench.figures import Report
from bench.queueing import _sync
from bench.stage import SCRIPTED, Stage, queue, say, stage
from bench.stats import p50, sampled
from specwright.api import messages as m
from specwright.api.client import Client

RUNS, TIMES = 50, 2
"""At the third `kill -9` without a turn in between each run is suspected of it, and is started alone."""
QUEUED, CLIENTS = 200, 10
SPEC = "# spec! Part {0}\n# - [ ] part {0} says so, check: manual\nx = {0}\n"
TURNS = json.dumps({"*": [[{"tool": "write", "input": {"path": "b.py", "content": "x = 2\n"}}, {"sleep": 600}]]})
LONGEST = 180.0


async def recovery(quick: bool) -> Report:
    """From the start of the next daemon until each run of the killed one has its slot back and its agent goes on."""
    report, runs = Report(), 8 if quick else RUNS
    async with stage(f"[limits]\nrunning = {runs}\n") as made:
        made.make({**_parts(runs), "specwright.toml": f"{SCRIPTED}[limits]\nrunning = {runs}\n", "script.json": TURNS})
        async with await made.client() as client:
            tasks = await queue(client, made, [m.QueueItem(f"part_{n}.py") for n in range(runs)])
            say(f"{runs} runs begin")
            await _until_all(made, tasks, '"checkpoint"', 1)
            pid = client.daemon.pid
        whole, first, answered = [], [], []
        for number in range(2, 3 if quick else TIMES + 2):
            os.kill(pid, signal.SIGKILL)
            began = time.perf_counter()
            async with await made.client() as client:
                answered.append(time.perf_counter() - began)
                pid = client.daemon.pid
                went_on = await _until_all(made, tasks, '"resumed_from": 1', number - 1)
            first.append(min(went_on) - began)
            whole.append(max(went_on) - began)
            say(f"{runs} runs went on in {whole[-1]:.1f} s")
    beside = f"daemon answers after {p50(answered):.2f} s, the first run goes on after {p50(first):.2f} s"
    report.add(f"kill -9 with {runs} running → each goes on, slowest of {len(whole)}", max(whole), "s", 10, beside)
    report.raw = {"all": whole, "first": first, "answered": answered}
    return report


async def flood(quick: bool) -> Report:
    """200 specs in one request, and in as many requests of ten clients; runs begin meanwhile."""
    report, count = Report(), 40 if quick else QUEUED
    async with stage() as made:
        settings = {"specwright.toml": SCRIPTED, "script.json": TURNS}
        made.make({**_parts(2 * count), **settings})
        items = [m.QueueItem(f"part_{n}.py") for n in range(2 * count)]
        async with await made.client() as client:
            one = await _timed(queue(client, made, items[:count]))
        clients = [await made.client() for _ in range(CLIENTS)]
        shares = list(zip(*[iter(items[count:])] * (count // CLIENTS), strict=True))
        many = await _timed(
            asyncio.gather(*(_one_by_one(client, made, share) for client, share in zip(clients, shares, strict=True)))
        )
        for client in clients:
            await client.close()
        with (made.folder / "floor").open("wb") as file:
            floor = sum(sampled(lambda: _sync(file.fileno(), os.fdatasync), count)) / 1000
    beside = f"as many fdatasync {floor:.2f} s"
    report.add(f"{count} specs queued by one request, durable", one, "s", 3, beside)
    report.add(f"{count} specs queued by {CLIENTS} clients at once, one by one", many, "s", 3, beside)
    report.raw = {"one": [one], "many": [many]}
    return report


def _parts(count: int) -> dict[str, str]:
    return {f"part_{number}.py": SPEC.format(number) for number in range(count)}


async def _one_by_one(client: Client, made: Stage, items: Sequence[m.QueueItem]) -> None:
    for item in items:
        await queue(client, made, [item])


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def _until_all(made: Stage, tasks: Sequence[str], text: str, count: int) -> list[float]:
    """When each task's events held a text so often; the files only grow. Raises `TimeoutError`."""
    found: dict[str, float] = {}
    async with asyncio.timeout(LONGEST):
        while len(found) < len(tasks):
            for task in tasks:
                events = made.places.runs / task / "1" / "events.jsonl"
                if task not in found and _text(events).count(text) >= count:
                    found[task] = time.perf_counter()
            await asyncio.sleep(0.02)
    return list(found.values())


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
