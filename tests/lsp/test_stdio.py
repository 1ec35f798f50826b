"""How the server reads and leaves, whatever its standard input is: a pipe, one socket for both ways, a file."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

INITIALIZE = {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}
SHUTDOWN, EXIT = {"id": 2, "method": "shutdown"}, {"method": "exit"}
WHOLE, RUDE = (INITIALIZE, SHUTDOWN, EXIT), (INITIALIZE, EXIT)


def packed(messages: Sequence[dict[str, Any]]) -> bytes:
    """Messages as they go over a pipe."""
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    return b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)


def play(server: subprocess.Popen[bytes], messages: Sequence[dict[str, Any]]) -> list[Any]:
    """Send messages, each request's answer awaited; the answers. Then the server has ended."""
    assert server.stdin
    assert server.stdout
    answers = []
    for message in messages:
        server.stdin.write(packed([message]))
        server.stdin.flush()
        while "id" in message and len(answers) < message["id"]:
            size = int(server.stdout.readline().split()[1])
            while server.stdout.readline().strip():
                pass
            came = json.loads(server.stdout.read(size))
            answers += [came] if came.get("id") == message["id"] else []
    assert server.wait(60) is not None
    return answers


def start(tmp_path: Path, **given: Any) -> subprocess.Popen[bytes]:
    environment = os.environ | {"SPECWRIGHT_HOME": str(tmp_path / "home")}
    return subprocess.Popen([sys.executable, "-m", "specwright", "lsp"], env=environment, **given)


@pytest.mark.parametrize(("messages", "code"), [(WHOLE, 0), (RUDE, 1)])
def test_exit_ends_it_with_the_code_of_the_protocol(
    tmp_path: Path, messages: Sequence[dict[str, Any]], code: int
) -> None:
    with start(tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        answers = play(server, messages)
    assert server.returncode == code
    assert answers[0]["result"]["serverInfo"]["name"] == "specwright"


@pytest.mark.parametrize("rest", [b"", b"Content-Le", b"Content-Length: 500\r\n\r\n{"])
def test_an_editor_that_dies_in_the_middle_of_a_message_ends_it(tmp_path: Path, rest: bytes) -> None:
    with start(tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        answered, _ = server.communicate(packed([INITIALIZE]) + rest, timeout=60)
    assert server.returncode == 0
    assert answered.count(b"Content-Length") == 1


def test_one_socket_for_both_ways_is_never_made_non_blocking(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, start(tmp_path, stdin=theirs, stdout=theirs) as server:
        ours.sendall(packed([INITIALIZE]))
        assert b"Content-Length" in ours.recv(100)
        assert os.get_blocking(theirs.fileno())
        theirs.close()
        ours.sendall(packed([SHUTDOWN, EXIT]))
        assert server.wait(60) == 0


def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "messages").write_bytes(packed([INITIALIZE]))
    with (
        (tmp_path / "messages").open("rb") as messages,
        start(tmp_path, stdin=messages, stdout=subprocess.PIPE) as server,
    ):
        answered, _ = server.communicate(timeout=60)
    assert (server.returncode, answered.count(b"Content-Length")) == (0, 1)


def test_a_body_longer_than_what_is_read_ahead_comes_whole(tmp_path: Path) -> None:
    asked = {"id": 2, "method": "specwright/document", "params": {"task": "x" * 5_000_000}}
    with start(tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        answers = play(server, [INITIALIZE, asked, SHUTDOWN | {"id": 3}, EXIT])
    assert (server.returncode, len(answers), "error" in answers[1]) == (0, 3, True)
