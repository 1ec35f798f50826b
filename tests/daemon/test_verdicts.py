"""Two verdicts on one task at once: the first one is whole, the second is told so."""

import asyncio

import pytest

from specwright.api import messages as m
from specwright.api.client import connect
from specwright.paths.places import places
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
