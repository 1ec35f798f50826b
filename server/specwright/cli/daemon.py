"""`specwright daemon start|stop|status|run`"""

import asyncio
import os
import signal
import time

import click

from specwright.api import messages as m
from specwright.api.client import Client, NoDaemon, connect
from specwright.cli.common import json_option, print_json, with_daemon
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

    click.echo(f"The daemon runs (pid {with_daemon(ask)}).")


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
            click.echo(error.sentence)
        return Exit.NO
    if as_json:
        print_json(found)
    else:
        _print(found)
    return Exit.DONE


@command.command()
def stop() -> None:
    """End it; runs keep their state and go on at the next start."""
    pid = holder(places().lock)
    if not is_held(places().lock) or pid is None:
        click.echo("No daemon runs.")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while is_held(places().lock):
        if time.monotonic() > deadline:
            raise SpecwrightError(
                f"The daemon (pid {pid}) does not end. `kill -9 {pid}` ends it; nothing is lost by it."
            )
        time.sleep(0.02)
    click.echo(f"The daemon ended (pid {pid}).")


@command.command()
def run() -> None:
    """Be the daemon in the foreground."""


def _print(found: m.DaemonStatus) -> None:
    click.echo(
        f"pid {found.pid}, version {found.version}, protocol {found.protocol}, since {found.started:%H:%M:%S} UTC"
    )
    click.echo(f"sandbox: {found.sandbox}" + (f" ({found.sandbox_reason})" if found.sandbox_reason else ""))
    counts = found.status
    click.echo(f"{counts.running} running, {counts.waiting} waiting, {counts.review} in review, {counts.failed} failed")
    if counts.paused:
        click.echo("paused: nothing begins until `specwright resume`")
    click.echo(f"state: {found.state}")
    if found.trouble:
        click.echo(f"trouble: {found.trouble}")
