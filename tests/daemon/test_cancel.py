"""A cancel at any moment of a run: answered soon, nothing of it is alive, what was made is kept, and it stays so."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client, connect
from specwright.errors import Refused
from specwright.paths.places import places
from specwright.testing.messages_server import MessagesServer
from user import SETTINGS, User, bash, user_in, write

SECONDS = 40.0
SOON = 6.0
"""For the answer to a cancel: 2 s for the polite signal, and what a busy machine needs for git's commands."""
SPEC = "## spec! Long\n- [ ] it is done, check: `{check}`\n"
MARK = f"specwright-cancel-{os.getpid()}"
SLEEP = f"exec -a {MARK} sleep 300"
STUBBORN = f"trap '' TERM; echo x > began.txt; while :; do exec -a {MARK} sleep 300; done"
MADE = write("made.txt", "made\n")
MOMENTS = {
    "between turns": ([MADE, {"sleep": 300}], "true", '"checkpoint"'),
    "in a tool": ([MADE, bash(SLEEP)], "true", SLEEP),
    "in a tool that takes no hint": ([MADE, bash(STUBBORN)], "true", "trap"),
    "in a gate": ([MADE], f"bash -c '{SLEEP}'", '"gate"'),
}


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        yield made


def project(user: User, turns: list[object], check: str = "true") -> None:
    files = {"a.md": SPEC.format(check=check), "specwright.toml": SETTINGS, "script.json": json.dumps({"*": [turns]})}
    user.make(files)


@pytest.fixture
async def client(user: User) -> AsyncIterator[Client]:
    async with await connect(places(user.environment), "cli", environment=user.environment) as made:
        yield made


async def queued(user: User) -> str:
    [task] = await asyncio.to_thread(user.queue, "a.md")
    return task


async def until(user: User, task: str, sign: str) -> None:
    """Something is in the events of the run."""
    events = user.state / "runs" / task / "1" / "events.jsonl"
    async with asyncio.timeout(SECONDS):
        while not (events.exists() and sign in events.read_text()):
            await asyncio.sleep(0.02)


async def check_cancelled(client: Client, task: str) -> v.TaskView:
    """Cancel, and look: it is over soon, and no process of it is left."""
    began = time.monotonic()
    line = await client.ask("cancel", m.TaskNamed(task), v.TaskLine, SECONDS)
    assert time.monotonic() - began < SOON
    assert line.state == "cancelled"
    assert alive() == []
    view = await client.ask("show", m.TaskNamed(task), v.TaskView)
    assert (view.state, [run.outcome for run in view.runs]) in [("cancelled", []), ("cancelled", ["stopped"])]
    return view


def alive() -> list[str]:
    """The sleeping programs of these tests."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(MARK.encode() + b"\0"):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_run_is_cancelled(user: User, client: Client, moment: str) -> None:
    turns, check, sign = MOMENTS[moment]
    project(user, list(turns), check)
    task = await queued(user)
    await until(user, task, json.dumps(sign)[1:-1] if sign == SLEEP else sign)
    async with asyncio.timeout(SECONDS):
        while not alive() and moment != "between turns":
            await asyncio.sleep(0.02)
    view = await check_cancelled(client, task)
    assert view.head
    diff = await client.ask("diff", m.DiffOf(task), m.AsFile)
    assert "+made" in Path(diff.path).read_text()


async def test_a_task_that_waits_is_cancelled_and_never_starts(user: User, client: Client) -> None:
    project(user, [{"sleep": 300}])
    user.put({"specwright.toml": f'{SETTINGS}[gates.x]\ncommand = "true"\n'})  # nobody agreed to that
    task = await queued(user)
    assert (await check_cancelled(client, task)).runs == ()


async def test_cancelled_twice_at_once_it_ends_once(user: User, client: Client) -> None:
    project(user, [MADE, {"sleep": 300}])
    task = await queued(user)
    await until(user, task, '"checkpoint"')
    asked = [client.ask("cancel", m.TaskNamed(task), v.TaskLine, SECONDS) for _ in range(3)]
    assert [line.state for line in await asyncio.gather(*asked)] == ["cancelled"] * 3
    events = (user.state / "runs" / task / "1" / "events.jsonl").read_text()
    assert events.count('"concluded"') == 1


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2])
async def test_a_cancel_at_the_end_of_a_run_gives_one_end(user: User, client: Client, delay: float) -> None:
    project(user, [MADE])
    task = await queued(user)
    await until(user, task, '"recording"')
    await asyncio.sleep(delay)
    with suppress(Refused):  # it was in review already, which no cancel ends
        await client.ask("cancel", m.TaskNamed(task), v.TaskLine, SECONDS)
    view = await client.ask("show", m.TaskNamed(task), v.TaskView)
    assert (view.state, [run.outcome for run in view.runs]) in [("cancelled", ["stopped"]), ("review", ["passed"])]
    assert view.head


@pytest.mark.parametrize(("scenario", "sign"), [("slow", '"call"'), ("rate429long", '"held"'), ("hang", '"call"')])
async def test_a_call_of_the_model_is_cancelled(user: User, scenario: str, sign: str) -> None:
    async with MessagesServer(default=scenario) as server:
        user.make({"a.md": SPEC.format(check="true"), "specwright.toml": 'agent = "anthropic"\n'})
        user.environment |= {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "sk-test"}
        task = await queued(user)
        async with await connect(places(user.environment), "cli", environment=user.environment) as client:
            async with asyncio.timeout(SECONDS):
                while not server.requests:
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)
            await check_cancelled(client, task)
            asked = len(server.requests)
            await asyncio.sleep(1)
            assert len(server.requests) == asked
        await asyncio.to_thread(user.type, "daemon", "stop", cwd=user.home)
