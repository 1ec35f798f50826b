"""Which window an edit of a file goes to."""

from pathlib import Path
from typing import cast

import pytest

from specwright.api.wire import Connection
from specwright.daemon.windows import Peer, Windows
from specwright.errors import Refused

PATH = "/project/a.py"
CLEAN, DIRTY = {PATH: False}, {PATH: True}


def windows(*files: dict[str, bool]) -> Windows:
    """Clients that hold these files, oldest first."""
    made = Windows(Path("/nowhere"))
    for number, held in enumerate(files, 1):
        # a window's connection is not looked at to find the holder of a file
        made.peers.append(Peer(cast(Connection, None), "lsp", number, dict(held)))
    return made


@pytest.mark.parametrize(
    ("files", "holder"),
    [
        ([], None),
        ([{}, {"/project/b.py": True}], None),
        ([CLEAN], 0),
        ([CLEAN, {}, CLEAN], 2),
        ([DIRTY, CLEAN], 0),
        ([CLEAN, DIRTY, CLEAN], 1),
    ],
)
def test_the_one_that_changed_it_holds_it_else_the_newest(files: list[dict[str, bool]], holder: int | None) -> None:
    found = windows(*files)
    assert found.holder(PATH) is (None if holder is None else found.peers[holder])


def test_two_with_unsaved_changes_are_refused_by_name() -> None:
    found = windows(DIRTY, CLEAN, DIRTY)
    names = [found.peers[number].viewer for number in (0, 2)]
    with pytest.raises(Refused, match=" and ".join(names)):
        found.holder(PATH)
    found.leave(found.peers[0])
    assert found.holder(PATH) is found.peers[1]


@pytest.mark.parametrize(("client", "viewer"), [("lsp", "lsp-7"), ("", "client-7")])
def test_a_peer_is_named_by_its_client_and_its_number(client: str, viewer: str) -> None:
    assert Peer(cast(Connection, None), client, 7).viewer == viewer
