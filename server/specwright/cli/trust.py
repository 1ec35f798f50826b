"""`specwright trust`"""

import click

from specwright.api import setup
from specwright.api.client import Client, tool_environment
from specwright.cli.common import confirm, here, json_option, with_daemon
from specwright.cli.output import echo, print_json
from specwright.errors import Exit
from specwright.tasks.harmless import one_line
from specwright.tasks.wording import unchanged_from


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
    for title, lines in _parts(wanted):
        if lines:
            echo(title)
        for line in lines:
            echo(f"  {one_line(line)}")
    for line in wanted.refused_roots:
        echo(f"not readable: {one_line(line)}")
    if wanted.branch:
        echo(unchanged_from(wanted.branch))
    elif wanted.agreed:
        echo("You agreed to this before.")


def _parts(wanted: setup.ConsentList) -> tuple[tuple[str, tuple[str, ...]], ...]:
    but = ", which a partial one does not give" if wanted.left_open else ""
    return (
        ("with these folders readable:", wanted.roots),
        ("with these package caches readable, by your own config.toml:", wanted.caches),
        ("with these ignored files copied into each slot, where the agent reads them:", wanted.included),
        (f"with a way out of the sandbox{but}:", wanted.reach),
        ("in a partial sandbox. It does not stop all:", wanted.left_open),
        (
            "there, these checks of specs whose tasks wait would run as well:",
            tuple(f"check: {check}" for check in wanted.checks),
        ),
        ("and for tasks that wait:", wanted.others),
    )


async def agree(client: Client, digest: str) -> setup.ConsentList:
    """Agree to the list with this digest."""
    return await client.ask("agree", setup.Agree(here(), tool_environment(), digest), setup.ConsentList)


def _asked(as_json: bool) -> bool:
    if as_json or not confirm("Agree?", default=False):
        echo("Not agreed; nothing of this project is run. `specwright trust --yes` agrees without asking.", err=True)
        return False
    return True
