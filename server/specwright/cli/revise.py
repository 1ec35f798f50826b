"""`specwright revise TASK -m TEXT`"""

import click

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client
from specwright.cli.common import json_option, with_daemon
from specwright.cli.steps import print_step


@click.command()
@click.argument("task")
@click.option("-m", "--message", "text", required=True, help="What to change, or the answer to the question.")
@json_option
def command(task: str, text: str, as_json: bool) -> None:
    """Request changes, or answer a task's question: the next run goes on from this tree."""

    async def ask(client: Client) -> v.TaskLine:
        return await client.ask("revise", m.Revise(task, text), v.TaskLine)

    print_step(with_daemon(ask), as_json)
