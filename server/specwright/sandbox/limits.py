"""What a command may use of the machine: files, memory, processes, the disk. What goes beyond ends with a sentence."""

import contextlib
import logging
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from specwright import process, processes
from specwright.paths.walk import walk
from specwright.tasks.protocols import Done

SETTLED = (
    "{{ echo 900 >/proc/$$/oom_score_adj; "  # the kernel ends it before the editor
    "ulimit -c 0; ulimit -n 4096; ulimit -f {blocks}; "
    "ulimit -u 16384 || ulimit -p 16384; }} 2>/dev/null; "  # dash says -p; counts all of the user
    'exec nice -n 10 "$@"'
)
"""Text for `sh`, which then becomes the command; its words are only ever `"$@"`."""
LARGEST_FILE = 2 * 2**30
GROWTH = 5 * 2**30
"""Bytes that may be written to the slot's disk while a command runs."""
FILES = 500_000
"""Files that may be made there meanwhile."""
WHERE = "to its slot or its temporary folder"
PAUSE = 0.25
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Most:
    """What the processes of a command may use together."""

    memory: int = 4 * 2**30
    """Bytes."""
    processes: int = 512


DEFAULT = Most()
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watched:
    """A command that runs."""

    pid: int
    folders: tuple[Path, ...]
    most: Most
    free: list[tuple[int, int]] = field(init=False)
    sentence: str = ""

    def __post_init__(self) -> None:
        self.free = [_free(folder) for folder in self.folders]


async def run(
    argv: Sequence[str],
    *,
    cwd: str | Path,
    env: Mapping[str, str],
    timeout: float,
    stdin: bytes,
    most: Most,
    folders: tuple[Path, ...],
    is_box: bool = False,
    tied: bool = False,
    descriptors: Sequence[int] = (),
) -> Done:
    """Run a command within the limits; `folders` are where it writes.

    `tied` has it die with this process; what is run here mostly does so by itself. It has `descriptors` beside the
    usual three. A command that goes beyond a limit ends with its whole tree, and with a sentence on its standard error.
    """
    watched: list[_Watched] = []

    def started(pid: int) -> None:
        watched.append(GUARD.watch(_Watched(pid, folders, most)))

    try:
        done = await process.run(
            _limited(argv), cwd=cwd, env=env, timeout=timeout, stdin=stdin, is_box=is_box, tied=tied, started=started,
            descriptors=descriptors,
        )  # fmt: skip
    finally:
        for entry in watched:
            GUARD.forget(entry)
    said = "".join(f"\n{entry.sentence}\n" for entry in watched if entry.sentence)
    return Done(
        exit_code=None if said else done.exit_code,
        stdout=done.stdout,
        stderr=done.stderr + said.encode(),
        seconds=done.seconds,
        truncated=done.truncated,
        timed_out=done.timed_out,
    )


class Guard:
    """Looks at all commands that run, on a thread of its own which lives while there is one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: list[_Watched] = []
        self._thread: threading.Thread | None = None

    def watch(self, entry: _Watched) -> _Watched:
        """Look at a command from now on."""
        with self._lock:
            self._watched.append(entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_on, name="limits", daemon=True)
                self._thread.start()
        return entry

    def forget(self, entry: _Watched) -> None:
        """It has ended."""
        with self._lock:
            self._watched.remove(entry)

    def _look_on(self) -> None:
        rest = threading.Event()
        while True:
            rest.wait(PAUSE)
            with self._lock:
                now = list(self._watched)
                if not now:
                    self._thread = None
                    return
            try:
                _look(now)
            except OSError as error:  # such as no descriptor left: without this thread nothing is limited
                log.warning("what commands take could not be looked at: %s", error)


GUARD = Guard()


def _look(now: Sequence[_Watched]) -> None:
    trees = processes.trees([entry.pid for entry in now])
    for entry in now:
        if not entry.sentence and (sentence := _excess(entry, trees[entry.pid])):
            entry.sentence = sentence
            processes.kill_tree(entry.pid)


def _excess(entry: _Watched, tree: processes.Tree) -> str:
    """Which limit a command went beyond, as a sentence; empty where it keeps to them."""
    most = entry.most
    if tree.memory > most.memory and processes.own_memory({entry.pid, *tree.pids}) > most.memory:
        return f"It was ended: its processes held more than {most.memory / 2**30:g} GB of memory."
    if len(tree.pids) > most.processes:
        return f"It was ended: it had more than {most.processes} processes."
    # other programs write to the same disk: what the folders themselves hold is counted only where it may matter
    for folder, (bytes_before, files_before) in zip(entry.folders, entry.free, strict=True):
        free, files = _free(folder)
        if bytes_before - free > GROWTH or files_before - files > FILES:
            size, count = _size(folder)
            if size > GROWTH or count > FILES:
                return f"It was ended: it wrote more than {GROWTH / 2**30:.0f} GB, or {FILES:,} files, {WHERE}."
    return ""


def _limited(argv: Sequence[str]) -> list[str]:
    shell = process.which("sh", os.defpath)
    return [shell, "-c", SETTLED.format(blocks=LARGEST_FILE // 512), "sh", *argv] if shell else list(argv)


def _free(folder: Path) -> tuple[int, int]:
    """Bytes and files that a disk has room for."""
    with contextlib.suppress(OSError):
        found = os.statvfs(folder)
        return found.f_bavail * found.f_frsize, found.f_favail
    return 0, 0


def _size(folder: Path) -> tuple[int, int]:
    """Bytes on the disk and number of the files below a folder; stops where there are too many."""
    size = count = 0
    for place, _, names in walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH118  # half a million of them
        count += len(names)
        if size > GROWTH or count > FILES:
            break
    return size, count
