"""`specwright queue PATH[:LINE]…`"""

import re
import sys
from datetime import datetime, time, timedelta

import click

from specwright.api import messages as m
from specwright.api.client import Client, tool_environment
from specwright.cli.common import here, json_option, with_daemon
from specwright.cli.output import echo, print_json
from specwright.errors import Exit, WrongUse
from specwright.spec.model import Severity
from specwright.tasks.harmless import one_line

CLOCK = re.compile(r"\d{1,2}:\d\d")
PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?")


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="PATH[:LINE]…", shell_complete=None)
@click.option("--not-before", metavar="TIME", help="Start nothing of it before HH:MM, or an ISO 8601 time.")
@json_option
def command(places: tuple[str, ...], not_before: str | None, as_json: bool) -> int:
    """Queue specs as tasks: the one at LINE (any line of its block), or all of the file.

    Nothing is written into any file. A spec with errors is refused, with its reasons.
    """
    items = tuple(_item(place) for place in places)
    request = m.Queue(here(), items, tool_environment(), _time(not_before, datetime.now().astimezone()))

    async def ask(client: Client) -> int:
        queued = await client.ask("queue", request, m.Queued)
        _print(queued, as_json)
        named = m.JustQueued(tuple(task.task for task in queued.queued), person=sys.stderr.isatty())
        sentences = await client.ask("notices", named, m.Sentences)
        for text in (*sentences.texts, *sentences.waits):
            echo(f"note: {one_line(text)}", err=True)
        return Exit.NO if queued.refused else Exit.DONE

    return with_daemon(ask)


def _time(text: str | None, now: datetime) -> datetime | None:
    """A time of day is the next one; a time without a zone is one of this machine's. Raises `WrongUse`."""
    if text is None:
        return None
    try:
        if CLOCK.fullmatch(text):
            clock = time.fromisoformat(text.rjust(5, "0"))
            day = now.date() if clock > now.time() else now.date() + timedelta(days=1)
            return datetime.combine(day, clock).astimezone()
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise WrongUse(f"{text!r} is no time; write 22:00, or 2026-01-31T22:00.") from None


def _item(place: str) -> m.QueueItem:
    found = PLACE.fullmatch(place)
    line = found["line"] if found else None
    return m.QueueItem(found["path"] if found else place, int(line) if line else None)


def _print(queued: m.Queued, as_json: bool) -> None:
    if as_json:
        print_json(queued)
        return
    for task in queued.queued:
        said = "queued" if task.new else "already a task:"
        echo(f"{said} {task.task}  {one_line(task.title)}  ({one_line(task.path)}:{task.line})")
    for refused in queued.refused:
        echo(f"refused {one_line(refused.path)}:{refused.line}")
        for problem in (problem for problem in refused.problems if problem.severity is Severity.ERROR):
            echo(f"  {problem.line}:{problem.column} {problem.severity} {problem.code}: {one_line(problem.message)}")
    for path in queued.without:
        echo(f"note: there is no spec in {one_line(path)}", err=True)
    if queued.queued:
        echo(f"Next: `specwright wait {' '.join(task.task for task in queued.queued)}`, or go on with your work.")
