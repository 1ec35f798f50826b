"""Which editor windows hold which files, so that an accept goes through the buffer and never past it."""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from specwright.api.wire import Connection
from specwright.errors import Refused
from specwright.paths.windows import living

NUMBERS = count(1)
"""For clients whose pid is not known."""

REJOIN_SECONDS = 6.0
"""How long a window may take to find a daemon that has just started: longer than its pause between two tries."""


@dataclass(slots=True, eq=False)
class Peer:
    """One connected client; `files` maps real paths to whether the buffer differs from the disk."""

    connection: Connection
    client: str = ""
    number: int = 0
    """The client's pid where it is known: a window is the same to the next daemon."""
    files: dict[str, bool] = field(default_factory=dict)
    shows: set[str] = field(default_factory=set)
    """The roots of the checkouts whose tasks it shows, of a window."""
    tells: bool = True
    """False for a window of an older version, which can't show a sentence."""

    @property
    def viewer(self) -> str:
        """How this client's verdicts are named."""
        return f"{self.client or 'client'}-{self.number}"


class Windows:
    """All connected clients; `folder` holds the records of all living windows."""

    def __init__(self, folder: Path) -> None:
        self.peers: list[Peer] = []
        self._folder = folder

    async def rejoined(self, path: str, seconds: float = REJOIN_SECONDS) -> None:
        """Return once every living window that holds this file has said so here.

        Raises `Refused` when one does not: an edit on the disk could be lost beneath its buffer.
        """
        end = asyncio.get_running_loop().time() + seconds
        while missing := await self._missing(path):
            if asyncio.get_running_loop().time() > end:
                names = " and ".join(f"pid {pid}" for pid in missing)
                raise Refused(
                    f"{path} is open in an editor that does not answer ({names}); "
                    "save it there and close it, then accept again."
                )
            await asyncio.sleep(0.05)

    def holder(self, path: str) -> Peer | None:
        """The window that an edit of this file goes to: the one that changed it, else the newest.

        Raises `Refused` when several have unsaved changes in it.
        """
        holding = [peer for peer in self.peers if path in peer.files]
        dirty = [peer for peer in holding if peer.files[path]]
        if len(dirty) > 1:
            names = " and ".join(peer.viewer for peer in dirty)
            raise Refused(f"{path} has unsaved changes in two windows ({names}); save one of them, then accept again.")
        return next(iter(dirty or holding[::-1]), None)

    def showing(self, root: str) -> Peer | None:
        """The window that shows a checkout; of several the newest."""
        return next((peer for peer in reversed(self.peers) if peer.tells and root in peer.shows), None)

    def tell_showing(self, root: str, notification: str, encoded: object) -> None:
        """Tell every window that shows a checkout."""
        for peer in self.peers:
            if root in peer.shows:
                peer.connection.notify(notification, encoded)

    async def _missing(self, path: str) -> list[int]:
        """The pids of windows that hold this file by their own records and have not told of it."""
        records = {held.pid for held in await asyncio.to_thread(living, self._folder) if path in held.files}
        holding = {peer.number for peer in self.peers if path in peer.files}
        # by number, for not every system tells the pid of a peer
        return sorted(records - holding) if len(records) > len(holding) else []

    def tell_all(self, notification: str, encoded: object) -> None:
        """Tell every client something that `api.methods.NOTIFICATIONS` names."""
        for peer in self.peers:
            peer.connection.notify(notification, encoded)

    def leave(self, peer: Peer) -> None:
        """A client is gone."""
        self.peers.remove(peer)
