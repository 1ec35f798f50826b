"""`specwright log TASK`"""

import json
from pathlib import Path

import click

from specwright.api import messages as m
from specwright.api.client import Client
from specwright.cli.common import json_option, safe, with_daemon


@click.command()
@click.argument("task")
@click.option("--run", type=int, help="Number of the run; default: the last.")
@json_option
def command(task: str, run: int | None, as_json: bool) -> None:
    """Show what happened in a task's run: phases, tool calls, gates."""

    async def ask(client: Client) -> m.LogFiles:
        return await client.ask("log", m.LogOf(task, run), m.LogFiles)

    files = with_daemon(ask)
    events = [json.loads(line) for line in lines_of(Path(files.events))]
    if as_json:
        click.echo(json.dumps({"run": files.run, "over": files.over, "events": events}, indent=2))
        return
    for event in events:
        rest = "  ".join(f"{k}={v}" for k, v in event.items() if k not in {"at", "event"} and v is not None)
        click.echo(safe(f"{event['at'][11:19]}  {event['event']:<12} {rest}"))


def lines_of(path: Path) -> list[str]:
    """Whole lines only: a half last one is being written."""
    text = path.read_text(errors="replace") if path.exists() else ""
    return text.split("\n")[:-1]
