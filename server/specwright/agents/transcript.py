"""The conversation of a task as a file of JSON lines, each durable before it counts; knows nothing of the model."""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, cast

from specwright.errors import SpecwrightError
from specwright.leaks.mask import mask
from specwright.paths.files import private_folder
from specwright.tasks.model import Tokens

Block = dict[str, object]
"""A content block as the API has it."""
Mask = Callable[[str], str]
T = TypeVar("T")
KEPT_TURNS = 10
"""Answers whose tool results a compaction leaves alone."""
_LEFT_OUT = "[left out to save room; read it again if you need it]"


class Kind(StrEnum):
    """What a line of the transcript is."""

    USER = "user"
    ASSISTANT = "assistant"
    RESULTS = "results"
    CHARGE = "charge"
    """Tokens of calls that came to nothing."""
    COMPACT = "compact"
    """From here on older tool results are left out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `remarks` are the ones that a user message told, `tokens` what led to it."""

    kind: Kind
    run: str
    round: int
    content: tuple[Block, ...] = ()
    tokens: Tokens = field(default_factory=Tokens)
    remarks: tuple[str, ...] = ()
    stop: str = ""
    """Why the model stopped."""


class Transcript:
    """The lines of one file, and where it ends."""

    def __init__(self, path: Path, lines: list[tuple[Line, int]], mask: Mask = mask) -> None:
        self._path = path
        self._lines = lines
        self._mask = mask

    @property
    def offset(self) -> int:
        """Bytes of the file."""
        return self._lines[-1][1] if self._lines else 0

    @property
    def lines(self) -> Sequence[Line]:
        """All of it, oldest first."""
        return [line for line, _ in self._lines]

    async def append(self, line: Line) -> None:
        """Write a line; it is on the disk when this returns."""
        writing = asyncio.ensure_future(asyncio.to_thread(self.append_now, line))
        try:
            await asyncio.shield(writing)
        finally:
            await writing  # a cancel waits for the disk: no second line may overtake this one

    def append_now(self, line: Line) -> None:
        """The same without leaving the event loop, for a run that is being cancelled.

        Secrets are masked: what is told to the model is read from here, too.
        """
        line = replace(line, content=_masked(line.content, self._mask), remarks=_masked(line.remarks, self._mask))
        data = json.dumps(asdict(line), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        with self._path.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._lines.append((line, self.offset + len(data)))

    def answer_behind(self, offset: int) -> Line | None:
        """The answer whose tools may not have run."""
        return next((line for line, end in self._lines if end > offset and line.kind is Kind.ASSISTANT), None)

    def begin_of(self, round_number: int) -> int:
        """Bytes before the first line of a round."""
        return max((end for line, end in self._lines if line.round < round_number), default=0)

    def spent(self, run: str) -> Tokens:
        """What a run used, failed calls included."""
        return sum((line.tokens for line in self.lines if line.run == run), Tokens())

    def answers(self, run: str) -> int:
        """How many turns a run had."""
        return sum(line.kind is Kind.ASSISTANT and line.run == run for line in self.lines)

    def told(self) -> tuple[str, ...]:
        """The remarks that the model has read."""
        return tuple(remark for line in self.lines for remark in line.remarks)

    def messages(self) -> list[Block]:
        """The conversation for the next call; messages of the user that meet become one."""
        messages: list[Block] = []
        for line in self.lines:
            if line.kind is Kind.COMPACT:
                messages = compacted(messages)
            elif line.kind is not Kind.CHARGE:
                _add(messages, line)
        return messages


def open_transcript(path: Path, round_number: int, offset: int | None, mask: Mask = mask) -> Transcript:
    """The transcript up to `offset`, or up to the begin of a round that has no durable turn; what it cost is kept.

    An answer right after that is kept, too: it is paid for, and only its tools must run again.
    Raises `SpecwrightError` when the file is shorter than a durable turn said.
    """
    private_folder(path.parent)
    data = path.read_bytes() if path.exists() else b""
    lines = _parse(data)
    kept = [entry for entry in lines if entry[1] <= offset] if offset is not None else _before(lines, round_number)
    end = kept[-1][1] if kept else 0
    if offset is not None and end != offset:
        raise SpecwrightError(f"{path} does not hold the turn to go on from; retry the task to start it anew.")
    kept = lines[: _behind_answer(lines, len(kept), told=offset is None)]
    end = kept[-1][1] if kept else 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, end)
    finally:
        os.close(handle)
    transcript = Transcript(path, kept, mask)
    for line, _ in lines[len(kept) :]:
        if line.tokens.total:
            transcript.append_now(Line(Kind.CHARGE, line.run, line.round, tokens=line.tokens))
    return transcript


def compacted(messages: Sequence[Block]) -> list[Block]:
    """The same conversation with older tool results left out."""
    answers = [index for index, message in enumerate(messages) if message["role"] == "assistant"]
    first_kept = answers[-KEPT_TURNS] if len(answers) > KEPT_TURNS else 0
    return [_emptied(message) if index < first_kept else message for index, message in enumerate(messages)]


def _masked(value: T, mask: Mask) -> T:
    """The same with every text in it masked; names of fields are ours, or the API's."""
    masked: object = value
    if isinstance(value, str):
        masked = mask(value)
    elif isinstance(value, dict):
        masked = {key: _masked(entry, mask) for key, entry in value.items()}
    elif isinstance(value, list | tuple):
        masked = type(value)(_masked(entry, mask) for entry in value)
    return cast(T, masked)


def _emptied(message: Block) -> Block:
    content = message["content"]
    if message["role"] != "user" or not isinstance(content, list):
        return message
    emptied = [{**block, "content": _LEFT_OUT} if block.get("type") == "tool_result" else block for block in content]
    return {**message, "content": emptied}


def _add(messages: list[Block], line: Line) -> None:
    role = "assistant" if line.kind is Kind.ASSISTANT else "user"
    last = messages[-1] if messages else None
    if last and role == "user" == last["role"] and isinstance(last["content"], list):
        messages[-1] = {**last, "content": [*last["content"], *line.content]}
    else:
        messages.append({"role": role, "content": list(line.content)})


def _before(lines: Sequence[tuple[Line, int]], round_number: int) -> list[tuple[Line, int]]:
    count = next((index for index, (line, _) in enumerate(lines) if line.round >= round_number), len(lines))
    return list(lines[:count])


def _behind_answer(lines: Sequence[tuple[Line, int]], start: int, *, told: bool) -> int:
    """How many lines to keep: with the answer at `start`, or behind what the model is `told` there first."""
    kinds = [line.kind for line, _ in lines[start:]]
    at = kinds.index(Kind.ASSISTANT) if Kind.ASSISTANT in kinds else None
    return start + at + 1 if at == 0 or (at and told) else start


def _parse(data: bytes) -> list[tuple[Line, int]]:
    """Each line with the offset after it; a torn last line is not there."""
    lines, end = [], 0
    for raw in data.splitlines(keepends=True):
        try:
            found = _line(json.loads(raw))
        except (ValueError, KeyError, TypeError):
            break
        end += len(raw)
        lines.append((found, end))
    return lines


def _line(value: dict[str, object]) -> Line:
    content, remarks, tokens = value["content"], value["remarks"], value["tokens"]
    if not (isinstance(content, list) and isinstance(remarks, list) and isinstance(tokens, dict)):
        raise ValueError("not a line of a transcript")
    return Line(
        Kind(str(value["kind"])),
        str(value["run"]),
        int(str(value["round"])),
        tuple(content),
        Tokens(**tokens),
        tuple(remarks),
        str(value["stop"]),
    )
