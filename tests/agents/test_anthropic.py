import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from specwright.agents.anthropic import Anthropic
from specwright.agents.calls import Connection
from specwright.agents.faults import Patience
from specwright.tasks.model import Finding, Level, Tokens
from specwright.tasks.protocols import Brief, End, EndReason, Limits, Turn
from specwright.testing.messages_server import MessagesServer

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
    charged: bool = True
    """Whether a failed call had told of tokens."""


F = EndReason.FINISHED
ROWS = [
    Row("rate429", F, 8, held=("rate",) * 4, waits=(1,) * 4, charged=False),
    Row("rate429long", F, 8, held=("rate",) * 4, waits=(300,) * 3, charged=False),
    Row("rate429day", EndReason.THROTTLED, 1, "rate_limit_error"),
    Row("rate429always", EndReason.THROTTLED, 9, "rate_limit_error", ("rate",) * 8, (2, 4, 8, 16, 32, 60, 60, 60)),
    Row("over529", F, 6, held=("rate",) * 2, waits=(2, 4), charged=False),
    Row("over529always", EndReason.THROTTLED, 9, "overloaded_error", ("rate",) * 8),
    Row("e500noretry", EndReason.FAULT, 1, "Broken."),
    Row("e503", EndReason.FAULT, 4, "Unavailable.", ("server",) * 3, (2, 4, 8)),
    Row("e503once", F, 5, held=("server",), waits=(2,), charged=False),
    Row("e400", EndReason.FAULT, 1, "max_tokens: too large."),
    Row("e400long", EndReason.OVERFLOW, 1, "prompt is too long"),
    Row("e401", EndReason.KEY, 1, "invalid x-api-key"),
    Row("e403", EndReason.KEY, 1, "may not use the model"),
    Row("e402", EndReason.SPENT, 1, "credit balance"),
    Row("e404", EndReason.FAULT, 1, "no such model"),
    Row("e413", EndReason.FAULT, 1, "maximum size"),
    Row("close", F, 8, held=("network",) * 4, waits=(2,) * 4, charged=False),
    Row("closealways", EndReason.FAULT, 9, "connection to the model's server failed", ("network",) * 8),
    Row("hang", F, 8, held=("stall",) * 4, waits=(2,) * 4, charged=False),
    Row("cut", F, 8, held=("network",) * 4),
    Row("cuttext", F, 6, held=("network",) * 2),
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
    if row.waits:
        assert [round(seconds) for seconds in waits][: len(row.waits)] == list(row.waits)
