"""A project with a home of its own in a temporary folder, and the daemon that serves it."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from specwright.api import messages as m
from specwright.api import setup
from specwright.api import views as v
from specwright.api.client import Client, Listener, connect
from specwright.paths.places import Places, places
from specwright.tasks.model import State

GOING_ON = frozenset({State.WAITING, State.RUNNING})
LONGEST = 120.0
"""Seconds to wait for tasks."""
UNWANTED = ("GIT_", "XDG_", "ANTHROPIC_", "SPECWRIGHT_", "PYTHON")
"""Variables that would lead elsewhere, or have every start compile all modules again (PYTHONDONTWRITEBYTECODE)."""
SCRIPTED = 'agent = "scripted"\n[agents.scripted]\nscript = "script.json"\n'


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything lies below one folder."""

    folder: Path

    @property
    def root(self) -> Path:
        """The repository."""
        return self.folder / "project"

    @property
    def environment(self) -> dict[str, str]:
        """This interpreter first on PATH, a home of our own, and nothing that leads git or keys elsewhere."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(UNWANTED)}
        programs = f"{self.folder / 'programs'}:{Path(sys.executable).parent}:{kept.get('PATH', os.defpath)}"
        home = str(self.folder / "home")
        return {**kept, "PATH": programs, "HOME": home, "SPECWRIGHT_HOME": f"{home}/specwright"}

    @property
    def places(self) -> Places:
        """Where the daemon lives."""
        return places(self.environment)

    def make(self, files: Mapping[str, str]) -> None:
        """The repository, with these files committed."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("-c", "user.name=Bench", "-c", "user.email=bench@localhost", "commit", "-qm", "Begin")

    def git(self, *words: str) -> str:
        """What a command in the repository prints."""
        argv = ["git", "-C", str(self.root), *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True, env=self.environment).stdout

    def configure(self, text: str) -> None:
        """The user's own settings; a daemon reads them when it starts."""
        self.places.config_file.parent.mkdir(parents=True, exist_ok=True)
        self.places.config_file.write_text(text)

    async def client(self, listener: Listener | None = None) -> Client:
        """A connection; the daemon is started where none runs."""
        return await connect(self.places, "cli", listener, environment=self.environment)

    async def stop(self) -> None:
        """End the daemon, and wait until it is gone."""
        if not self.places.socket.exists():
            return
        async with await connect(self.places, "cli", start=False) as client:
            await client.ask("stop", m.Empty(), m.Empty)
            await client.ended()


@asynccontextmanager
async def stage(settings: str = "") -> AsyncIterator[Stage]:
    """A stage whose daemon ends with it. Runs go without a sandbox where none works, and it says so."""
    made = Stage(Path(tempfile.mkdtemp(prefix="specwright-bench-")))
    (made.folder / "home").mkdir()
    made.configure(settings)
    try:
        async with await made.client() as client:
            status = await client.ask("status", m.Empty(), m.DaemonStatus)
        if status.sandbox != "full":
            say(f"no sandbox works here ({status.sandbox_reason}); runs go without one")
            await made.stop()
            made.configure(f'{settings}\n[sandbox]\nmode = "none"\n')
        yield made
    finally:
        await made.stop()
        shutil.rmtree(made.folder, ignore_errors=True)


async def queue(client: Client, stage: Stage, items: Iterable[m.QueueItem]) -> list[str]:
    """The ids of what is queued. Raises `RuntimeError` for a spec that is refused."""
    queued = await client.ask("queue", m.Queue(str(stage.root), tuple(items), tool_environment(stage)), m.Queued)
    if queued.refused:
        raise RuntimeError(f"refused: {queued.refused}")
    return [task.task for task in queued.queued]


def tool_environment(stage: Stage) -> dict[str, str]:
    """What goes along with a queue request."""
    return {name: value for name, value in stage.environment.items() if name in {"PATH", "LANG", "HOME"}}


async def ended(client: Client, tasks: Iterable[str], every: float = 0.05) -> list[v.TaskView]:
    """The tasks once none of them goes on. Raises `TimeoutError`."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        views = [await client.ask("show", m.TaskNamed(task), v.TaskView) for task in tasks]
        if all(view.state not in GOING_ON for view in views):
            return views
        await asyncio.sleep(every)
    raise TimeoutError(f"after {LONGEST:g} s: {[(view.task, view.state, view.detail) for view in views]}")


async def agree(client: Client, stage: Stage) -> None:
    """Consent to what the project's settings would run."""
    environment = tool_environment(stage)
    wanted = await client.ask("consent", setup.Folder(str(stage.root), environment), setup.ConsentList)
    await client.ask("agree", setup.Agree(str(stage.root), environment, wanted.digest), setup.ConsentList)


def say(text: str) -> None:
    """Progress, to standard error."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()
