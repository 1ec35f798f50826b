"""`specwright queue PATH[:LINE]…`"""

import re
import sys

import click

from specwright.api import messages as m
from specwright.api.client import Client, tool_environment
from specwright.cli.common import here, json_option, print_json, safe, with_daemon
from specwright.errors import Exit

PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?")


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="PATH[:LINE]…", shell_complete=None)
@json_option
def command(places: tuple[str, ...], as_json: bool) -> int:
    """Queue specs as tasks: the one at LINE (any line of its block), or all of the file.

    Nothing is written into any file. A spec with errors is refused, with its reasons.
    """
    request = m.Queue(here(), tuple(_item(place) for place in places), tool_environment())

    async def ask(client: Client) -> int:
        queued = await client.ask("queue", request, m.Queued)
        _print(queued, as_json)
        named = m.JustQueued(tuple(task.task for task in queued.queued), person=sys.stderr.isatty())
        sentences = await client.ask("notices", named, m.Sentences)
        for text in (*sentences.texts, *sentences.waits):
            click.echo(f"note: {safe(text)}", err=True)
        return Exit.NO if queued.refused else Exit.DONE

    return with_daemon(ask)


def _item(place: str) -> m.QueueItem:
    found = PLACE.fullmatch(place)
    line = found["line"] if found else None
    return m.QueueItem(found["path"] if found else place, int(line) if line else None)


def _print(queued: m.Queued, as_json: bool) -> None:
    if as_json:
        print_json(queued)
        return
    for task in queued.queued:
        click.echo(f"queued {task.task}  {safe(task.title)}  ({task.path}:{task.line})")
    for refused in queued.refused:
        click.echo(f"refused {refused.path}:{refused.line}")
        for problem in refused.problems:
            click.echo(f"  {problem.line}:{problem.column} {problem.severity} {problem.code}: {safe(problem.message)}")
    if queued.queued:
        click.echo(f"Next: `specwright wait {' '.join(task.task for task in queued.queued)}`, or go on with your work.")
