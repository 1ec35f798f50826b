"""What `accept` and `reject` share."""

import shlex

import click

from specwright.api import messages as m
from specwright.api.client import Client
from specwright.cli.common import json_option, plural, with_daemon
from specwright.cli.output import echo, print_json
from specwright.errors import Exit
from specwright.review.bearing import left_out
from specwright.tasks.harmless import one_line


def verb(accept: bool, doc: str) -> click.Command:
    """The command of one of the two."""

    @click.command(help=doc)
    @click.argument("task")
    @click.option("--file", "files", multiple=True, metavar="PATH", help="Only this file's hunks; may be repeated.")
    @click.option("--hunk", "hunks", multiple=True, metavar="ID", help="Only this hunk (`specwright show` lists ids).")
    @json_option
    def command(task: str, files: tuple[str, ...], hunks: tuple[str, ...], as_json: bool) -> int:
        async def ask(client: Client) -> m.Decided:
            return await client.ask("decide", m.Decide(task, accept, files, hunks), m.Decided)

        decided = with_daemon(ask)
        if as_json:
            print_json(decided)
        else:
            _print(task, decided, accept)
        return Exit.NO if decided.conflicts or decided.left_out else Exit.DONE

    return command


def _print(task: str, decided: m.Decided, accept: bool) -> None:
    word = "accepted" if accept else "rejected"
    echo(f"{word} {plural(len(decided.hunks), 'hunk')} of {task}, which {decided.state.said} now")
    for path in decided.written:
        echo(f"  wrote {one_line(path)}")
    for path in decided.in_editor:
        echo(f"  changed {one_line(path)} in your editor; save it there")
    for hunk in decided.conflicts:
        echo(f"  hunk {hunk} conflicts with what the file holds now, which was left as it is;")
        echo("    mend the text there, then accept again")
    if decided.left_out:
        echo(f"{one_line(left_out(decided.left_out))}:")
    for path in decided.left_out:
        echo(f"  specwright accept {task} --file {one_line(shlex.quote(path))}")
