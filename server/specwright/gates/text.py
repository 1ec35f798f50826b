"""What a tool printed, as text that is safe to keep and to show."""

from dataclasses import replace
from typing import AnyStr

from specwright.tasks.harmless import harmless, without_sequences
from specwright.tasks.protocols import Done

KEPT = 64 * 1024
"""Characters of a log, half from its head, half from its tail."""
TAIL_LINES = 12


def plain(data: bytes) -> str:
    """Output as text without control sequences; lines end with `\\n`."""
    return clean(data.decode("utf-8", "replace"))


def clean(text: str) -> str:
    """The same of a text, which may hold halves of surrogate pairs that no store takes."""
    return harmless(without_sequences(text.replace("\r\n", "\n").replace("\r", "\n")))


def to_log(done: Done) -> str:
    """Everything that a command printed, and what it reached; bounded."""
    # no more is cleaned than can be kept: ten megabytes of control characters would take a minute
    parts = [plain(_shortened(data, 2 * KEPT, b"\n", b"[...]\n")) for data in (done.stdout, done.stderr)]
    parts += [f"[{sentence}]" for sentence in done.reached]
    text = "\n".join(part.rstrip("\n") for part in parts if part.strip()) + "\n"
    return _shortened(text, KEPT, "\n", "[...]\n")


def _shortened(text: AnyStr, most: int, end: AnyStr, gap: AnyStr) -> AnyStr:
    """Head and tail in whole lines: half a line may hold half a key, which is not known for one."""
    if len(text) <= most:
        return text
    head, rest = text[: most // 2], text[-most // 2 :]
    last, first = head.rfind(end), rest.find(end)
    return (head[:last] if last > 0 else head) + end + gap + (rest[first + 1 :] if first >= 0 else rest)


def tail(done: Done) -> str:
    """The last lines that say something."""
    lines = [line.rstrip() for line in to_log(replace(done, reached=())).split("\n") if line.strip()]
    return "\n".join(lines[-TAIL_LINES:])[-2000:]
