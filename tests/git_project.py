"""A repository as a user has it, and programs that tell when something ran them."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from specwright.git import checkout, private, slots
from specwright.git.private import PrivateRepository
from specwright.git.slots import Slot
from specwright.tasks.model import Checkout

TASK = "k7f3qa"


@dataclass(frozen=True)
class Project:
    """The user's repository, and the folder for slots."""

    root: Path
    slots: Path

    def git(self, *words: str, folder: Path | None = None, fails: bool = False) -> str:
        """Plain git, as the user runs it."""
        done = subprocess.run(["git", *words], cwd=folder or self.root, capture_output=True, text=True, check=False)
        assert fails or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def commit(self, message: str = "Change") -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    @property
    def checkout(self) -> Checkout:
        return checkout.find(self.root)

    @property
    def repository(self) -> PrivateRepository:
        return private.private_repository(self.checkout, self.slots)

    @property
    def head(self) -> str:
        return checkout.head(self.checkout)

    def take(self, run: str = f"{TASK}/1", base: str | None = None) -> Slot:
        """A slot at a commit (HEAD), as a run gets it."""
        here, repository = self.checkout, self.repository
        base = base or checkout.head(here)
        private.bring(repository, here, base, run.partition("/")[0])
        return slots.take(repository, run, 1, base)

    def save(self, slot: Slot, number: int = 1, base: str | None = None, expected: str | None = None) -> str:
        """The slot's tree under the ref of a run."""
        return slots.checkpoint(slot, base or self.head, slot.repository.ref(TASK, number), "Result", expected)

    def everything(self) -> dict[str, tuple[int, bytes]]:
        """Mode and content of all that the user has, our private folder aside."""
        return dict(_files(self.root))


def _files(root: Path) -> Iterator[tuple[str, tuple[int, bytes]]]:
    for top, folders, names in os.walk(root):
        if top.endswith("/.git") and "specwright" in folders:
            folders.remove("specwright")
        for name in (*folders, *names):
            path = Path(top, name)
            data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            yield str(path.relative_to(root)), (path.lstat().st_mode, data)


def make(root: Path, slots_folder: Path, *options: str) -> Project:
    project = Project(root, slots_folder)
    root.mkdir(parents=True)
    project.git("init", "-q", *options)
    return project


@dataclass(frozen=True)
class Alarm:
    """A program that tells that it was run."""

    program: Path
    rung: Path

    @property
    def is_silent(self) -> bool:
        return not self.rung.exists()
