import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from specwright.agents.anthropic import Anthropic
from specwright.agents.calls import Connection
from specwright.agents.faults import Patience
from specwright.agents.transcript import open_transcript
from specwright.tasks.model import Finding, Level, Tokens
from specwright.tasks.protocols import Brief, End, EndReason, Limits, Turn
from specwright.testing.messages_server import MessagesServer
from specwright.testing.replies import Refusal

DONE = End(EndReason.FINISHED, claim="It greets in German.")
KEY = "sk-test"


@pytest.fixture
async def server() -> AsyncIterator[MessagesServer]:
    async with MessagesServer(pace=0.02) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
async def agent(server: MessagesServer, waits: list[float]) -> AsyncIterator[Anthropic]:
    async def wait(seconds: float) -> None:
        waits.append(seconds)

    patience = Patience(sleep=wait, chance=lambda: 1.0, read=0.4, connect=2)
    made = Anthropic("scripted", Connection(KEY, server.url, cache=True), patience)
    yield made
    await made.close()


def told(brief: Brief, scenario: str, **limits: Any) -> Brief:
    """A brief that asks the server for a scenario."""
    spec = f"# Greet in German\n\nIt says hallo. [[fake:{scenario}]]"
    return replace(brief, spec=spec, limits=replace(Limits(), **limits))


def spent(kit: Any) -> int:
    """All tokens that the transcript says the run used."""
    return open_transcript(kit.transcript, 99, None).spent("k7f3qa/1").total


def changed(slot: Path) -> bool:
    return "hallo" in (slot / "greeting.py").read_text()


async def test_a_run_changes_the_slot_and_says_so(agent: Anthropic, brief: Brief, kit: Any, slot: Path) -> None:
    assert await agent.work(told(brief, "edit"), kit) == DONE
    assert changed(slot)
    assert kit.told("tool", "name") == ["read", "edit", "bash", "finish"]
    assert kit.told("tool_result", "ok") == [True] * 4
    assert [turn.number for turn in kit.turns] == [1, 2, 3, 4]
    assert kit.turns[-1].offset == kit.transcript.stat().st_size


@dataclass(frozen=True)
class Row:
    """One row of the fault matrix: what comes of a scenario."""

    scenario: str
    reason: EndReason
    hits: int
    note: str = ""
    held: tuple[str, ...] = ()
    waits: tuple[float, ...] = ()


F = EndReason.FINISHED
ROWS = [
    Row("rate429", F, 8, held=("rate",) * 4, waits=(1,) * 4),
    Row("rate429long", F, 8, held=("rate",) * 4, waits=(300,) * 3),
    Row("rate429day", EndReason.THROTTLED, 1, "rate_limit_error"),
    Row("rate429always", EndReason.THROTTLED, 9, "rate_limit_error", ("rate",) * 8, (2, 4, 8, 16, 32, 60, 60, 60)),
    Row("over529", F, 6, held=("rate",) * 2, waits=(2, 4)),
    Row("over529always", EndReason.THROTTLED, 9, "overloaded_error", ("rate",) * 8),
    Row("e500noretry", EndReason.FAULT, 1, "Broken."),
    Row("e503", EndReason.FAULT, 4, "Unavailable.", ("server",) * 3, (2, 4, 8)),
    Row("e503once", F, 5, held=("server",), waits=(2,)),
    Row("e400", EndReason.FAULT, 1, "max_tokens: too large."),
    Row("e400long", EndReason.OVERFLOW, 1, "prompt is too long"),
    Row("e401", EndReason.KEY, 1, "invalid x-api-key"),
    Row("e403", EndReason.KEY, 1, "may not use the model"),
    Row("e402", EndReason.SPENT, 1, "credit balance"),
    Row("e404", EndReason.FAULT, 1, "no such model"),
    Row("e413", EndReason.FAULT, 1, "maximum size"),
    Row("close", F, 8, held=("network",) * 4, waits=(2,) * 4),
    Row("closealways", EndReason.FAULT, 9, "connection to the model's server failed", ("network",) * 8),
    Row("hang", F, 8, held=("stall",) * 4, waits=(2,) * 4),
    Row("cut", F, 8, held=("network",) * 4),
    Row("cuttext", F, 8, held=("network",) * 4),
    Row("cutclean", F, 8, held=("network",) * 4),
    Row("errmid", F, 8, held=("rate",) * 4, waits=(2,) * 4),
    Row("stall", F, 8, held=("stall",) * 4),
    Row("garbled", F, 8, held=("server",) * 4),
    Row("slow", F, 4),
    Row("emptystop", F, 8, held=("network",) * 4),
    Row("emptyalways", EndReason.FAULT, 4, "answered nothing", ("server",) * 3),
    Row("badinput", F, 5),
    Row("dupid", F, 5),
    Row("unknowntool", F, 5),
    Row("malformed3", EndReason.EXHAUSTED, 3, "wrongly in 3 turns"),
    Row("maxtok", F, 5),
    Row("maxtokalways", EndReason.EXHAUSTED, 6, "wrongly in 3 turns"),
    Row("refusal", EndReason.REFUSED, 1, "cyber"),
    Row("ctxalways", EndReason.OVERFLOW, 4, "longer than the model"),
    Row("pause", F, 5),
    Row("pausealways", EndReason.FAULT, 6, "paused 6 times"),
    Row("nocache", F, 4),
    Row("approx", F, 4),
    Row("empty", F, 1),
    Row("write", F, 2),
    Row("many", F, 2),
    Row("escape", F, 8),
    Row("secret", F, 2),
    Row("blocked", EndReason.BLOCKED, 2, "formal or not?"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.scenario)
async def test_each_fault_has_its_end(
    row: Row, agent: Anthropic, brief: Brief, kit: Any, server: MessagesServer, waits: list[float]
) -> None:
    end = await agent.work(told(brief, row.scenario), kit)
    assert (end.reason, server.hits[row.scenario]) == (row.reason, row.hits), end.note
    assert row.note in end.note
    assert tuple(kit.told("held", "reason")) == row.held
    assert (kit.told("usage", "total") or [0])[-1] == server.tokens[row.scenario]
    assert spent(kit) == server.tokens[row.scenario]
    if row.waits:
        assert [round(seconds) for seconds in waits][: len(row.waits)] == list(row.waits)


@pytest.mark.parametrize("answered", [False, True])
async def test_a_run_that_is_cut_at_any_turn_goes_on_behind_it_and_pays_for_no_answer_twice(
    agent: Anthropic, brief: Brief, kit: Any, slot: Path, server: MessagesServer, answered: bool
) -> None:
    await agent.work(told(brief, "edit"), kit)
    whole, turns = kit.transcript.read_bytes(), list(kit.turns)
    for turn in turns:
        kit.transcript.write_bytes(whole if answered else whole[: turn.offset])
        kit.turns.clear()
        server.hits.clear()
        (slot / "greeting.py").write_text(f'"{"hello" if turn.number < 2 else "hallo"}"\n')
        assert await agent.work(replace(told(brief, "edit"), resume=turn), kit) == DONE
        assert [again.number for again in kit.turns] == list(range(turn.number + 1, 5))
        assert server.hits["edit"] == max(0, 4 - turn.number - answered)
        assert changed(slot)


@pytest.mark.parametrize("round_number", [0, 1])
async def test_a_round_that_is_cut_before_its_first_turn_is_durable_pays_for_no_answer_twice(
    agent: Anthropic, brief: Brief, kit: Any, slot: Path, server: MessagesServer, round_number: int
) -> None:
    if round_number:
        await agent.work(told(brief, "wrong"), kit)
    before = len(kit.transcript.read_bytes()) if round_number else 0
    wanted = replace(told(brief, "wrong" if round_number else "edit"), round=round_number)
    text = (slot / "greeting.py").read_text()
    await agent.work(wanted, kit)
    lines = kit.transcript.read_bytes()[before:].splitlines(keepends=True)
    kit.transcript.write_bytes(kit.transcript.read_bytes()[:before] + b"".join(lines[:2]))  # what is told, the answer
    (slot / "greeting.py").write_text(text)
    asked = sum(server.hits.values())
    assert await agent.work(wanted, kit) == DONE
    assert changed(slot)
    assert sum(server.hits.values()) - asked == len([line for line in lines if b'"assistant"' in line]) - 1


async def test_a_run_goes_on_behind_a_call_whose_secret_was_not_kept(
    agent: Anthropic, brief: Brief, kit: Any, slot: Path, server: MessagesServer
) -> None:
    await agent.work(told(brief, "edit"), kit)
    lines = kit.transcript.read_bytes().splitlines(keepends=True)
    first = json.loads(lines[1])
    call = {"type": "tool_use", "id": "cut", "name": "bash", "input": {"command": "echo '[secret: npm token]' > key"}}
    first["content"] = [call]
    kit.transcript.write_bytes(lines[0] + json.dumps(first).encode() + b"\n")
    kit.turns.clear()
    (slot / "greeting.py").write_text('"hello"\n')
    assert (await agent.work(told(brief, "edit"), kit)).reason is EndReason.FINISHED
    assert not (slot / "key").exists()
    assert b"was not run again" in kit.transcript.read_bytes()


async def test_a_start_with_a_shorter_transcript_is_a_fault(agent: Anthropic, brief: Brief, kit: Any) -> None:
    end = await agent.work(replace(told(brief, "edit"), resume=Turn(1, Tokens(), 4711)), kit)
    assert end.reason is EndReason.FAULT
    assert "retry the task" in end.note


async def test_a_repair_round_goes_on_with_the_conversation(
    agent: Anthropic, brief: Brief, kit: Any, slot: Path, server: MessagesServer
) -> None:
    await agent.work(told(brief, "wrong"), kit)
    assert not changed(slot)
    finding = Finding("tests", "greet", Level.HIGH, "expected hallo", "greeting.py", 2)
    assert await agent.work(replace(told(brief, "wrong"), round=1, findings=(finding,)), kit) == DONE
    assert changed(slot)
    assert [turn.number for turn in kit.turns] == [1, 2, 1, 2]
    last = server.requests[-2].body["messages"][-1]["content"]  # type: ignore[index]  # JSON as it came
    assert [block["type"] for block in last] == ["tool_result", "text"]
    assert "[tests greet] greeting.py:2: expected hallo" in last[1]["text"]


async def test_a_remark_is_told_once(agent: Anthropic, brief: Brief, kit: Any, server: MessagesServer) -> None:
    for number in range(3):
        remarks = tuple(f"remark {index}" for index in range(number))
        await agent.work(replace(told(brief, "blocked"), round=number, remarks=remarks), kit)
    assert str(server.requests[-1].body).count("remark 0") == 1


async def test_system_and_tools_are_the_same_bytes_for_all_tasks(
    agent: Anthropic, brief: Brief, kit: Any, server: MessagesServer
) -> None:
    await agent.work(told(brief, "edit"), kit)
    kit.transcript = kit.transcript.with_name("other")
    await agent.work(replace(told(brief, "write"), run="other1/7", title="Other", scope=()), kit)
    assert len({str((request.body["system"], request.body["tools"])) for request in server.requests}) == 1
    assert all(turn.tokens.cache_read > 1000 for turn in kit.turns[1:])


async def test_no_mark_is_sent_to_a_server_that_does_not_cache(
    brief: Brief, kit: Any, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-other")
    plain = Anthropic("scripted", Connection(KEY, server.url))
    assert await plain.work(told(brief, "edit"), kit) == DONE
    await plain.close()
    assert "cache_control" not in str(server.requests)
    assert {request.key for request in server.requests} == {KEY}


@pytest.mark.parametrize(
    ("limits", "reason", "hits"),
    [
        ({"turns": 3}, EndReason.EXHAUSTED, {3}),
        ({"seconds": 0}, EndReason.EXHAUSTED, {0}),
        ({"tokens": 1000}, EndReason.SPENT, {0}),
        ({"tokens": 9000, "output_tokens": 100}, EndReason.SPENT, {3, 4, 5, 6}),
    ],
)
async def test_limits_are_checked_before_each_call(
    agent: Anthropic, brief: Brief, kit: Any, limits: dict[str, Any], reason: EndReason, hits: set[int]
) -> None:
    end = await agent.work(told(brief, "loop", **limits), kit)
    assert end.reason is reason
    assert len(kit.turns) in hits
    assert spent(kit) <= limits.get("tokens", 99_999)


async def test_an_overflow_leaves_out_old_results_once_and_goes_on(
    agent: Anthropic, brief: Brief, kit: Any, server: MessagesServer
) -> None:
    loop, overflow = server.scenarios["loop"], server.scenarios["ctxalways"]
    server.scenarios["long"] = lambda asked: overflow(asked) if asked.hit == 13 else loop(asked)
    await agent.work(told(brief, "long", turns=14), kit)
    assert kit.told("warning", "code") == ["overflow"]
    assert [str(request.body).count("left out to save room") for request in server.requests][-3:] == [0, 2, 2]


@pytest.mark.parametrize("scenario", ["stall", "hang"])
async def test_a_cancel_gets_through_and_is_charged(
    agent: Anthropic, brief: Brief, kit: Any, server: MessagesServer, scenario: str
) -> None:
    task = asyncio.create_task(agent.work(told(brief, scenario), kit))
    await until(lambda: server.hits[scenario] == 1)
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert spent(kit) == server.tokens[scenario]


async def until(true: Callable[[], bool]) -> None:
    """Wait for something, at most 5 s."""
    ends_at = time.monotonic() + 5
    while not true():
        assert time.monotonic() < ends_at
        await asyncio.sleep(0.01)


async def test_a_server_without_a_cache_is_asked_again_without_marks(
    agent: Anthropic, brief: Brief, kit: Any, server: MessagesServer
) -> None:
    refusal = Refusal(400, "invalid_request_error", "cache_control: Extra inputs are not permitted")
    server.scenarios["strange"] = lambda asked: refusal if asked.hit == 1 else server.scenarios["edit"](asked)
    assert await agent.work(told(brief, "strange"), kit) == DONE
    assert kit.told("warning", "code") == ["cache"]
    assert "cache_control" not in str(server.requests[-1].body)
