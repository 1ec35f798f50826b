"""`specwright init`"""

from pathlib import Path
from textwrap import indent

import click

from specwright.api import setup
from specwright.api.client import Client, Listener, tool_environment
from specwright.cli import trust
from specwright.cli.common import confirm, here, json_option, with_daemon
from specwright.cli.output import echo, print_json
from specwright.errors import Exit, Refused
from specwright.paths.files import write_whole
from specwright.tasks.harmless import one_line
from specwright.tasks.model import GateResult


@click.command()
@click.option("--yes", is_flag=True, help="Write the file and agree to its commands without being asked.")
@json_option
def command(yes: bool, as_json: bool) -> int:
    """Write specwright.toml with the gates that were found, agree to them, and rehearse them once on HEAD.

    Where a specwright.toml exists it stays as it is, and is rehearsed.
    """
    proposal = with_daemon(_propose)
    if not as_json:
        _show(proposal)
    if not proposal.exists:
        question = f"Write {one_line(proposal.root)}/specwright.toml, and agree to run these there?"
        if not yes and (as_json or not confirm(question, default=True)):
            raise Refused("Nothing was written. `specwright init --yes` writes without asking.")
        write_whole(Path(proposal.root) / "specwright.toml", proposal.text.encode(), mode=0o644)
    _agree(proposal, yes, as_json)
    rehearsal = with_daemon(_rehearse, Listener(progress=_progress))
    good = all(step.result in {GateResult.PASSED, GateResult.SKIPPED} for step in rehearsal.steps)
    if as_json:
        print_json({"root": proposal.root, "gates": proposal.gates, "notes": proposal.notes, "rehearsal": rehearsal})
    else:
        _report(rehearsal, good)
    return Exit.DONE if good else Exit.NO


async def _propose(client: Client) -> setup.Proposal:
    return await client.ask("init", setup.Folder(here(), tool_environment()), setup.Proposal)


async def _rehearse(client: Client) -> setup.Rehearsal:
    return await client.ask("rehearse", setup.Folder(here(), tool_environment()), setup.Rehearsal)


def _agree(proposal: setup.Proposal, yes: bool, as_json: bool) -> None:
    """What was shown and written is agreed to by that act; what stood there before is asked for."""
    folder = setup.Folder(here(), tool_environment())
    wanted = with_daemon(lambda client: client.ask("consent", folder, setup.ConsentList))
    if wanted.agreed:
        return
    unseen = proposal.exists or wanted.included or wanted.reach or wanted.left_open or wanted.checks or wanted.others
    if not as_json and unseen:
        trust.show(wanted)
    if unseen and not yes and (as_json or not confirm("Agree?", default=False)):
        raise Refused("Without your agreement nothing of this project is run. `specwright trust` asks again.")
    with_daemon(lambda client: trust.agree(client, wanted.digest))


def _show(proposal: setup.Proposal) -> None:
    if proposal.exists:
        echo(f"{one_line(proposal.root)}/specwright.toml exists and stays as it is.")
        return
    for gate in proposal.gates:
        echo(f"found {one_line(gate.name)}: {one_line(gate.command)}  (from {one_line(gate.origin)})")
    if not proposal.gates:
        echo("found no gates; the file explains how to add one.")
    if proposal.roots:
        echo("they may read, in the sandbox:")
    for root in proposal.roots:
        echo(f"  {one_line(root)}")
    for note in proposal.notes:
        echo(f"note: {note}")


def _progress(progress: setup.Progress) -> None:
    echo(f"rehearsing {progress.done + 1}/{progress.total}: {progress.text} …", err=True)


def _report(rehearsal: setup.Rehearsal, good: bool) -> None:
    echo(f"rehearsal on HEAD, sandbox: {rehearsal.sandbox}")
    for step in rehearsal.steps:
        reason, _, printed = (step.reason or "").partition("\n")
        echo(f"  {step.result:<8} {one_line(step.name)}  {step.seconds:.1f} s{reason and '  ' + reason}")
        if printed:
            echo(indent(printed, "           | "))
        if step.cure:
            echo(f"           {step.cure}")
    if good:
        echo("Next: write a spec (three lines) where its code belongs, then `specwright queue FILE:LINE`.")
    else:
        echo("Next: mend that, then `specwright init` again; until then results are inconclusive at best.")
