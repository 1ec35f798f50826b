"""40 runs at once in one daemon: the built-in agent against the scripted Messages server."""

import asyncio

from bench import machine
from bench.figures import Report
from bench.stage import ended, queue, say, stage
from specwright.api import messages as m
from specwright.api.client import Client
from specwright.testing.messages_server import MessagesServer
from specwright.testing.replies import Asked, Call, Message, Reply, Spoilt

RUNS = 40
SPEC = """# spec! Greet in German, part {0}
# - [ ] part {0} says hallo, check: manual
# - files: greeting.py
x = {0}
"""
PACE = 0.15
"""Seconds before each event of a slow answer, so that all runs are under way at once."""
SLOW_TURNS = 2


def scenario(asked: Asked) -> Reply:
    """Reads slowly a few times, changes the file, and is done."""
    if asked.turn < SLOW_TURNS:
        return Message("I read the file.", (Call("read", {"path": "greeting.py"}),), spoilt=Spoilt.SLOW)
    if asked.turn == SLOW_TURNS:
        edit = {"path": "greeting.py", "old": "hello", "new": "hallo"}
        return Message("I change it.", (Call("edit", edit),))
    return Message(calls=(Call("finish", {"summary": "It greets in German."}),))


async def crowd(quick: bool) -> Report:
    """Row i."""
    report, runs = Report(), 8 if quick else RUNS
    async with MessagesServer({"crowd": scenario}, default="crowd", pace=PACE) as server:
        agent = f'[agents.anthropic]\nbase_url = "{server.url}"\n'
        settings = f'key_command = "echo not-a-key"\n{agent}[limits]\nrunning = {runs}\n'
        async with stage(settings) as made:
            made.make(_files(runs))
            async with await made.client() as client:
                before = machine.rss(client.daemon.pid)
                items = [m.QueueItem(f"part_{n}.py", 1) for n in range(runs)]
                tasks = await queue(client, made, items)
                say(f"{len(tasks)} tasks")
                most, sizes = await _watched(client)
                views = await ended(client, tasks)
    if bad := [view for view in views if view.state != "review"]:
        raise RuntimeError(f"{len(bad)} runs did not come to a review, such as {bad[0]}")
    beside = f"{before:.0f} MB before, {most} running at the same time"
    report.add(f"{runs} runs at once, RSS of the daemon at its highest", max(sizes), "MB", 250, beside)
    report.raw = {"rss": sizes}
    return report


async def _watched(client: Client) -> tuple[int, list[float]]:
    """The most runs at the same time, and the daemon's megabytes, every 0.1 s until nothing goes on."""
    most, sizes = 0, []
    while True:
        status = (await client.ask("status", m.Empty(), m.DaemonStatus)).status
        most = max(most, status.running)
        sizes.append(machine.rss(client.daemon.pid))
        if status.running + status.waiting == 0:
            return most, sizes
        await asyncio.sleep(0.1)


def _files(runs: int) -> dict[str, str]:
    parts = {f"part_{n}.py": SPEC.format(n) for n in range(runs)}
    toml = f'agent = "anthropic"\n[agents.anthropic]\nmodel = "claude-sonnet-4-5"\n[limits]\nrunning = {runs}\n'
    return {**parts, "greeting.py": 'def greet():\n    return "hello"\n', "specwright.toml": toml}
