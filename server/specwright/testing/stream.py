"""A message as the events of a stream, spoilt where the scenario wants it."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from specwright.testing.replies import Call, Message, Spoilt
from specwright.testing.usage import output_tokens
from specwright.testing.wire import event

_PIECE = 12
"""Characters of a delta."""


@dataclass(frozen=True, slots=True)
class Played:
    """The events that are sent, and whether the stream then ends by a reset, with a silence, or properly."""

    events: Sequence[bytes]
    tokens: int
    """All that the client is told to have used."""
    reset: bool = False
    stalls: bool = False


def play(message: Message, model: str, usage: Mapping[str, int]) -> Played:
    """All that is sent of a message."""
    start = event("message_start", message={**_frame(model), "usage": {**usage, "output_tokens": 1}})
    body = [piece for index, block in enumerate(_blocks(message)) for piece in _block(index, block, message.spoilt)]
    told = sum(usage.values())
    match message.spoilt:
        case Spoilt.CUT | Spoilt.CUT_CLEAN:
            return Played([start, *body[:-2]], told + 1, reset=message.spoilt is Spoilt.CUT)
        case Spoilt.CUT_TEXT:
            return Played([start, *body[:2]], told + 1, reset=True)
        case Spoilt.STALL:
            return Played([start, *body[:2]], told + 1, stalls=True)
        case Spoilt.GARBLED:
            return Played([start, *body], told + 1)
        case Spoilt.ERROR:
            error = event("error", error={"type": "overloaded_error", "message": "Overloaded"})
            return Played([start, *body[:2], error], told + 1)
    return Played([start, *body, *_end(message)], told + _written(message))


def as_json(message: Message, model: str, usage: Mapping[str, int]) -> dict[str, object]:
    """The same message for a request that does not stream."""
    end = {"stop_reason": message.stop_reason or None, "usage": {**usage, "output_tokens": _written(message)}}
    return {**_frame(model), "content": _blocks(message), **end}


def _frame(model: str) -> dict[str, object]:
    return {
        "id": f"msg_{uuid.uuid4().hex[:20]}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }


def _blocks(message: Message) -> list[dict[str, object]]:
    text: list[dict[str, object]] = [{"type": "text", "text": message.say}] if message.say else []
    return text + [_use(call) for call in message.calls]


def _use(call: Call) -> dict[str, object]:
    return {
        "type": "tool_use",
        "id": call.id or f"toolu_{uuid.uuid4().hex[:20]}",
        "name": call.tool,
        "input": dict(call.given),
    }


def _block(index: int, block: Mapping[str, object], spoilt: Spoilt | None) -> Iterator[bytes]:
    if block["type"] == "text":
        text, key, kind = str(block["text"]), "text", "text_delta"
        empty: dict[str, object] = {**block, "text": ""}
    else:
        text, key, kind = _spoilt(json.dumps(block["input"]), spoilt), "partial_json", "input_json_delta"
        empty = {**block, "input": {}}
    yield event("content_block_start", index=index, content_block=empty)
    for at in range(0, len(text), _PIECE):
        yield event("content_block_delta", index=index, delta={"type": kind, key: text[at : at + _PIECE]})
    yield event("content_block_stop", index=index)


def _spoilt(text: str, spoilt: Spoilt | None) -> str:
    if spoilt is Spoilt.HALF_INPUT:
        return text[: len(text) // 2]
    return "{]" + text if spoilt is Spoilt.GARBLED else text


def _end(message: Message) -> list[bytes]:
    delta: dict[str, object] = {"stop_reason": message.stop_reason, "stop_sequence": None}
    if message.category:
        delta["stop_details"] = {"type": "refusal", "category": message.category, "explanation": None}
    return [event("message_delta", delta=delta, usage={"output_tokens": _written(message)}), event("message_stop")]


def _written(message: Message) -> int:
    return output_tokens([message.say, *(json.dumps(dict(call.given)) for call in message.calls)])
