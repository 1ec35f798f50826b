"""Who may talk over the daemon's socket: processes of the user's own, through a folder that is theirs alone."""

import asyncio
import os
import socket
import stat
import struct
from pathlib import Path

from specwright.errors import SpecwrightError


def check_folder(folder: Path) -> None:
    """Raises `SpecwrightError` for a socket's folder that others own or may enter; a missing one is safe."""
    try:
        found = folder.stat()
    except OSError:
        return
    if found.st_uid != os.getuid():
        raise SpecwrightError(
            f"{folder} belongs to another user, who may listen there; remove it, or set XDG_RUNTIME_DIR."
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SpecwrightError(f"{folder} is open to other users; `chmod 700 {folder}`, then try again.")


def check_peer(writer: asyncio.StreamWriter, path: Path) -> None:
    """Raises `SpecwrightError` when another user's process listens on the socket `path`."""
    pid, uid = process_of(writer)
    if uid != os.getuid():
        raise SpecwrightError(
            f"A process of another user (uid {uid}, pid {pid}) listens on {path}, so nothing was sent to it. "
            f"Remove {path.parent}, or set XDG_RUNTIME_DIR."
        )


def process_of(writer: asyncio.StreamWriter) -> tuple[int, int]:
    """Pid and uid of the process at the other end, as the kernel says them; pid 0 where it does not."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0, os.getuid()
    connection = writer.get_extra_info("socket")
    packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _ = struct.unpack("3i", packed)
    return int(pid), int(uid)
