"""What `accept` and `reject` share."""

import shlex

import click

from specwright.api import messages as m
from specwright.api.client import Client
from specwright.cli.common import json_option, plural, print_json, safe, with_daemon
from specwright.errors import Exit
from specwright.review.bearing import left_out


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
    click.echo(f"{word} {plural(len(decided.hunks), 'hunk')} of {task}, which {decided.state.said} now")
    for path in decided.written:
        click.echo(f"  wrote {safe(path)}")
    for path in decided.in_editor:
        click.echo(f"  changed {safe(path)} in your editor; save it there")
    for hunk in decided.conflicts:
        click.echo(f"  hunk {hunk} conflicts with what the file holds now, which was left as it is;")
        click.echo("    mend the text there, then accept again")
    if decided.left_out:
        click.echo(f"{safe(left_out(decided.left_out))}:")
    for path in decided.left_out:
        click.echo(f"  specwright accept {task} --file {safe(shlex.quote(path))}")
