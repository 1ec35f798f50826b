"""Where the play takes place: one home, one daemon, three projects, a model on loopback; and what is known of it."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from chaos import checks, parts, processes, stored
from chaos.disk import Disk
from chaos.project import Project, belongings, fingerprint
from chaos.stored import Row
from specwright.api import messages as m
from specwright.api.client import Client, connect
from specwright.errors import SpecwrightError
from specwright.paths.places import Places, places
from specwright.testing.messages_server import MessagesServer
from user import User

Answer = TypeVar("Answer")
PATIENCE = 60.0
"""Seconds in which a daemon must be there and answer."""
GONE = 15.0
"""Seconds in which all that a killed daemon had started must be gone once there is another."""
PACE = 0.08
STILL, BUSY, PAID = "still", "busy", "paid"


class Yard:
    """The projects, the daemon that serves them, and the notes of who was hit by what."""

    def __init__(self, folder: Path, seed: int, count: int, at_once: int) -> None:
        self.folder = folder
        self.rng = random.Random(seed)  # noqa: S311  # a play that can be played again
        self.at_once = at_once
        self.home = User(folder)
        self.disk = Disk(folder)
        self.home.environment.update(self.disk.environment)
        thirds = [range(n * count, (n + 1) * count) for n in range(3)]
        agents = {STILL: "scripted", BUSY: "scripted", PAID: "anthropic"}
        self.projects = {
            name: Project(name, self.home, numbers, agent)
            for (name, agent), numbers in zip(agents.items(), thirds, strict=True)
        }
        self.model = MessagesServer(parts.scenarios(3 * count), default="edit", pace=PACE)
        self.acknowledged: dict[str, int] = {}
        """Tasks that were answered for, and their parts."""
        self.excused: set[str] = set()
        """Tasks whose own programs were killed, or whose disk failed."""
        self.raced: set[str] = set()
        """Tasks on which verdicts raced, or were cut off."""
        self.durable: list[tuple[int, dict[int, int]]] = []
        self.did: Counter[str] = Counter()
        self.problems: list[str] = []
        self.times: dict[str, list[float]] = {}
        self.pid = 0

    @property
    def places(self) -> Places:
        """Where the daemon lives."""
        return places(self.home.environment)

    @property
    def kills(self) -> int:
        """How many processes were ended with SIGKILL."""
        return sum(count for what, count in self.did.items() if what.startswith("kill"))

    def build(self) -> None:
        """The projects and the user's settings, and how all of it looks before."""
        for project in self.projects.values():
            project.build(self.at_once)
        config = self.places.config_file
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(
            f'key_command = "echo not-a-key"\n[agents.anthropic]\nbase_url = "{self.model.url}"\n'
            f"[limits]\nrunning = {self.at_once}\n"
        )
        self.before = {name: belongings(project) for name, project in self.projects.items()}
        self.prints = {name: fingerprint(project) for name, project in self.projects.items()}

    async def client(self) -> Client:
        """A connection; the daemon is started where none runs."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                client = await connect(self.places, "cli", environment=self.home.environment)
            except (SpecwrightError, ConnectionError) as error:
                if time.monotonic() > end:
                    raise
                self.did[f"said: {_short(error)}"] += 1
                await asyncio.sleep(0.1)
                continue
            self.pid = client.daemon.pid
            return client

    async def ask(self, method: str, params: object, answer: type[Answer], seconds: float = PATIENCE) -> Answer:
        """One request on a connection of its own."""
        async with await self.client() as client:
            return await client.ask(method, params, answer, seconds)

    async def queue(self, project: Project, count: int) -> None:
        """Queue the next parts; asked again until it is answered, as a person would."""
        chosen = await asyncio.to_thread(project.plan, count, self.rng)
        if not chosen:
            return
        items = tuple(m.QueueItem(parts.spec_path(number)) for number in chosen)
        environment = {name: value for name, value in self.home.environment.items() if name in {"PATH", "LANG", "HOME"}}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                queued = await self.ask("queue", m.Queue(str(project.root), items, environment), m.Queued)
                break
            except (SpecwrightError, TimeoutError, ConnectionError) as error:
                self.did[f"said: {_short(error)}"] += 1
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(0.2)
        self.acknowledged |= {task.task: int(task.title.split()[1]) for task in queued.queued}
        self.problems += [f"refused: {refused}" for refused in queued.refused]

    def rows(self) -> dict[str, Row]:
        """All tasks, while the daemon lives."""
        with stored.live(self.places.database) as store:
            return store.rows()

    def of_project(self, name: str) -> list[tuple[int, Row]]:
        """A project's tasks with their parts."""
        root = str(self.projects[name].root)
        return [(int(row.title.split()[1]), row) for row in self.rows().values() if row.root == root]

    async def kill_daemon(self, why: str = "daemon") -> None:
        """SIGKILL; what it leaves is looked at before anybody mends it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.did[f"kill {why}"] += 1
        await until_gone(self.pid)
        await asyncio.to_thread(self.look)

    def look(self) -> None:
        """No acknowledged task is missing, the file is whole, and which turns and answers are durable from now on."""
        with stored.copied(self.places.database) as store:
            self.problems += checks.store_is_whole(store)
            rows, turns = store.rows(), store.turns()
        self.problems += checks.none_lost(self.acknowledged, rows)
        paid = {task: stored.answers(self.places.runs, task) for task in rows}
        numbers = {int(row.title.split()[1]): max(turns[task], paid[task]) for task, row in rows.items()}
        self.durable.append((len(self.asked()), numbers))

    def asked(self) -> list[tuple[int, int]]:
        """Each request to the model: its part, and how many answers it held already."""
        found = []
        for request in list(self.model.requests):
            if request.scenario.startswith("part-"):
                messages = request.body["messages"]
                assert isinstance(messages, list)
                answers = sum(message["role"] == "assistant" for message in messages)
                found.append((int(request.scenario.removeprefix("part-")), answers))
        return found

    async def restart(self, starters: int) -> None:
        """A daemon again: one that a client starts, or several at once, of which one must stay."""
        began = time.monotonic()
        if starters > 1:
            words = [sys.executable, "-m", "specwright", "daemon", "run"]
            many = [
                await asyncio.create_subprocess_exec(
                    *words, env=self.home.environment, cwd=self.home.home,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                )
                for _ in range(starters)
            ]  # fmt: skip
            self.did[f"{starters} daemons at once"] += 1
        async with await self.client():
            self.times.setdefault("restart", []).append(time.monotonic() - began)
        if starters > 1:
            await self._one_stays(many)

    async def _one_stays(self, many: list[asyncio.subprocess.Process]) -> None:
        ends = [asyncio.ensure_future(one.wait()) for one in many]
        await asyncio.wait(ends, timeout=20)
        stay = [one.pid for one in many if one.returncode is None]
        if any(pid != self.pid for pid in stay):
            self.problems.append(f"of {len(many)} daemons started at once {stay} stay, {self.pid} answers")
        for end in ends:
            end.cancel()

    async def none_left_behind(self) -> None:
        """What a killed daemon ran is gone once another one has begun."""
        began = time.monotonic()
        while left := processes.without_parents(self.folder, {self.pid, os.getpid()}):
            if time.monotonic() - began > GONE:
                words = [processes.described(pid) for pid in left]
                self.problems.append(f"{GONE:g} s after a new daemon began there are {words}")
                return
            await asyncio.sleep(0.02)
        self.times.setdefault("orphans gone", []).append(time.monotonic() - began)

    async def stop(self) -> None:
        """A planned stop."""
        done = await asyncio.to_thread(self.home.type, "daemon", "stop", cwd=self.home.home)
        if done.code:
            self.problems.append(f"the daemon does not stop: {done.err}")

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        self.disk.heal()
        for pid in processes.of_folder(self.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@asynccontextmanager
async def yard_in(folder: Path, seed: int, count: int, at_once: int) -> AsyncIterator[Yard]:
    """A yard that is built; `count` parts for each project."""
    made = Yard(folder, seed, count, at_once)
    async with made.model:
        await asyncio.to_thread(made.build)
        try:
            yield made
        finally:
            made.end()


async def until_gone(pid: int) -> None:
    """Return when a process is dead."""
    end = time.monotonic() + PATIENCE
    while processes.is_alive(pid):
        if time.monotonic() > end:
            raise TimeoutError(f"{pid} lives on after SIGKILL")
        await asyncio.sleep(0.01)


def _short(error: BaseException) -> str:
    """What a refusal said, without the paths in it."""
    return " ".join(word for word in str(error).split()[:14] if "/" not in word) or type(error).__name__
