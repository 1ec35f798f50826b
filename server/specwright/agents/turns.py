"""What an answer asks for: its tool calls, each judged before anything runs; pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from specwright.agents.calls import Answer
from specwright.agents.schemas import check_input
from specwright.agents.transcript import Block
from specwright.leaks.mask import MARK

GOES_ON = ("tool_use", "max_tokens", "pause_turn")
"""Stop reasons of a model that has more to do."""
_SMALLER = "Your answer was cut off at its limit. Go on in smaller pieces."
_NO_CALL = "No tool call arrived. Call a tool, or call `finish`."
_CUT = "your answer was cut off at its limit, so this was not run. Do it again in smaller pieces."

_NOT_STORED = (
    "work was interrupted here, and the secret in this call was not kept, so it was not run again. "
    "See what it had done already, and do the rest without writing a secret."
)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call; `fault` is the sentence for the model when it must not run."""

    id: str
    name: str
    given: Mapping[str, object]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer as it goes into the history, fit to be sent back, and its calls in order."""

    content: tuple[Block, ...]
    calls: tuple[ToolCall, ...]

    stop: str

    @property
    def malformed(self) -> bool:
        """Whether a part of it can't be used."""
        return bool(self.reminder) or any(call.fault for call in self.calls)

    @property
    def reminder(self) -> str:
        """What the model is told when it called nothing, yet is not done."""
        if self.calls:
            return ""
        return {"max_tokens": _SMALLER, "tool_use": _NO_CALL}.get(self.stop, "")

    @property
    def paused(self) -> bool:
        """Whether the same call is made again, to go on."""
        return self.stop == "pause_turn"

    @property
    def over(self) -> bool:
        """Whether the model has nothing more to do."""
        return not self.calls and self.stop not in GOES_ON

    @property
    def text(self) -> str:
        """What the model said."""
        return "\n".join(str(block["text"]) for block in self.content if block.get("type") == "text")


def judge(answer: Answer, taken: set[str]) -> Asked:
    """Judge the calls of an answer; `taken` are the ids of the conversation so far.

    An id that was used before is replaced, since the history with it would be refused; within one answer it is a fault.
    """
    content: list[Block] = []
    calls: list[ToolCall] = []
    own: set[str] = set()
    for block in answer.content:
        if block.get("type") != "tool_use":
            content.append(block)
            continue
        call = _judged(block, own, cut=answer.stop == "max_tokens")
        own.add(call.id)
        unique = _unique(call.id, taken | {known.id for known in calls})
        calls.append(ToolCall(unique, call.name, call.given, call.fault))
        content.append({**block, "id": unique, "input": dict(call.given)})
    return Asked(tuple(content), tuple(calls), answer.stop)


def again(asked: Asked) -> Asked:
    """The calls of an answer that was read back: none of them runs with the mark of a secret in the secret's place.

    `finish` does, whose words change no file.
    """
    calls = tuple(
        replace(call, fault=_NOT_STORED) if _is_masked(call) and not call.fault else call for call in asked.calls
    )
    return replace(asked, calls=calls)


def ids_of(messages: Sequence[Block]) -> set[str]:
    """The ids of all calls in a conversation."""
    blocks = [block for message in messages if isinstance(content := message["content"], list) for block in content]
    return {str(block["id"]) for block in blocks if block.get("type") == "tool_use"}


def result(call: ToolCall, text: str, *, is_error: bool) -> Block:
    """The answer to one call. The text is never empty: some servers refuse that."""
    block: Block = {"type": "tool_result", "tool_use_id": call.id, "content": text or "(nothing)"}
    return {**block, "is_error": True} if is_error else block


def _judged(block: Block, own: set[str], *, cut: bool) -> ToolCall:
    identity, name, given = str(block.get("id") or "call"), str(block.get("name")), block.get("input")
    fault = _CUT if cut else check_input(name, given)
    if identity in own:
        fault = f"two calls had the id {identity}; call again."
    return ToolCall(identity, name, given if isinstance(given, Mapping) else {}, fault)


def _is_masked(call: ToolCall) -> bool:
    return call.name != "finish" and MARK.search(json.dumps(call.given, ensure_ascii=False, default=str)) is not None


def _unique(identity: str, taken: set[str]) -> str:
    if identity not in taken:
        return identity
    return next(name for number in range(2, len(taken) + 3) if (name := f"{identity}-{number}") not in taken)
