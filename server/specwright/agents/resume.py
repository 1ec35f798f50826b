"""What a start learns from a transcript: what the agent knows already, what it was told, and whether it had ended."""

from collections.abc import Sequence

from specwright.agents.tools import Finish, Tools
from specwright.agents.transcript import Block, Kind, Line, Transcript
from specwright.agents.turns import GOES_ON
from specwright.tasks.protocols import End, EndReason


def recall(transcript: Transcript, tools: Tools) -> None:
    """Let the tools replace files that were read or written in earlier starts."""
    blocks = [block for line in transcript.lines for block in line.content]
    done = {
        block["tool_use_id"] for block in blocks if block.get("type") == "tool_result" and not block.get("is_error")
    }
    for block in blocks:
        given = block.get("input")
        if block.get("type") == "tool_use" and block["id"] in done and isinstance(given, dict):
            tools.remember(str(block["name"]), given)


def untold(remarks: tuple[str, ...], told: tuple[str, ...]) -> tuple[str, ...]:
    """The remarks that the model has not read yet; the list only grows."""
    return remarks[len(told) :] if remarks[: len(told)] == told else remarks


async def ended_before(transcript: Transcript, tools: Tools) -> End | None:
    """The end, if the last durable turn was the round's last one."""
    answers = [line for line in transcript.lines if line.kind is Kind.ASSISTANT]
    if not answers:
        return None
    for block in answers[-1].content:
        given = block.get("input")
        if block.get("name") == "finish" and isinstance(given, dict):
            finish = (await tools.call("finish", given)).finish
            return ended(finish) if finish else None
    return End(EndReason.FINISHED, claim=_text(answers[-1].content)) if _is_over(answers[-1]) else None


def ended(finish: Finish) -> End:
    """The end that the agent calls for."""
    if finish.blocked:
        return End(EndReason.BLOCKED, note=finish.blocked, claim=finish.claim)
    return End(EndReason.FINISHED, claim=finish.claim)


def _is_over(line: Line) -> bool:
    return line.stop not in GOES_ON and not any(block.get("type") == "tool_use" for block in line.content)


def _text(content: Sequence[Block]) -> str:
    return "\n".join(str(block["text"]) for block in content if block.get("type") == "text")
