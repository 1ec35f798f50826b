"""`specwright trust`"""

import click

from specwright.api import setup
from specwright.api.client import Client, tool_environment
from specwright.cli.common import confirm, here, json_option, with_daemon
from specwright.cli.output import echo, print_json
from specwright.errors import Exit
from specwright.tasks.harmless import one_line


@click.command()
@click.option("--yes", is_flag=True, help="Agree without being asked.")
@json_option
def command(yes: bool, as_json: bool) -> int:
    """Agree to what this project's files would run, and to the folders that its commands may read.

    The consent is bound to exactly this list; when it changes, you are asked again.
    """

    async def ask(client: Client) -> setup.ConsentList:
        return await client.ask("consent", setup.Folder(here(), tool_environment()), setup.ConsentList)

    wanted = with_daemon(ask)
    if not as_json:
        show(wanted)
    if not wanted.agreed and (yes or _asked(as_json)):
        wanted = with_daemon(lambda client: agree(client, wanted.digest))
        if not as_json:
            echo("Agreed; tasks that waited for this alone start now.")
    if as_json:
        print_json(wanted)
    return Exit.DONE if wanted.agreed else Exit.NO


def show(wanted: setup.ConsentList) -> None:
    """The list, as a person reads it before agreeing."""
    root = one_line(wanted.root)
    echo(f"{root} would run, in the sandbox:" if wanted.commands else f"{root} would run nothing.")
    for line in wanted.commands:
        echo(f"  {one_line(line)}")
    if wanted.roots:
        echo("with these folders readable:")
    for line in wanted.roots:
        echo(f"  {one_line(line)}")
    if wanted.caches:
        echo("with these package caches readable, by your own config.toml:")
    for line in wanted.caches:
        echo(f"  {one_line(line)}")
    if wanted.included:
        echo("with these ignored files copied into each slot, where the agent reads them:")
    for line in wanted.included:
        echo(f"  {one_line(line)}")
    if wanted.left_open:
        echo("in a partial sandbox, in which the checks of your specs run as well. It does not stop all:")
    for line in wanted.left_open:
        echo(f"  {one_line(line)}")
    for line in wanted.refused_roots:
        echo(f"  not readable: {one_line(line)}")
    if wanted.agreed:
        echo("You agreed to this before.")


async def agree(client: Client, digest: str) -> setup.ConsentList:
    """Agree to the list with this digest."""
    return await client.ask("agree", setup.Agree(here(), tool_environment(), digest), setup.ConsentList)


def _asked(as_json: bool) -> bool:
    if as_json or not confirm("Agree?", default=False):
        echo("Not agreed; nothing of this project is run. `specwright trust --yes` agrees without asking.", err=True)
        return False
    return True
