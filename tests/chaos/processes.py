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


def without_parents(folder: Path, living: set[int]) -> list[int]:
    """Processes that have to do with a folder and come from none of these."""
    return [pid for pid in of_folder(folder) if pid not in living and not living & set(_ancestors(pid))]


def _ancestors(pid: int) -> list[int]:
    found: list[int] = []
    while (fields := _stat(pid)) and (pid := int(fields[1])) > 1:
        found.append(pid)
    return found


def described(pid: int) -> str:
    """Its words, the middle of many left out, its parent and where it waits."""
    words, (state, parent) = words_of(pid), _stat(pid)[:2] or ("gone", "")
    short = words if len(words) < 240 else f"{words[:80]} … {words[-140:]}"
    return f"{short} (state {state}, parent {parent}, in {_read(pid, 'wchan').decode()})"


def is_alive(pid: int) -> bool:
    """Whether it runs; one that only waits to be counted does not."""
    return _stat(pid)[:1] not in ([], ["Z"], ["X"])


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


def _stat(pid: int) -> list[str]:
    return _read(pid, "stat").decode(errors="replace").rpartition(")")[2].split()


def _read(pid: int, name: str) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""
