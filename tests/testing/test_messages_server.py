import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from specwright.testing.messages_server import MessagesServer
from specwright.testing.scenarios import SCENARIOS, read_scenarios

ASK: dict[str, object] = {"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": "hi"}]}
CALL = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "read", "input": {}}]}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "x"}
HI = {"role": "user", "content": "hi"}


@pytest.fixture
async def server() -> AsyncIterator[MessagesServer]:
    async with MessagesServer(pace=0.01) as running:
        yield running


async def ask(server: MessagesServer, scenario: str = "edit", **more: object) -> httpx2.Response:
    """Post one request."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        headers = {"x-fake-scenario": scenario, "x-api-key": "k"}
        return await client.post(f"{server.url}/v1/messages", json={**ASK, **more}, headers=headers, timeout=5)


async def test_a_stream_holds_the_whole_message(server: MessagesServer) -> None:
    response = await ask(server, stream=True)
    kinds = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
    assert kinds[0] == "message_start"
    assert kinds[-2:] == ["message_delta", "message_stop"]
    assert kinds.count("content_block_stop") == 2


async def test_without_stream_the_message_is_json(server: MessagesServer) -> None:
    content = (await ask(server)).json()
    assert content["stop_reason"] == "tool_use"
    assert content["content"][1]["name"] == "read"


async def test_requests_are_logged_and_hits_counted(server: MessagesServer) -> None:
    await ask(server, "e503")
    await ask(server, "e503")
    assert server.hits["e503"] == 2
    assert (server.requests[0].key, server.requests[0].scenario) == ("k", "e503")


async def test_a_scenario_can_be_named_in_the_text(server: MessagesServer) -> None:
    named = [{"role": "user", "content": "do it [[fake:e413]]"}]
    async with httpx2.AsyncClient(trust_env=False) as client:
        response = await client.post(f"{server.url}/v1/messages", json={**ASK, "messages": named})
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"max_tokens": None}, "Field required"),
        ({"messages": []}, "at least one"),
        ({"tools": [{"name": "x"}]}, "input_schema"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "first message"),
        ({"messages": [HI, {"role": "assistant", "content": []}]}, "non-empty content"),
        ({"messages": [HI, {"role": "assistant", "content": " "}]}, "must be non-empty"),
        ({"messages": [HI, CALL]}, "without `tool_result`"),
        ({"messages": [HI, CALL, HI]}, "immediately after"),
        ({"messages": [HI, CALL, {"role": "user", "content": [{"type": "text", "text": "a"}, RESULT]}]}, "come first"),
        ({"messages": [HI, {"role": "user", "content": [RESULT]}]}, "immediately after"),
        ({"messages": [HI, CALL, {"role": "user", "content": [RESULT]}] * 2}, "unique"),
    ],
)
async def test_what_the_api_refuses_is_refused(server: MessagesServer, more: dict[str, object], words: str) -> None:
    response = await ask(server, **more)
    assert response.status_code == 400
    assert words in response.json()["error"]["message"]


async def test_the_cache_is_read_as_far_as_the_prefix_is_the_same(server: MessagesServer) -> None:
    mark = {"cache_control": {"type": "ephemeral"}, "system": "s" * 4000}
    first, second = [(await ask(server, **mark)).json()["usage"] for _ in range(2)]
    other = (await ask(server, **{**mark, "system": "t" * 4000})).json()["usage"]
    assert first["cache_creation_input_tokens"] == second["cache_read_input_tokens"] > 1000
    assert other["cache_read_input_tokens"] < 100


async def test_scenarios_can_be_written_by_hand(server: MessagesServer) -> None:
    turns = [{"say": "hm", "tools": [{"tool": "read", "input": {"path": "a"}}]}, {"status": 418, "message": "tea"}]
    server.scenarios.update(read_scenarios(json.dumps({"mine": turns})))
    assert (await ask(server, "mine")).json()["content"][0]["text"] == "hm"
    messages = [HI, CALL, {"role": "user", "content": [RESULT]}]
    assert (await ask(server, "mine", messages=messages)).status_code == 418


@pytest.mark.parametrize("text", ["{", "[]", '{"a": [{"shout": 1}]}', '{"a": [{"tools": [{"tool": 1}]}]}'])
def test_a_wrong_file_of_scenarios_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_scenarios(text)


async def test_other_paths_answer_too(server: MessagesServer) -> None:
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False) as client:
        assert (await client.get("/v1/models")).json()["data"][0]["id"] == "scripted"
        assert (await client.post("/v1/messages/count_tokens", json=ASK)).json()["input_tokens"] > 0
        assert (await client.get("/v1/else")).status_code == 404


async def test_it_runs_as_a_program() -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "server")}
    pipe = asyncio.subprocess.PIPE
    argv = [sys.executable, "-m", "specwright.testing"]
    process = await asyncio.create_subprocess_exec(*argv, stdout=pipe, stderr=pipe, env=env)
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()
    async with httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.post(f"{url}/v1/messages", json=ASK)).status_code == 200
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"stopped\n")


def test_the_scenarios_of_each_group_are_there() -> None:
    assert {"edit", "rate429", "cut", "refusal", "nocache", "escape", "stall", "pause"} <= SCENARIOS.keys()
