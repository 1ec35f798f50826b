"""`specwright list`"""

import sys

import click

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client
from specwright.api.events import silence
from specwright.cli.common import here, json_option, plural, with_daemon
from specwright.cli.output import echo, print_json
from specwright.tasks.harmless import one_line

PIPE_WIDTH = 10_000
"""Columns where the output is piped: there each task is one line, never folded."""


@click.command()
@click.option("--limit", default=100, show_default=True, help="How many tasks, newest first.")
@json_option
def command(limit: int, as_json: bool) -> None:
    """List the tasks of this checkout, newest first."""

    async def ask(client: Client) -> tuple[v.Listing, int]:
        found = await client.ask("list", m.ListTasks(here(), limit), v.Listing)
        if found.tasks or as_json:
            return found, 0
        counts = (await client.ask("status", m.Empty(), m.DaemonStatus)).status
        return found, counts.running + counts.waiting + counts.review

    tasks, elsewhere = with_daemon(ask)
    if as_json:
        print_json(v.TaskList(tasks.tasks))
    elif not tasks.tasks:
        echo("No tasks in this checkout. `specwright queue FILE:LINE` queues a spec.")
        if elsewhere:
            echo(
                f"{plural(elsewhere, 'open task')} elsewhere; `specwright doctor` names those whose repository is gone."
            )
    else:
        _print(tasks)


def _print(tasks: v.Listing) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("task", "state", "outcome", "title", "spec"):
        table.add_column(name)
    for task in tasks.tasks:
        why = ", ".join(task.reasons) or (silence(tasks.silent[task.task]) if task.task in tasks.silent else "")
        state = f"{task.state} ({why})" if why else str(task.state)
        cells = (task.task, state, task.outcome or "", one_line(task.title), one_line(f"{task.path}:{task.line}"))
        table.add_row(*(Text(cell) for cell in cells))
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    Console(width=width).print(table)
