from pathlib import Path

import pytest

from specwright.agents.resume import ended_before, recall, untold
from specwright.agents.tools import Tools
from specwright.agents.transcript import Block, Kind, Line, Transcript
from specwright.tasks.protocols import End, EndReason

READ: Block = {"type": "tool_use", "id": "t", "name": "read", "input": {"path": "greeting.py"}}
FINISH: Block = {"type": "tool_use", "id": "f", "name": "finish", "input": {"summary": "s", "blocked": "Why?"}}
TEXT: Block = {"type": "text", "text": "Done."}


def transcript(path: Path, stop: str, *content: Block, error: bool | None = None) -> Transcript:
    """One answer, and the result of its call `t` where there is one."""
    made = Transcript(path, [])
    made.append_now(Line(Kind.ASSISTANT, "k7f3qa/1", 0, content, stop=stop))
    if error is not None:
        result: Block = {"type": "tool_result", "tool_use_id": "t", "content": "x", "is_error": error}
        made.append_now(Line(Kind.RESULTS, "k7f3qa/1", 0, (result,)))
    return made


@pytest.mark.parametrize(("error", "known"), [(False, True), (True, False), (None, False)])
async def test_only_what_was_really_read_is_known(
    tools: Tools, tmp_path: Path, error: bool | None, known: bool
) -> None:
    recall(transcript(tmp_path / "t", "tool_use", READ, error=error), tools)
    result = await tools.call("write", {"path": "greeting.py", "content": ""})
    assert result.is_error is not known


@pytest.mark.parametrize(
    ("stop", "content", "end"),
    [
        ("tool_use", FINISH, End(EndReason.BLOCKED, "Why?", "s")),
        ("tool_use", READ, None),
        ("end_turn", TEXT, End(EndReason.FINISHED, claim="Done.")),
        ("pause_turn", TEXT, None),
    ],
)
async def test_the_last_turn_says_whether_it_was_the_last(
    tools: Tools, tmp_path: Path, stop: str, content: Block, end: End | None
) -> None:
    assert await ended_before(transcript(tmp_path / "t", stop, content), tools) == end


@pytest.mark.parametrize(
    ("remarks", "told", "new"),
    [(("a", "b"), ("a",), ("b",)), (("a",), (), ("a",)), (("a", "a"), ("a",), ("a",)), (("b",), ("a",), ("b",))],
)
def test_remarks_that_were_told_are_left_out(
    remarks: tuple[str, ...], told: tuple[str, ...], new: tuple[str, ...]
) -> None:
    assert untold(remarks, told) == new
