"""`specwright diff TASK`"""

import json
import sys
from pathlib import Path

import click

from specwright.api import messages as m
from specwright.api.client import Client
from specwright.cli.common import json_option, with_daemon
from specwright.cli.output import echo, echo_json


@click.command()
@click.argument("task")
@click.option("--file", "files", multiple=True, metavar="PATH", help="Only this file; may be repeated.")
@json_option
def command(task: str, files: tuple[str, ...], as_json: bool) -> None:
    """Print a task's change as a unified diff of base..run that `git apply` takes, unless a secret is masked in it."""

    async def ask(client: Client) -> m.AsFile:
        return await client.ask("diff", m.DiffOf(task, files), m.AsFile)

    data = Path(with_daemon(ask).path).read_bytes()
    if b"[secret: " in data:
        echo("note: A secret is masked here as [secret: kind]; `git apply` would not restore it.", err=True)
    if as_json:
        echo_json(json.dumps({"task": task, "diff": data.decode(errors="replace")}))
    elif not data:
        echo(f"{task} changed nothing.", err=True)
    elif sys.stdout.isatty():
        echo(data.decode(errors="replace"), nl=False)
    else:
        sys.stdout.buffer.write(data)
