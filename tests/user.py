"""A project in a temporary folder and a user who types `specwright` there: real processes, a home of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER = Path(__file__).parent.parent / "server"
GITCONFIG = "[user]\n\tname = Tester\n\temail = tester@example.org\n[init]\n\tdefaultBranch = main\n"
SETTINGS = 'agent = "scripted"\n[agents.scripted]\nscript = "script.json"\n'
SPEC = "# spec! Say two\n# - [ ] it says two, check: `grep -q two a.py`\nx = 'one'\n"
EDIT = {"tool": "edit", "input": {"path": "a.py", "old": "'one'", "new": "'two'"}}
SECONDS = 60


@dataclass(frozen=True)
class Typed:
    """What a command came to."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        """The document on standard output."""
        return json.loads(self.out)


def script(*rounds: list[dict[str, Any]], title: str = "*") -> str:
    """The text of a script whose rounds are these."""
    return json.dumps({title: rounds})


def write(path: str, content: str) -> dict[str, Any]:
    """A turn that writes a file."""
    return {"tool": "write", "input": {"path": path, "content": content}}


def bash(command: str) -> dict[str, Any]:
    """A turn that runs a shell's line."""
    return {"tool": "bash", "input": {"command": command}}


class User:
    """Types in `root`; everything of Specwright's lies in `home`."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        (self.home / ".gitconfig").write_text(GITCONFIG)
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "SPECWRIGHT_HOME": str(self.home / "specwright"),
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "PYTHONPATH": str(SERVER),
        }

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.home / "specwright" / "state"

    def make(self, files: Mapping[str, str | bytes], name: str = "project") -> "User":
        """A repository whose first commit holds these files; from now on they type there."""
        self.root = self.root.with_name(name)
        self.root.mkdir()
        self.git("init", "-q")
        self.put(files)
        self.git("add", "-A")
        self.git("commit", "-qm", "Begin")
        return self

    def put(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the project."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def git(self, *words: str, **options: Any) -> str:
        """What git prints."""
        options = {"cwd": self.root, "env": self.environment, **options}
        return subprocess.run(["git", *words], check=True, capture_output=True, text=True, **options).stdout

    def type(self, *words: str, cwd: Path | None = None, stdin: str = "", **environment: str) -> Typed:
        """`specwright` with these words."""
        done = subprocess.run(
            [sys.executable, "-m", "specwright", *words],
            cwd=cwd or self.root,
            env={**self.environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        return Typed(done.stdout, done.stderr, done.returncode)

    def ok(self, *words: str, **options: Any) -> Typed:
        """The same, which must end with 0."""
        done = self.type(*words, **options)
        assert done.code == 0, done
        return done

    def queue(self, *places: str) -> list[str]:
        """The ids of what is queued."""
        return [task["task"] for task in self.ok("queue", "--json", *places).json["queued"]]

    def run(self, place: str) -> str:
        """Queue one spec and wait for its end; its id."""
        [task] = self.queue(place)
        self.type("wait", task, "--timeout", "50")
        return task

    def show(self, task: str) -> Any:
        """`show --json`."""
        return self.ok("show", "--json", task).json

    def pid(self) -> int:
        """The daemon's, which must run."""
        return int(self.ok("daemon", "status", "--json").json["pid"])


@contextmanager
def user_in(folder: Path) -> Iterator[User]:
    """A user whose daemon ends with them."""
    user = User(folder)
    try:
        yield user
    finally:
        if user.state.is_dir():
            user.type("daemon", "stop", cwd=user.home)
