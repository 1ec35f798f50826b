"""Which editor windows hold which files, so that an accept goes through the buffer and never past it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from specwright.api.wire import Connection
from specwright.errors import Refused

NUMBERS = count(1)
"""For clients whose pid is not known."""


@dataclass(slots=True, eq=False)
class Peer:
    """One connected client; `files` maps real paths to whether the buffer differs from the disk."""

    connection: Connection
    client: str = ""
    number: int = 0
    """The client's pid where it is known: a window is the same to the next daemon."""
    files: dict[str, bool] = field(default_factory=dict)

    @property
    def viewer(self) -> str:
        """How this client's verdicts are named."""
        return f"{self.client or 'client'}-{self.number}"


class Windows:
    """All connected clients."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []

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

    def tell_all(self, notification: str, encoded: object) -> None:
        """Tell every client something that `api.methods.NOTIFICATIONS` names."""
        for peer in self.peers:
            peer.connection.notify(notification, encoded)

    def leave(self, peer: Peer) -> None:
        """A client is gone."""
        self.peers.remove(peer)

    def names(self) -> Iterable[str]:
        """The connected clients, for `daemon status`."""
        return [peer.viewer for peer in self.peers]
