import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from specwright.agents.scripted import Scripted, parse
from specwright.tasks.model import Tokens
from specwright.tasks.protocols import Brief, End, EndReason, Turn

WRITE = {"tool": "write", "input": {"path": "new.py", "content": "x"}}
FINISH = {"tool": "finish", "input": {"summary": "Done."}}
ASK = {"tool": "finish", "input": {"summary": "?", "blocked": "Which port?"}}
FAIL = {"tool": "read", "input": {"path": "../secret"}}
SAY = {"say": "hm"}


async def play(turns: list[list[object]], brief: Brief, kit: Any, title: str = "*") -> End:
    """What a script of one title comes to."""
    script, problems = parse(json.dumps({title: turns}))
    assert not problems
    return await Scripted(script).work(brief, kit)


@pytest.mark.parametrize(
    ("turns", "end"),
    [
        ([], End(EndReason.FINISHED)),
        ([[SAY]], End(EndReason.FINISHED)),
        ([[WRITE, FINISH, SAY]], End(EndReason.FINISHED, claim="Done.")),
        ([[ASK]], End(EndReason.BLOCKED, note="Which port?", claim="?")),
        ([[FAIL, FINISH]], End(EndReason.FINISHED, claim="Done.")),
    ],
)
async def test_a_round_ends_as_the_script_says(brief: Brief, kit: Any, turns: list[list[object]], end: End) -> None:
    assert await play(turns, brief, kit) == end


async def test_each_turn_is_told_and_made_durable(brief: Brief, kit: Any, slot: Path) -> None:
    await play([[SAY, WRITE, {"sleep": 0}, FAIL]], brief, kit)
    assert (slot / "new.py").read_text() == "x"
    assert [kind for kind, _ in kit.events] == ["started", "text", "tool", "tool_result", "tool", "tool_result"]
    assert kit.told("tool_result", "ok") == [True, False]
    assert kit.turns == [Turn(number, Tokens()) for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(("number", "written"), [(0, "first"), (1, "second"), (2, None)])
async def test_each_round_plays_its_own_turns(brief: Brief, kit: Any, slot: Path, number: int, written: object) -> None:
    rounds = [[{"tool": "write", "input": {"path": "new.py", "content": text}}] for text in ("first", "second")]
    await play([*rounds], replace(brief, round=number), kit)
    path = slot / "new.py"
    assert (path.read_text() if path.exists() else None) == written


async def test_a_title_of_its_own_comes_before_the_star(brief: Brief, kit: Any) -> None:
    script, _ = parse(json.dumps({"*": [[SAY]], brief.title: [[FINISH]]}))
    assert (await Scripted(script).work(brief, kit)).claim == "Done."


async def test_a_start_goes_on_behind_the_last_durable_turn(brief: Brief, kit: Any, slot: Path) -> None:
    again = {"tool": "write", "input": {"path": "new.py", "content": "y"}}
    (slot / "new.py").write_text("x")
    await play([[WRITE, again]], replace(brief, resume=Turn(1)), kit)
    assert (slot / "new.py").read_text() == "y"
    assert kit.turns == [Turn(2)]


async def test_a_start_behind_the_finish_ends_as_it_did(brief: Brief, kit: Any) -> None:
    end = await play([[SAY, ASK]], replace(brief, resume=Turn(2)), kit)
    assert (end.reason, end.note) == (EndReason.BLOCKED, "Which port?")


async def test_the_turns_are_limited(brief: Brief, kit: Any) -> None:
    end = await play([[SAY] * 5], replace(brief, limits=replace(brief.limits, turns=3)), kit)
    assert end.reason is EndReason.EXHAUSTED
    assert len(kit.turns) == 3


async def test_a_cancel_gets_through(brief: Brief, kit: Any) -> None:
    task = asyncio.create_task(play([[SAY, {"sleep": 60}]], brief, kit))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ("[]", "must be an object of titles"),
        ('{"a": [1]}', "'a' must hold a list of rounds"),
        ('{"a": [[{"say": "x"}, {"shout": 1}]]}', "'a', 1.2: a turn is"),
        ('{"a": [[{"sleep": -1}]]}', "'a', 1.1: a turn is"),
        ('{"a": [[{"tool": "read"}]]}', "'a', 1.1: a turn is"),
    ],
)
def test_a_script_that_is_wrong_says_where(text: str, words: str) -> None:
    _, problems = parse(text)
    assert len(problems) == 1
    assert words in problems[0]
