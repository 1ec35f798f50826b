"""`specwright log TASK`"""

import asyncio
import sys
from dataclasses import dataclass

import click

from specwright.api import news
from specwright.api.client import Client, Listener, NoDaemon, connect
from specwright.api.events import event_of, text_of
from specwright.api.wire import Lost
from specwright.cli.output import echo, echo_json
from specwright.paths.places import places

WAIT_SECONDS = 30.0
"""How long the daemon may keep a request for the next event."""
PAUSE_SECONDS = 0.2
"""Before a daemon that was killed is started again."""
LOOK_SECONDS = 1.0
"""Between two looks for a daemon, after one was stopped on purpose."""


@click.command()
@click.argument("task")
@click.option("--run", type=int, help="Number of the run; default: the last.")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run ends.")
@click.option("--json", "as_json", is_flag=True, help="Print the events as they are stored, one JSON object a line.")
def command(task: str, run: int | None, follow: bool, as_json: bool) -> None:
    """Show what happened in a task's run: phases, tool calls, gates."""
    asyncio.run(_Log(task, run, follow, as_json).print())


@dataclass
class _Log:
    """What is printed, and how far it is."""

    task: str
    run: int | None
    follow: bool
    as_json: bool
    offset: int = 0
    stopped: bool = False
    """The daemon was stopped on purpose: nobody needs to start another."""

    async def print(self) -> None:
        """Every line once, across daemons; a run's offset outlives the one that gave it."""
        listener = Listener(ending=lambda _empty: self._ending())
        while True:
            try:
                async with await connect(places(), "cli", listener, start=not self.stopped) as client:
                    self.stopped = False
                    return await self._print(client)
            except NoDaemon:
                await asyncio.sleep(LOOK_SECONDS)
            except Lost:
                if not self.follow:
                    raise
                await asyncio.sleep(PAUSE_SECONDS)

    async def _print(self, client: Client) -> None:
        wait = WAIT_SECONDS if self.follow else 0.0
        while True:
            found = await client.ask("events", news.EventsOf(self.task, self.run, self.offset, wait), news.Events)
            for line in found.lines:
                self._line(line)
            sys.stdout.flush()
            at, self.offset = self.offset, found.offset
            self.run = int(found.run.partition("/")[2]) if found.run else self.run
            if found.over or (at == found.offset and not self.follow):
                return

    def _line(self, line: str) -> None:
        event = event_of(line)
        if event:
            (echo_json if self.as_json else echo)(line if self.as_json else text_of(event))

    def _ending(self) -> None:
        if self.follow and not self.stopped:
            echo("The daemon was stopped; the run, and this, go on at its next start.", err=True)
        self.stopped = True
