"""The peers do the work that ours is compared with: a diagnostic per marked line, current after a keystroke."""

import os
from pathlib import Path

import pytest
from bench.editor import BARE, STOCK, Peer
from bench.rpc import Server

TEXT = "# spec! One\nx = 1\ny = 2  # place\n"


@pytest.mark.parametrize("peer", [BARE, STOCK], ids=lambda peer: peer.name)
def test_a_peer_shows_each_marked_line_as_it_is_now(peer: Peer, tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    with Server(peer.words, tmp_path, dict(os.environ), tmp_path / "log") as server:
        _, opened = server.open(uri, TEXT)
        server.change(uri, 2, 0, (8, 8), "No ")
        _, changed = server.published(uri)
    assert [item["message"] for item in opened] == ["# spec! One", "y = 2  # place"]
    assert [item["message"] for item in changed] == ["# spec! No One", "y = 2  # place"]
