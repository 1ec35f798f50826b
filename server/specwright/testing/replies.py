"""What the scripted server can reply: a message, whole or spoilt on its way, a refusal, or nothing at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Spoilt(StrEnum):
    """What goes wrong with a message in mid-stream."""

    CUT = "cut"
    """The connection is reset in the tool's input."""
    CUT_TEXT = "cuttext"
    """The connection is reset in the text."""
    CUT_CLEAN = "cutclean"
    """The stream ends early, and properly."""
    ERROR = "errmid"
    """An error event comes in mid-stream."""
    STALL = "stall"
    """Nothing comes any more."""
    SLOW = "slow"
    """Everything comes, with a pause before each event."""
    HALF_INPUT = "badinput"
    """A tool's input stops half way; the stream goes on to its end."""
    GARBLED = "garbled"
    """A tool's input is no JSON."""


class Silence(StrEnum):
    """No answer."""

    HANG = "hang"
    CLOSE = "close"


class Usage(StrEnum):
    """How tokens are reported."""

    CACHED = "cached"
    PLAIN = "nocache"
    """The cache is never written nor read."""
    APPROXIMATE = "approx"
    """As some local servers do: a rough count, no fields of a cache."""


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call of a message; an id of its own unless one is given."""

    tool: str
    given: Mapping[str, object]
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """An answer of the model; without `stop`, `tool_use` if it calls a tool, else `end_turn`."""

    say: str = ""
    calls: tuple[Call, ...] = ()
    stop: str | None = None
    category: str | None = None
    spoilt: Spoilt | None = None
    usage: Usage = Usage.CACHED

    @property
    def stop_reason(self) -> str:
        """Why the model stopped."""
        return ("tool_use" if self.calls else "end_turn") if self.stop is None else self.stop


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error before the first byte of an answer."""

    status: int
    kind: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """The JSON of the response."""
        return {"type": "error", "error": {"type": self.kind, "message": self.message}}


Reply = Message | Refusal | Silence


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scenario goes by: assistant messages so far, how often it was asked (from 1), and the tokens allowed."""

    turn: int
    hit: int
    max_tokens: int
