"""The light client: joins, starts, and says what is wrong with a daemon."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from specwright.api import messages as m
from specwright.api.client import ALLOWED_VARIABLES, Client, NoDaemon, connect, credentials, tool_environment
from specwright.errors import SpecwrightError
from specwright.paths.places import places
from user import User, user_in


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        made.root.mkdir()
        yield made


async def start(user: User) -> Client:
    return await connect(places(user.environment), "cli", environment=user.environment)


async def test_without_leave_to_start_one_nothing_is_made(user: User) -> None:
    with pytest.raises(NoDaemon, match="`specwright daemon start` starts one"):
        await connect(places(user.environment), "cli", start=False)
    assert not user.state.exists()


async def test_it_starts_one_and_learns_who_it_is(user: User) -> None:
    async with await start(user) as client:
        assert (client.daemon.protocol, client.daemon.pid) == (1, user.pid())


async def test_clients_at_once_start_one_daemon(user: User) -> None:
    clients = await asyncio.gather(*(start(user) for _ in range(5)))
    assert {client.daemon.pid for client in clients} == {user.pid()}
    for client in clients:
        await client.close()


async def test_it_notices_the_end_and_says_that_nothing_is_lost(user: User) -> None:
    client = await start(user)
    await asyncio.to_thread(user.ok, "daemon", "stop")
    await asyncio.wait_for(client.ended(), 30)
    with pytest.raises(SpecwrightError, match="what was queued is kept"):
        await client.ask("status", m.Empty(), m.DaemonStatus)
    await client.close()


async def test_a_daemon_that_can_not_start_leaves_its_last_words(user: User) -> None:
    user.state.mkdir(parents=True)
    (user.state / "specwright.db").write_text("This is no database. " * 100)
    with pytest.raises(SpecwrightError, match=r"did not start: .*specwright.db can't be opened.*Its log is"):
        await start(user)


def test_only_allow_listed_variables_and_no_secret_go_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    monkeypatch.setenv("VIRTUAL_ENV", "/venv")
    sent = tool_environment()
    assert sent["VIRTUAL_ENV"] == "/venv"
    assert set(sent) <= set(ALLOWED_VARIABLES)
    assert "secret" not in "".join(sent.values())
    assert credentials().key == "sk-secret"
