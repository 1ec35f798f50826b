"""What a tool printed, as text that is safe to keep and to show."""

from dataclasses import replace

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
    parts = [plain(done.stdout), plain(done.stderr), *(f"[{sentence}]" for sentence in done.reached)]
    text = "\n".join(part.rstrip("\n") for part in parts if part.strip()) + "\n"
    if len(text) <= KEPT:
        return text
    head, rest = text[: KEPT // 2], text[-KEPT // 2 :]
    whole = head.rfind("\n"), rest.find("\n")  # half a line may hold half a key, which is not known for one
    return f"{head[: whole[0]] if whole[0] > 0 else head}\n[...]\n{rest[whole[1] + 1 :] if whole[1] >= 0 else rest}"


def tail(done: Done) -> str:
    """The last lines that say something."""
    lines = [line.rstrip() for line in to_log(replace(done, reached=())).split("\n") if line.strip()]
    return "\n".join(lines[-TAIL_LINES:])[-2000:]
