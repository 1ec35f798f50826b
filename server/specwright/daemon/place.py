"""A newer program takes the place of an older daemon: it asks, waits for the lock, and goes on with the same store."""

import asyncio
import os
import time

from specwright.api import messages as m
from specwright.api.client import NoDaemon, ask_for_place
from specwright.errors import Refused
from specwright.paths import locks
from specwright.paths.places import Places

LONGEST = 120.0
"""Seconds to wait for a daemon that makes place: its runs may take half of it to come to the end of a turn."""
ASK_AGAIN = 1.0


def take(here: Places) -> tuple[int, m.Credentials]:
    """The daemon's lock, and the key that the older daemon had.

    Raises `Refused` when another waits already, or the one that runs is no older, or does not end.
    """
    waiting = locks.take(here.next_lock)
    credentials = m.Credentials()
    end = time.monotonic() + LONGEST
    try:
        while True:
            try:
                return locks.take(here.lock), credentials
            except Refused:
                if time.monotonic() > end:
                    raise
            credentials = asyncio.run(_ask(here)) or credentials
            _wait_for_lock(here, ASK_AGAIN)
    finally:
        os.close(waiting)


async def _ask(here: Places) -> m.Credentials | None:
    try:
        return await ask_for_place(here)
    except NoDaemon:  # it ends just now, or has not begun to listen yet
        return None


def _wait_for_lock(here: Places, seconds: float) -> None:
    end = time.monotonic() + seconds
    while locks.is_held(here.lock) and time.monotonic() < end:
        time.sleep(0.01)
