"""Opens listening sockets on the loopback of a box from outside of it; run as a program by `doors.py`, imports nothing.

Words: the pid of a process in the box, the descriptor of a socket, ports. The listening sockets are sent through that
socket. A thread of the daemon's could not do this: a process enters a user namespace only while it has one thread.
Constants are the kernel's own, from linux/sched.h and linux/nsfs.h.
"""

import ctypes
import fcntl
import os
import socket
import sys

NEW_USER, NEW_NET = 0x10000000, 0x40000000
GET_USER_NAMESPACE = 0xB701
WAITING = 64
"""Connections that may wait for an answer."""


def main(words: list[str]) -> None:
    """Enter, listen, hand over."""
    pid, descriptor, ports = int(words[0]), int(words[1]), [int(word) for word in words[2:]]
    _enter(os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC))
    listening = [_listen(port) for port in ports]
    with socket.socket(fileno=descriptor) as channel:
        socket.send_fds(channel, [b"open"], [one.fileno() for one in listening])


def _enter(network: int) -> None:
    """First the user namespace that owns the network: it gives the right to enter that. Raises `OSError`.

    A box that has ended may have left its number to another process, which has the network of this machine.
    """
    if os.fstat(network).st_ino == os.stat("/proc/self/ns/net").st_ino:  # noqa: PTH116  # no import that it does not need
        raise OSError("the box has no network of its own")
    owner = fcntl.ioctl(network, GET_USER_NAMESPACE)
    if os.fstat(owner).st_ino != os.stat("/proc/self/ns/user").st_ino:  # noqa: PTH116
        _setns(owner, NEW_USER)
    _setns(network, NEW_NET)


def _setns(descriptor: int, kind: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, kind) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"setns: {os.strerror(code)}")


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(WAITING)
    return listening


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, ValueError) as error:
        sys.exit(str(error))
