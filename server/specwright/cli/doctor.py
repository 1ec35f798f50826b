"""`specwright doctor`"""

import os
from collections.abc import Callable
from contextlib import nullcontext

import click

from specwright.api import views as v
from specwright.cli.common import confirm, json_option, patience
from specwright.cli.output import echo, print_json
from specwright.errors import Exit
from specwright.tasks.harmless import one_line

Examine = Callable[[Callable[[str], bool] | None], v.Checkup]
"""Given by `__main__`: what looks at the store and at git is no view."""
COLOURS = {v.CheckLevel.OK: "green", v.CheckLevel.WARN: "yellow", v.CheckLevel.FAIL: "red"}


@click.command()
@click.option("--repair", is_flag=True, help="Mend what is safe to mend; asks before something is given up.")
@click.option("--yes", is_flag=True, help="With --repair: go back to the newest copy of a broken store without asking.")
@json_option
@click.pass_obj
def command(examine: Examine, repair: bool, yes: bool, as_json: bool) -> int:
    """Look whether everything is as tasks need it, and say what mends it."""

    def may(question: str) -> bool:
        return yes or (not as_json and confirm(question, default=False))

    # --repair asks in between
    with nullcontext() if repair else patience("Looking at the machine, the store and each task's repository …"):
        found = examine(may if repair else None)
    if as_json:
        print_json(found)
    else:
        _print(found)
    return Exit.DONE if found.healthy else Exit.NO


def _print(found: v.Checkup) -> None:
    for sentence in found.repaired:
        echo(sentence)
    width = max(len(line.name) for line in found.lines)
    for line in found.lines:
        level = click.style(f"{line.level:<5}", fg=COLOURS[line.level])
        echo(f" {line.name:<{width}}  {one_line(line.text)}".rstrip(), lead=level, color=_colour())
        if line.cure:
            echo(f"{'':<{width + 8}}{one_line(line.cure)}")


def _colour() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None
