"""What the real Messages API refuses with 400 and a careless loop gets wrong."""

from collections.abc import Mapping, Sequence


def fault(body: Mapping[str, object]) -> str | None:
    """The first thing that is wrong with a request, in the words of the API; None when it is well."""
    messages, tools = body.get("messages"), body.get("tools", [])
    if not isinstance(body.get("model"), str) or not isinstance(body.get("max_tokens"), int):
        return "model and max_tokens: Field required"
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    if not isinstance(tools, list) or not all(isinstance(tool, dict) and "input_schema" in tool for tool in tools):
        return "tools: input_schema: Field required"
    if messages[0].get("role") != "user":
        return "messages.0: first message must use the user role"
    return _blocks_fault(messages) or _results_fault(messages)


def blocks(message: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The content of a message as blocks."""
    content = message.get("content")
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content or ())  # type: ignore[call-overload]  # JSON from outside


def _blocks_fault(messages: Sequence[Mapping[str, object]]) -> str | None:
    for index, message in enumerate(messages):
        content = blocks(message)
        if not content:
            return f"messages.{index}: all messages must have non-empty content"
        if any(block.get("type") == "text" and not str(block.get("text", "")).strip() for block in content):
            return f"messages.{index}: text content blocks must be non-empty"
    ids = [block.get("id") for message in messages for block in _of_type(message, "tool_use")]
    return "messages: `tool_use` ids must be unique" if len(set(ids)) != len(ids) else None


def _results_fault(messages: Sequence[Mapping[str, object]]) -> str | None:
    """Each call is answered in the very next message, before anything else."""
    waiting: list[object] = []
    for index, message in enumerate(messages):
        results = [block.get("tool_use_id") for block in _of_type(message, "tool_result")]
        if sorted(map(str, results)) != sorted(map(str, waiting)):
            return (
                f"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately after: {waiting}"
            )
        if results and any(block.get("type") != "tool_result" for block in blocks(message)[: len(results)]):
            return f"messages.{index}: tool_result blocks must come first"
        waiting = [block.get("id") for block in _of_type(message, "tool_use")]
    return f"`tool_use` ids were found without `tool_result` blocks: {waiting}" if waiting else None


def _of_type(message: Mapping[str, object], kind: str) -> list[Mapping[str, object]]:
    return [block for block in blocks(message) if block.get("type") == kind]
