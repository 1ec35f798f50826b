import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from specwright.agents.transcript import Block, Kind, Line, Transcript, open_transcript
from specwright.errors import SpecwrightError
from specwright.tasks.model import Tokens

HI: Block = {"type": "text", "text": "hi — \ud800"}
CALL: Block = {"type": "tool_use", "id": "t", "name": "read", "input": {"path": "a"}}
RESULT: Block = {"type": "tool_result", "tool_use_id": "t", "content": "long"}


def line(kind: Kind, *content: Block, number: int = 0, tokens: int = 0) -> Line:
    return Line(kind, "k7f3qa/1", number, content, Tokens(tokens))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    transcript = open_transcript(tmp_path / "run" / "transcript.jsonl", 0, None)
    for entry in (line(Kind.USER, HI), line(Kind.ASSISTANT, CALL, tokens=5), line(Kind.RESULTS, RESULT)):
        transcript.append_now(entry)
    transcript.append_now(line(Kind.USER, HI, number=1))
    transcript.append_now(line(Kind.ASSISTANT, HI, number=1, tokens=7))
    return tmp_path / "run" / "transcript.jsonl"


def offsets(path: Path) -> list[int]:
    """The end of each line."""
    data = path.read_bytes()
    return [index + 1 for index, byte in enumerate(data) if byte == 10]


def test_only_its_owner_may_read_it(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_messages_of_the_user_that_meet_become_one(path: Path) -> None:
    messages = open_transcript(path, 9, None).messages()
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant"]
    assert messages[2]["content"] == [RESULT, HI]


def test_a_round_without_a_durable_turn_keeps_its_first_answer_and_what_the_others_cost(path: Path) -> None:
    with path.open("ab") as file:
        again = [line(Kind.RESULTS, RESULT, number=1), line(Kind.ASSISTANT, HI, number=1, tokens=3)]
        file.writelines(json.dumps(asdict(entry)).encode() + b"\n" for entry in again)
    transcript = open_transcript(path, 1, None)
    first = [Kind.USER, Kind.ASSISTANT, Kind.RESULTS]
    assert [entry.kind for entry in transcript.lines] == [*first, Kind.USER, Kind.ASSISTANT, Kind.CHARGE]
    assert transcript.spent("k7f3qa/1").total == 15
    assert transcript.offset == path.stat().st_size
    assert transcript.begin_of(1) == offsets(path)[2]


def test_a_round_that_got_no_answer_starts_anew(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: offsets(path)[3]])
    transcript = open_transcript(path, 1, None)
    assert [entry.kind for entry in transcript.lines] == [Kind.USER, Kind.ASSISTANT, Kind.RESULTS]


def test_it_is_cut_behind_a_durable_turn(path: Path) -> None:
    transcript = open_transcript(path, 0, offsets(path)[2])
    assert [entry.kind for entry in transcript.lines][:3] == [Kind.USER, Kind.ASSISTANT, Kind.RESULTS]
    assert len(transcript.messages()) == 3


@pytest.mark.parametrize("offset", [3, 10_000])
def test_an_offset_that_is_not_there_is_refused(path: Path, offset: int) -> None:
    with pytest.raises(SpecwrightError, match="retry the task"):
        open_transcript(path, 0, offset)


@pytest.mark.parametrize("torn", [b'{"kind": "user"', b"\xff\xfe\n", b"[]\n", b'{"kind": "new"}\n'])
def test_a_torn_end_is_dropped(path: Path, torn: bytes) -> None:
    before = path.read_bytes()
    path.write_bytes(before + torn)
    assert len(open_transcript(path, 9, None).lines) == 5
    assert path.read_bytes() == before


def test_older_results_are_left_out_behind_a_compaction(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path / "t", [])
    for _ in range(12):
        transcript.append_now(line(Kind.ASSISTANT, CALL))
        transcript.append_now(line(Kind.RESULTS, RESULT))
    transcript.append_now(line(Kind.COMPACT))
    results = [message for message in transcript.messages() if message["role"] == "user"]
    assert ["long" in str(message) for message in results] == [False] * 2 + [True] * 10


async def test_a_cancelled_append_is_whole(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path / "t", [])
    task = asyncio.create_task(transcript.append(line(Kind.USER, HI)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    transcript.append_now(line(Kind.CHARGE))
    assert [entry.kind for entry in open_transcript(tmp_path / "t", 9, None).lines] == [Kind.USER, Kind.CHARGE]
