"""The command line: finds the verb's module, and is the one place where an error becomes an exit code."""

import importlib
import io
import logging
import sys
import traceback
from collections.abc import Callable, Sequence

import click

from specwright import __version__
from specwright.cli.output import echo
from specwright.errors import Exit, SpecwrightError
from specwright.paths.places import places

VERBS = {
    "lsp": "Start the language server on standard input and output; your editor does this.",
    "lint": "Check the specs in files and folders.",
    "queue": "Queue specs as tasks.",
    "list": "List the tasks of this checkout.",
    "show": "Show one task whole.",
    "log": "Show what happened in a task's run.",
    "diff": "Print a task's change as a unified diff.",
    "wait": "Wait until tasks need a person or are over.",
    "accept": "Accept a task's change, or some files or hunks of it.",
    "reject": "Reject a task's change, or some files or hunks of it.",
    "revise": "Request changes, or answer a task's question.",
    "cancel": "Cancel a task that waits or runs.",
    "retry": "Run a task again from its base.",
    "pause": "Let nothing begin until `resume`; what runs goes on.",
    "resume": "Let what waits begin again.",
    "reorder": "Put a waiting task somewhere else in the queue.",
    "init": "Write specwright.toml with the gates that were found, and rehearse them.",
    "trust": "Agree to what this project's files would run.",
    "gc": "Show what tasks take on the disk and what of it may go; delete it.",
    "doctor": "Look whether everything is as tasks need it, and say what mends it.",
    "daemon": "Start, stop or look at the background process.",
    "demo": "Play the whole story in a temporary repository; needs no key and no network.",
}
"""Every verb, in the order of the help text; each but `lsp` and `demo` has its module in `cli`."""


class Verbs(click.Group):
    """Imports a verb's module only when it is called."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """All verbs."""
        return list(VERBS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The verb's command; a bare one for those that `__main__` takes before."""
        if name not in VERBS:
            return None
        if name in {"lsp", "demo"}:
            return click.Command(name, help=VERBS[name], callback=lambda: None)
        module = importlib.import_module(f"specwright.cli.{name}")
        command: click.Command = module.command
        command.short_help = VERBS[name]
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="specwright")
def specwright() -> None:
    """Queue specs as background tasks, and review verified changes."""


def main(words: Sequence[str], examine: Callable[..., object] | None = None) -> int:
    """Run one command; `examine` is what `doctor` calls.

    Exit codes: 0 done, 1 it says no, 2 wrong use, 3 something broke, 130 interrupted.
    """
    try:
        return int(specwright.main(list(words), "specwright", standalone_mode=False, obj=examine) or Exit.DONE)
    except SpecwrightError as error:
        echo(f"specwright: {error.sentence}", err=True)
        return error.exit_code
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        echo(told.getvalue(), err=True, nl=False)
        return Exit.WRONG_USE
    except (KeyboardInterrupt, click.Abort):
        echo("specwright: interrupted; what was queued goes on.", err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.DONE
    except Exception as bug:  # the boundary of the program: a bug is told in a line, its traceback goes to a file
        return _bug(bug)


def _bug(bug: Exception) -> int:
    path = places().state / "crash.log"
    text = "".join(traceback.format_exception(bug))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text)
        where = f"The traceback is in {path}."
    except OSError:
        logging.getLogger(__name__).error(text)
        where = ""
    echo(f"specwright: a fault in Specwright itself: {bug!r}. {where}", err=True)
    return Exit.BROKE
