"""`specwright wait TASK…`"""

import asyncio
import contextlib
import sys

import click

from specwright.api import messages as m
from specwright.api import news
from specwright.api import views as v
from specwright.api.client import Client, Listener, connect
from specwright.api.events import Event, event_of
from specwright.api.wire import Lost
from specwright.cli.common import json_option
from specwright.cli.output import echo, print_json
from specwright.errors import Exit, SpecwrightError
from specwright.paths.places import places
from specwright.tasks.harmless import one_line
from specwright.tasks.model import GOING_ON, Outcome, State

LOOK_SECONDS = 1.0
"""Between two looks at what runs do, for the person who waits."""
PAUSE_SECONDS = 0.2
"""Before a daemon that was killed is started again."""


@click.command()
@click.argument("tasks", nargs=-1, required=True, metavar="TASK…")
@click.option("--timeout", type=float, metavar="S", help="Seconds after which to give up waiting.")
@json_option
def command(tasks: tuple[str, ...], timeout: float | None, as_json: bool) -> int:
    """Wait until tasks need a person or are over. Exit code 0 only if every outcome is `passed`."""
    moved = asyncio.Event()

    stopped = asyncio.Event()
    listener = Listener(changed=lambda _changed: moved.set(), ending=lambda _empty: stopped.set())

    async def views_in_the_end() -> list[v.TaskView]:
        try:
            async with asyncio.timeout(timeout):
                await _across_daemons(tasks, listener, moved, stopped)
        except TimeoutError:
            echo(f"still going on after {timeout:g} s", err=True)
        async with await connect(places(), "cli") as client:
            return [await _show(client, task) for task in tasks]

    views = asyncio.run(views_in_the_end())
    if as_json:
        print_json({"tasks": [{"task": v.task, "state": v.state, "outcome": v.outcome} for v in views]})
    else:
        for view in views:
            echo(f"{view.task}  {view.state}  {view.outcome or ''}  {one_line(view.title)}")
    settled = all(view.state not in GOING_ON and view.outcome is Outcome.PASSED for view in views)
    return Exit.DONE if settled else Exit.NO


async def _across_daemons(
    tasks: tuple[str, ...], listener: Listener, moved: asyncio.Event, stopped: asyncio.Event
) -> None:
    """Wait on; a daemon that was killed is started again, and one that was stopped on purpose is not."""
    while True:
        with contextlib.suppress(Lost):
            async with await connect(places(), "cli", listener) as client:
                if await _until_settled(client, tasks, moved):
                    return
        if stopped.is_set():
            raise SpecwrightError("The daemon was stopped; its tasks, and `specwright wait`, go on at the next start.")
        await asyncio.sleep(PAUSE_SECONDS)


async def _until_settled(client: Client, tasks: tuple[str, ...], moved: asyncio.Event) -> bool:
    """Whether nothing goes on any more; the daemon went away otherwise."""
    told: dict[str, str] = {}
    offsets: dict[str, int] = {}
    while True:
        moved.clear()
        views = [await _show(client, task) for task in tasks]
        for view in views:
            _tell_why(view, told)
            if sys.stderr.isatty():
                await _tell_progress(client, view, offsets)
        if all(view.state not in GOING_ON for view in views):
            return True
        ended = asyncio.ensure_future(client.ended())
        changed = asyncio.ensure_future(moved.wait())
        await asyncio.wait({ended, changed}, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        changed.cancel()
        if ended.done():
            return False


async def _tell_progress(client: Client, view: v.TaskView, offsets: dict[str, int]) -> None:
    """Say what a run does since the last look, where a person looks on."""
    if view.state is not State.RUNNING or not view.runs:
        return
    run = view.runs[-1].run
    asked = news.EventsOf(view.task, len(view.runs), offsets.get(run, 0))
    found = await client.ask("events", asked, news.Events)
    offsets[run] = found.offset
    steps = [step for line in found.lines if (event := event_of(line)) and (step := _step(event))]
    if steps:
        echo(f"{run}  {one_line(steps[-1])}", err=True)


def _step(event: Event) -> str:
    """A phase, a tool call, a gate or what holds a run up; nothing for the rest."""
    match event["event"]:
        case "phase":
            return str(event["name"])
        case "tool":
            return f"agent: {event['name']} {event.get('argument') or ''}"
        case "gate":
            return f"gate {event['name']}"
        case "held":
            return f"held up: {event.get('reason')}"
    return ""


def _tell_why(view: v.TaskView, told: dict[str, str]) -> None:
    """Say once what a task waits for, where waiting alone will not help."""
    if view.state is State.WAITING and view.detail and told.get(view.task) != view.detail:
        told[view.task] = view.detail
        echo(f"{view.task} waits ({', '.join(view.reasons)}): {view.detail}", err=True)


async def _show(client: Client, task: str) -> v.TaskView:
    return await client.ask("show", m.TaskNamed(task), v.TaskView)
