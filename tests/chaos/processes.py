"""Which processes belong to a folder of ours, seen from outside. Linux."""

import contextlib
import os
from pathlib import Path


def pids() -> list[int]:
    """All processes."""
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208  # names alone, many


def words_of(pid: int) -> str:
    """A process's command line; empty for one that is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def is_alive(pid: int) -> bool:
    """Whether it runs; one that only waits to be counted does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False


def in_folder(folder: Path) -> list[int]:
    """Processes whose current folder lies there."""
    return [pid for pid in pids() if _sits_in(pid, folder)]


def of_folder(folder: Path) -> list[int]:
    """Processes that have to do with a folder at all: by where they are, their words or their environment."""
    mark = os.fsencode(folder)
    found = []
    for pid in pids():
        if pid == os.getpid() or not is_alive(pid):
            continue
        if _sits_in(pid, folder) or mark in _read(pid, "cmdline") or mark in _read(pid, "environ"):
            found.append(pid)
    return found


def _sits_in(pid: int, folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder) and pid != os.getpid()
    return False


def _read(pid: int, name: str) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""
