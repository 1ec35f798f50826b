"""Calling a tool so that whoever watches a run sees it; what is shown of its input is cut short."""

import json
import time
from collections.abc import Mapping

from specwright.agents.tools import ToolResult, Tools
from specwright.tasks.protocols import Kit
from specwright.tasks.wording import cut

SHOWN = 200
"""Characters of a call's input in its event."""
LOOKED_AT = 5000
"""The same before secrets are masked: half a key would not be known for one."""
_MAIN = ("command", "path", "pattern", "summary")


async def call_tool(kit: Kit, tools: Tools, name: str, given: Mapping[str, object]) -> ToolResult:
    """Run one tool between its two events, `tool` and `tool_result`."""
    kit.emit("tool", name=name, argument=cut(kit.mask(shown(given)), SHOWN))
    started = time.monotonic()
    result = await tools.call(name, given)
    milliseconds = round((time.monotonic() - started) * 1000)
    size = len(result.text.encode("utf-8", "replace"))
    error = result.text[:SHOWN] if result.is_error else None
    kit.emit("tool_result", name=name, ok=not result.is_error, bytes=size, ms=milliseconds, error=error)
    return result


def shown(given: Mapping[str, object]) -> str:
    """What says most about a call, at most `LOOKED_AT` characters."""
    value = next((given[key] for key in _MAIN if key in given), None)
    text = value if isinstance(value, str) else json.dumps(dict(given), ensure_ascii=False, default=str)
    return cut(text, LOOKED_AT)
