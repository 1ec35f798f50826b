"""Two verdicts on one task at once: the first one is whole, the second is told so."""

import asyncio

import pytest

from specwright.api import messages as m
from specwright.api.client import Listener, connect
from specwright.paths.places import places
from specwright.review.hunks import Decision
from specwright.review.plan import Fact
from specwright.store import verdicts
from specwright.store.database import Store
from user import SETTINGS, User, bash, script

SPEC = "## spec! Many\n- [ ] it is done, check: `true`\n"
FILES = 20
SECONDS = 30.0


@pytest.fixture
def task(user: User) -> str:
    many = bash(f"for n in $(seq {FILES}); do echo $n > n$n.txt; done")
    user.root.rmdir()
    user.make({"many.md": SPEC, "specwright.toml": SETTINGS, "script.json": script([many])})
    return user.run("many.md")


@pytest.mark.parametrize("first", [True, False])
async def test_of_two_verdicts_at_once_one_is_whole(user: User, task: str, first: bool) -> None:
    here = places(user.environment)
    async with await connect(here, "cli") as one, await connect(here, "cli") as two:
        asked = [
            client.ask("decide", m.Decide(task, accept), m.Decided, SECONDS)
            for client, accept in ((one, first), (two, not first))
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Decided", "Refused"]
    written = len(list(user.root.glob("n*.txt")))
    assert {hunk["state"] for file in user.show(task)["files"] for hunk in file["hunks"]} == (
        {"accepted"} if written else {"rejected"}
    )
    assert written in {0, FILES}


@pytest.mark.parametrize("second", ["reject", "revise", "retry"])
async def test_while_a_window_is_asked_nobody_else_decides(user: User, task: str, second: str) -> None:
    here = places(user.environment)
    later: list[asyncio.Task[object]] = []

    async def apply(wanted: m.ApplyInWindow) -> m.AppliedInWindow:
        if not later:
            later.append(asyncio.create_task(asyncio.to_thread(user.type, second, task, *words)))
            await asyncio.sleep(1.5)
        record = m.Record(task, 1, accept=True, hunks=wanted.hunks, viewer="lsp", final=True)
        await window.ask("record", record, m.Decided, SECONDS)
        return m.AppliedInWindow(wanted.hunks, ())

    words = ("-m", "Once more.") if second == "revise" else ()
    async with await connect(here, "lsp", Listener(apply=apply)) as window:
        await window.ask("window/open", m.OpenFile(str(user.root / "n1.txt"), dirty=True), m.Empty)
        done = await asyncio.to_thread(user.type, "accept", "--json", task)
        await asyncio.wait(later)
    assert (done.code, done.json["state"], len(done.json["hunks"])) == (0, "accepted", FILES)
    assert user.show(task)["state"] == "accepted"


@pytest.mark.parametrize("gone", [False, True])
async def test_what_a_daemon_did_not_live_to_move_on_moves_on_at_the_next_start(project: User, gone: bool) -> None:
    task = await asyncio.to_thread(project.run, "a.py")
    await asyncio.to_thread(project.ok, "daemon", "stop")
    store = Store(places(project.environment).database)
    await store.write(verdicts.decide, task, 1, {"1.1": Fact(Decision.ACCEPTED, final=True)}, "cli")
    store.close()
    project.put({"a.py": project.root.joinpath("a.py").read_text().replace("one", "two")})
    if gone:
        project.root.rename(project.root.with_name("moved"))
    await asyncio.to_thread(project.ok, "daemon", "start", cwd=project.home)
    if not gone:
        async with asyncio.timeout(SECONDS):  # a daemon answers before it has recovered everything
            while project.show(task)["state"] != "accepted":
                await asyncio.sleep(0.1)
        assert (project.root / "a.py").read_text() == "x = 'two'\n"
