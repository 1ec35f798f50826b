"""What verbs share that move one task and print where it stands."""

import click

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client
from specwright.cli.common import json_option, plural, with_daemon
from specwright.cli.output import echo, print_json
from specwright.tasks.harmless import one_line


def verb(method: str, doc: str) -> click.Command:
    """A command of one task and nothing else."""

    @click.command(help=doc)
    @click.argument("task")
    @json_option
    def command(task: str, as_json: bool) -> None:
        async def ask(client: Client) -> v.TaskLine:
            return await client.ask(method, m.TaskNamed(task), v.TaskLine)

        print_step(with_daemon(ask), as_json)

    return command


def print_step(line: v.TaskLine, as_json: bool) -> None:
    """Where a task stands now."""
    if as_json:
        print_json(line)
    else:
        echo(f"{line.task}  {one_line(line.title)}  {line.state.said} now")


def pausing(paused: bool, doc: str) -> click.Command:
    """`pause` or `resume`."""

    @click.command(help=doc)
    @json_option
    def command(as_json: bool) -> None:
        async def ask(client: Client) -> v.Status:
            return await client.ask("pause", m.Pause(paused), v.Status)

        status = with_daemon(ask)
        if as_json:
            print_json(status)
        elif paused:
            go = "goes" if status.running == 1 else "go"
            going_on = f"; {plural(status.running, 'run')} that began before {go} on" if status.running else ""
            echo(f"Paused: nothing begins until `specwright resume`{going_on}.")
        else:
            echo("Going on.")

    return command
