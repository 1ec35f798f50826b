"""`specwright daemon start|stop|status|run|install|uninstall`"""

import asyncio
import os
import signal
import time
from pathlib import Path

import click

from specwright.api import messages as m
from specwright.api import service
from specwright.api.client import Client, NoDaemon, connect
from specwright.cli.common import json_option, with_daemon
from specwright.cli.output import echo, print_json
from specwright.errors import Exit, SpecwrightError
from specwright.paths.locks import holder, is_held
from specwright.paths.places import places

STOP_SECONDS = 15.0


@click.group()
def command() -> None:
    """The background process that owns the queue; it is started on demand."""


@command.command()
def start() -> None:
    """Start it, if it does not run."""

    async def ask(client: Client) -> int:
        return client.daemon.pid

    echo(f"The daemon runs (pid {with_daemon(ask)}).")


@command.command()
@json_option
def status(as_json: bool) -> int:
    """Say whether it runs, with which sandbox, and what it does."""

    async def ask() -> m.DaemonStatus:
        async with await connect(places(), "cli", start=False) as client:
            return await client.ask("status", m.Empty(), m.DaemonStatus)

    try:
        found = asyncio.run(ask())
    except NoDaemon as error:
        if as_json:
            print_json({"running": False})
        else:
            echo(error.sentence)
        return Exit.NO
    if as_json:
        print_json(found)
    else:
        _print(found)
    return Exit.DONE


@command.command()
def stop() -> None:
    """End it; runs keep their state and go on at the next start."""
    _end(places().next_lock)  # first: it would take the other's place
    pid = _end(places().lock)
    echo(f"The daemon ended (pid {pid})." if pid else "No daemon runs.")


@command.command()
@click.option(
    "--replace", is_flag=True, help="Take the place of an older daemon, once its runs are at the end of a turn."
)
def run(replace: bool) -> None:
    """Be the daemon in the foreground."""


@command.command()
def install() -> None:
    """Let it start with your session, after a reboot too."""
    for sentence in service.install(os.environ):
        echo(sentence)


@command.command()
def uninstall() -> None:
    """Take away what `install` wrote."""
    for sentence in service.uninstall(os.environ):
        echo(sentence)


def _end(lock: Path) -> int | None:
    """End the process that has a lock, and wait for that; its pid. Raises `SpecwrightError` when it does not end."""
    pid = holder(lock)
    if not is_held(lock) or pid is None:
        return None
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while is_held(lock) and holder(lock) == pid:
        if time.monotonic() > deadline:
            raise SpecwrightError(
                f"The daemon (pid {pid}) does not end. `kill -9 {pid}` ends it; nothing is lost by it."
            )
        time.sleep(0.02)
    return pid


def _print(found: m.DaemonStatus) -> None:
    echo(f"pid {found.pid}, version {found.version}, protocol {found.protocol}, since {found.started:%H:%M:%S} UTC")
    echo(f"sandbox: {found.sandbox}" + (f" ({found.sandbox_reason})" if found.sandbox_reason else ""))
    for line in found.left_open:
        echo(f"  not stopped: {line}")
    counts = found.status
    echo(f"{counts.running} running, {counts.waiting} waiting, {counts.review} in review, {counts.failed} failed")
    if counts.paused:
        echo("paused: nothing begins until `specwright resume`")
    echo(f"state: {found.state}")
    if found.trouble:
        echo(f"trouble: {found.trouble}")
