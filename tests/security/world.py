"""What an attacker looks for on a machine, all of it made for one test, and a way to see whether it was touched."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from git_project import Project, make
from specwright.config.settings import SandboxMode
from specwright.git.slots import Slot
from specwright.sandbox import caches
from specwright.sandbox.box import make_box
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Box, Done

SECRET = "canary-5c1e"
"""What every file that must not be read holds."""


@dataclass(frozen=True)
class World:
    home: Path
    project: Project
    slot: Slot
    other: Slot
    tcp: socket.socket
    udp: socket.socket
    unix: socket.socket
    abstract: socket.socket
    victim: subprocess.Popen[bytes]
    folder: Path

    def box(self, mode: SandboxMode) -> Box:
        environment = (("PATH", os.environ["PATH"]),)
        git, private = self.slot.path / ".git", self.slot.repository.path
        found, _ = caches.find({})
        return make_box(mode, Visible(self.slot.path, git, private, (), environment, self.slot.name, caches=found))

    async def attack(self, mode: SandboxMode, script: str) -> Done:
        """Run a shell's text in a box; `$HOMES`, `$ROOT` and so on say where to look."""
        return await self.box(mode).run(["bash", "-c", script], timeout=30, env=self.names())

    def names(self) -> dict[str, str]:
        return {
            "HOMES": str(self.home), "ROOT": str(self.project.root), "PRIVATE": str(self.slot.repository.path),
            "OTHER": str(self.other.path), "FOLDER": str(self.folder), "VICTIM": str(self.victim.pid),
            "TCP": str(self.tcp.getsockname()[1]), "UDP": str(self.udp.getsockname()[1]),
            "UNIX": str(self.unix.getsockname()), "ABSTRACT": self.abstract.getsockname()[1:].decode(),
        }  # fmt: skip

    def outside(self) -> dict[str, tuple[int, int, bytes]]:
        """Mode, time and content of all that is not the slot's."""
        found = {"name of the machine": (0, 0, os.uname().nodename.encode())}
        found["the slot's .git"] = (0, 0, _content(self.slot.path / ".git"))
        for top in (self.home, self.project.root, self.folder, self.other.path):
            for place, folders, names in os.walk(top):
                for path in (Path(place, name) for name in (*folders, *names)):
                    status = path.lstat()
                    data = _content(path)
                    found[str(path)] = (status.st_mode, int(status.st_mtime) if path.is_file() else 0, data)
        return found

    def heard(self) -> bool:
        """Whether anybody talked to one of the listeners."""
        for listener in (self.tcp, self.unix, self.abstract):
            try:
                listener.accept()[0].close()
                return True
            except BlockingIOError:
                pass
        try:
            return bool(self.udp.recv(100))
        except BlockingIOError:
            return False

    @property
    def is_victim_well(self) -> bool:
        """Whether the process that is to be signalled and traced goes on."""
        return self.victim.poll() is None


@contextmanager
def world(home: Path, folder: Path) -> Iterator[World]:
    for name in (
        ".ssh/id_ed25519", ".aws/credentials", ".netrc", ".bash_history", "specwright/config.toml", ".cargo/credentials.toml"
    ):  # fmt: skip
        _write(home / name)
    _write(home / ".cargo" / "registry" / "src" / "lib.rs", "a package that commands may read")
    for name in ("state/specwright.db", "state/runs/k7f3qa/1/transcript.jsonl", "secret", "docs/mine.txt"):
        _write(folder / "yours" / name)
    project = make(folder / "project", folder / "slots")
    project.write("greeting.py", f"# {SECRET}\n")
    project.git("remote", "add", "origin", f"https://user:{SECRET}@example.org/x.git")
    project.commit()
    project.write("greeting.py", "def greet():\n    return 1\n")
    base = project.commit()
    slot, other = project.take(base=base), project.take("other1/1", base=base)
    _write(other.path / ".venv" / "lib.py")
    victim = subprocess.Popen(["sleep", "600"], env={"TOKEN": SECRET}, cwd=folder / "yours")
    with (
        socket.socket() as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", 0))
        unix.bind(str(folder / "yours" / "socket"))
        abstract.bind(f"\0specwright-{os.getpid()}-{time.monotonic_ns()}")
        for listener in (tcp, unix, abstract):
            listener.listen()
        for one in (tcp, udp, unix, abstract):
            one.setblocking(False)
        try:
            yield World(home, project, slot, other, tcp, udp, unix, abstract, victim, folder / "yours")
        finally:
            victim.kill()
            victim.wait()


def _content(path: Path) -> bytes:
    """Of a regular file; what else stands there, as text."""
    if path.is_symlink():
        return f"link to {path.readlink()}".encode()
    return path.read_bytes() if path.is_file() else b"none"


def _write(path: Path, text: str = SECRET) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n")
