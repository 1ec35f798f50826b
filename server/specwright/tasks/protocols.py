"""What the engine hands to agents, gates and the sandbox, and what they hand back; they share no other words."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from specwright.tasks.model import Finding, Tokens, Wanted


@dataclass(frozen=True, slots=True)
class Done:
    """How a command in the box ended. Output is bounded: head and tail are kept."""

    exit_code: int | None
    """None when it was killed at a limit."""
    stdout: bytes
    stderr: bytes
    seconds: float
    truncated: bool = False
    timed_out: bool = False
    reached: tuple[str, ...] = ()
    """What it reached, or was refused, beyond its box: a sentence each."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a command may reach beyond its box, by consent."""

    hosts: tuple[str, ...] = ()
    """`NAME` or `NAME:PORT`, over HTTPS through a proxy of ours."""
    services: tuple[int, ...] = ()
    """Ports of this machine's loopback."""


NOTHING = Reach()


class Box(Protocol):
    """Runs commands on one slot, seeing only what the sandbox lets them see."""

    slot: Path
    mode: str
    """`full`, `partial` or `none`, as the task's record says it."""

    async def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: Sequence[Path] = (),
        reach: Reach = NOTHING,
    ) -> Done:
        """Run one command in the slot's root; `timeout` in seconds, `env` added to the box's own."""

    def reader(self) -> "Box":
        """A box of the same kind that sees no slot but our own program, to read what commands wrote."""

    def installing(self) -> AbstractAsyncContextManager["Box"]:
        """A box of the same kind for set-up, which may write a copy of the user's package caches if the user says so.

        Entering raises `SpecwrightError` where there can be no copy.
        """


class EndReason(StrEnum):
    """Why an agent stopped; none of these is an outcome by itself."""

    FINISHED = "finished"
    BLOCKED = "blocked"
    EXHAUSTED = "exhausted"
    SPENT = "spent"
    THROTTLED = "throttled"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    OVERFLOW = "overflow"
    KEY = "key"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class End:
    """How an agent's work ended, in its own words where it has some."""

    reason: EndReason
    note: str = ""
    """The question of `blocked`, the sentence of a fault."""
    claim: str = ""
    """The agent's summary: shown as its word, never evidence."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One completed turn of a round: its number from 1 there, its use, where the transcript ends (bytes)."""

    number: int
    tokens: Tokens = field(default_factory=Tokens)
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard stops of one run; times in seconds."""

    turns: int = 100
    tokens: int = 2_000_000
    output_tokens: int = 16_000
    seconds: float = 3600.0
    command_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Brief:
    """All that an agent is told about one round of one run."""

    run: str
    title: str
    spec: str
    criteria: tuple[Wanted, ...]
    scope: tuple[str, ...]
    base: str
    round: int
    """0 for the first round of the task's first run; repair rounds and later runs count on."""
    remarks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    """New ones only, with the tail of a failed gate's log as a finding without place."""
    limits: Limits = field(default_factory=Limits)
    resume: Turn | None = None
    """The last turn that is durable, when a start goes on."""


class Kit(Protocol):
    """What an agent may use: commands in the box, a place for its transcript, checkpoints, events."""

    box: Box
    transcript: Path

    async def checkpoint(self, turn: Turn) -> None:
        """Make a completed turn durable: the slot's tree under its ref, then the record."""

    def emit(self, kind: str, **payload: str | int | float | None) -> None:
        """Append one event to the run's file; never blocks, never raises."""

    def mask(self, text: str) -> str:
        """The text without what the run must not tell: values that are known, and what looks like a secret."""


class Agent(Protocol):
    """What works on a slot until it thinks that it is done."""

    name: str

    async def work(self, brief: Brief, kit: Kit) -> End:
        """Change the slot's files as the brief says. Expected failures are returned, not raised."""
