"""What the harness adds: a task from queue to review whose agent and gate take no time, beside the same commands.

The commands are those that a task really ran: a `git` and a `bwrap` in front of the real ones on PATH write them down.
"""

import asyncio
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.figures import Report
from bench.stage import SCRIPTED, Stage, agree, ended, queue, say, stage
from bench.stats import p50, p99, timed
from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client, Listener

GATE = '[gates.nothing]\ncommand = "true"\n'
SPEC = "# spec! Part {0}\n# - [ ] part {0} says so, check: manual\n# - files: b.py\n"
EDIT = json.dumps({"*": [[{"tool": "write", "input": {"path": "b.py", "content": "x = 2\n"}}]]})
TASKS, REPLAYS = 20, 5
RECORDER = """#!/bin/sh
if [ -e {log} ]; then
  call=$(mktemp -d {log}/$(date +%s%N).XXXXXX)
  pwd > $call/cwd; env -0 > $call/env; printf '%s\\0' {real} "$@" > $call/words
fi
exec {real} "$@"
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One command as it was run."""

    folder: str
    environment: dict[str, str]
    words: tuple[str, ...]

    def run(self) -> None:
        """Again, with nothing on standard input; what it says does not matter, what it costs does."""
        if Path(self.folder).is_dir():
            nothing = subprocess.DEVNULL
            subprocess.run(
                self.words,
                cwd=self.folder,
                env=self.environment,
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                check=False,
            )


async def overhead(quick: bool) -> Report:
    """Row f."""
    report = Report()
    async with stage() as made:
        await made.stop()
        log = made.folder / "calls"
        _record(made, log)
        made.make({"specwright.toml": SCRIPTED + GATE, "script.json": EDIT, "a.py": "x = 1\n"})
        over = asyncio.Event()
        async with await made.client(Listener(changed=lambda _changed: over.set())) as client:
            await agree(client, made)
            warm = [await _task(client, made, n, over) for n in range(2)]
            log.mkdir()
            await _task(client, made, 2, over)
            calls = _recorded(log)
            shutil.rmtree(log)
            say(f"{len(calls)} commands a task, first task {warm[0]:.0f} ms")
            took, again = [], []
            for number in range(3 if quick else TASKS):
                took.append(await _task(client, made, number + 3, over))
                if number < REPLAYS:
                    again.append(await asyncio.to_thread(timed, partial(_run_all, calls)))
    beside = f"the same {len(calls)} git and gate commands in a row {p50(again) / 1000:.2f} s"
    report.add("harness overhead of a task, queue → review, p50", p50(took) / 1000, "s", 1.5, beside)
    report.add(
        "the same, as a ratio to these commands in a row",
        p50(took) / p50(again),
        "×",
        1.2,
        f"p99 {p99(took) / 1000:.2f} s",
    )
    report.raw = {"task": took, "commands": again}
    return report


def _run_all(calls: list[Call]) -> None:
    for call in calls:
        call.run()


async def _task(client: Client, made: Stage, number: int, over: asyncio.Event) -> float:
    """Milliseconds until a task is in review; the daemon's own word wakes us, so that nothing is polled."""
    began = time.perf_counter()
    [task] = await queue(client, made, [m.QueueItem("a.py", 1, SPEC.format(number) + "x = 1\n", "python")])
    while True:
        over.clear()
        tasks = (await client.ask("list", m.ListTasks(str(made.root), 1), v.Listing)).tasks
        if tasks[0].task == task and tasks[0].state not in {"waiting", "running"}:
            break
        await asyncio.wait_for(over.wait(), 60)
    took = (time.perf_counter() - began) * 1000
    [view] = await ended(client, [task])
    if view.state != "review":
        raise RuntimeError(f"the task came to {view}")
    return took


def _record(made: Stage, log: Path) -> None:
    """Put recorders in front of git and bwrap; they record while the log's folder is there."""
    programs = made.folder / "programs"
    programs.mkdir()
    for name in ("git", "bwrap"):
        if real := shutil.which(name):
            (programs / name).write_text(RECORDER.format(log=log, real=real))
            (programs / name).chmod(0o700)


def _recorded(log: Path) -> list[Call]:
    return [
        Call(
            (folder / "cwd").read_text().rstrip("\n"),
            dict(pair.split("=", 1) for pair in _parts(folder / "env")),
            tuple(_parts(folder / "words")),
        )
        for folder in sorted(log.iterdir())
        if (folder / "words").is_file()
    ]


def _parts(path: Path) -> list[str]:
    return [os.fsdecode(part) for part in path.read_bytes().split(b"\0") if part]
