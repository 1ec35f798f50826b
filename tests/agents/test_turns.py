from typing import Any

import pytest

from specwright.agents.calls import Answer, invalid
from specwright.agents.transcript import Block
from specwright.agents.turns import again, ids_of, judge, result


def use(identity: str = "t1", name: str = "read", given: Any = None) -> Block:
    return {"type": "tool_use", "id": identity, "name": name, "input": {"path": "a"} if given is None else given}


def answer(*blocks: Block, stop: str = "tool_use") -> Answer:
    return Answer(blocks, stop)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (answer(use()), None),
        (answer(use(name="fly")), "no tool 'fly'"),
        (answer(use(given={})), "path is missing"),
        (answer(use(given="x")), "must be an object"),
        (answer(use(), stop="max_tokens"), "smaller pieces"),
        (answer(use(), use()), "two calls had the id t1"),
    ],
)
def test_a_call_that_must_not_run_has_a_fault(found: Answer, words: str | None) -> None:
    asked = judge(found, set())
    assert asked.malformed is (words is not None)
    assert (words or "") in (asked.calls[-1].fault or "")


def test_the_history_is_fit_to_be_sent_back() -> None:
    asked = judge(answer(use(), use(), use("t2", given=[])), {"t2"})
    assert [block["id"] for block in asked.content] == ["t1", "t1-2", "t2-2"]
    assert asked.content[2]["input"] == {}
    assert [call.id for call in asked.calls] == ["t1", "t1-2", "t2-2"]


def test_an_id_of_an_earlier_turn_is_no_fault() -> None:
    asked = judge(answer(use()), ids_of([{"role": "assistant", "content": [use()]}]))
    assert (asked.calls[0].id, asked.malformed) == ("t1-2", False)


@pytest.mark.parametrize(
    ("stop", "over", "paused", "reminded"),
    [
        ("end_turn", True, False, False),
        ("stop_sequence", True, False, False),
        ("something_new", True, False, False),
        ("pause_turn", False, True, False),
        ("max_tokens", False, False, True),
        ("tool_use", False, False, True),
    ],
)
def test_an_answer_without_calls_is_over_or_goes_on(stop: str, over: bool, paused: bool, reminded: bool) -> None:
    asked = judge(answer({"type": "text", "text": "hm"}, stop=stop), set())
    assert (asked.over, asked.paused, bool(asked.reminder)) == (over, paused, reminded)
    assert asked.text == "hm"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (answer(use()), None),
        (answer(use(), stop=""), "ended early"),
        (answer(stop="end_turn"), "answered nothing"),
        (answer(stop="refusal"), None),
    ],
)
def test_an_answer_that_is_none_is_asked_for_again(found: Answer, words: str | None) -> None:
    fault = invalid(found)
    assert (fault is None) is (words is None)
    assert fault is None or (words or "") in fault.note


def test_a_result_is_never_empty() -> None:
    call = judge(answer(use()), set()).calls[0]
    assert result(call, "", is_error=False)["content"] == "(nothing)"
    assert result(call, "ERROR: x", is_error=True)["is_error"] is True


@pytest.mark.parametrize(
    ("name", "given", "runs"),
    [
        ("bash", {"command": "echo [secret: known value] > .env"}, False),
        ("write", {"path": "a", "content": "[secret: npm token]"}, False),
        ("finish", {"summary": "It has [secret: npm token]."}, True),
        ("bash", {"command": "echo [secret: of mine]"}, True),
    ],
)
def test_a_call_that_was_read_back_without_its_secret_does_not_run(name: str, given: Any, runs: bool) -> None:
    asked = judge(answer(use(name=name, given=given)), set())
    assert asked.calls[0].fault is None
    assert (again(asked).calls[0].fault is None) is runs
    assert "was not run again" in (again(asked).calls[0].fault or "was not run again")
