"""`specwright gc`"""

import click

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client
from specwright.cli.common import json_option, plural, with_daemon
from specwright.cli.output import echo, print_json
from specwright.paths.space import shown
from specwright.tasks.harmless import one_line


@click.command()
@click.option("--apply", is_flag=True, help="Delete what the plan names.")
@json_option
def command(apply: bool, as_json: bool) -> None:
    """Show what tasks take on the disk and what may be deleted; delete nothing without --apply.

    Only what is certainly decided and long ago, or certainly holds no work, may go. What is in doubt is kept.
    """

    async def ask(client: Client) -> v.Storage:
        return await client.ask("gc", m.Collect(apply), v.Storage)

    found = with_daemon(ask)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: v.Storage) -> None:
    for place in found.places:
        echo(one_line(place.root))
        for slot in place.slots:
            echo(f"  {shown(slot.bytes):>9}  slot {slot.name}  {slot.use}")
        echo(f"  {shown(place.trash):>9}  trash")
        echo(f"  {shown(place.unshared):>9}  private repository, not shared with yours")
    echo(f"{shown(found.run_files):>11}  events, transcripts and logs of all runs")
    _things("Kept although it may seem old:", found.kept)
    _things("Deleted:" if found.applied else "May go:", found.deletions)
    if found.applied and found.deletions:
        echo(f"{plural(len(found.deletions), 'thing')} gone; {found.record} tells of each.")
    elif found.deletions:
        echo("Nothing was deleted; `specwright gc --apply` does it.")
    else:
        echo("There is nothing to delete.")


def _things(heading: str, things: tuple[v.Stored, ...]) -> None:
    if things:
        echo(heading)
    for thing in things:
        echo(f"  {shown(thing.bytes):>9}  {thing.kind} {one_line(thing.what)}  {one_line(thing.why)}")
