"""Stands where a daemon would, with lock and socket: `silent`, of `another` protocol, `dead`, `dying` or `foreign`.

A `dead` one ends at once and leaves its socket and lock file behind, as after `kill -9`.
A `dying` one ends when a client connects.
A `foreign` one is another user's, and prints what it is sent.
"""

import json
import os
import socket
import sys

from specwright.paths import locks
from specwright.paths.places import places

NOBODY = 65534


def welcome(connection: socket.socket) -> None:
    """Answer a client's hello as one of the protocols 99 to 99 does."""
    hello = json.loads(connection.makefile().readline())
    answer = {"protocol": None, "version": "99.0", "pid": os.getpid()}
    connection.sendall(json.dumps({"jsonrpc": "2.0", "id": hello["id"], "result": answer}).encode() + b"\n")
    connection.recv(1)


def main(kind: str) -> None:
    here = places()
    here.state.mkdir(parents=True, exist_ok=True)
    here.socket.parent.mkdir(mode=0o700, exist_ok=True)
    here.socket.unlink(missing_ok=True)
    locks.take(here.lock)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(here.socket))
    if kind == "foreign":
        os.setuid(NOBODY)  # before it listens: the kernel names the one who did that
    listener.listen()
    print("listening", flush=True)
    held = []
    while kind != "dead":
        connection, _ = listener.accept()
        held.append(connection)
        if kind == "dying":
            return
        if kind == "another":
            welcome(connection)
        if kind == "foreign":
            print(connection.recv(9999), flush=True)


main(sys.argv[1])
