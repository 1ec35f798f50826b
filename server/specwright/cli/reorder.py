"""`specwright reorder TASK`"""

import click

from specwright.api import messages as m
from specwright.api.client import Client
from specwright.cli.common import json_option, with_daemon
from specwright.cli.output import echo, print_json
from specwright.errors import WrongUse


@click.command()
@click.argument("task")
@click.option("--first", is_flag=True, help="Before all that waits.")
@click.option("--last", is_flag=True, help="After all that waits.")
@click.option("--before", metavar="TASK", help="Before another task that waits.")
@json_option
def command(task: str, first: bool, last: bool, before: str | None, as_json: bool) -> None:
    """Put a waiting task somewhere else in the queue. Where a person put it counts more than any priority."""
    chosen = [to for to, given in (("first", first), ("last", last), (before or "", before)) if given]
    if len(chosen) != 1:
        raise WrongUse("Say where to, once: --first, --last or --before TASK.")

    async def ask(client: Client) -> m.Order:
        return await client.ask("reorder", m.Reorder(task, chosen[0]), m.Order)

    order = with_daemon(ask)
    if as_json:
        print_json(order)
    else:
        echo(f"Waiting, in this order: {', '.join(order.tasks)}")
