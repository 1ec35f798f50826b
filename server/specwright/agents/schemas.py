"""The tools as a model is told of them, the same bytes for every task, and the check of what it calls them with."""

from collections.abc import Mapping
from typing import TypedDict


class Schema(TypedDict, total=False):
    """The part of JSON Schema that our tools use."""

    type: str
    properties: "dict[str, Schema]"
    required: list[str]
    items: "Schema"
    maximum: int
    additionalProperties: bool


class ToolSchema(TypedDict):
    """One tool of a request."""

    name: str
    description: str
    input_schema: Schema


_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer"}


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_CLAIM: Schema = {
    "type": "object",
    "properties": {"criterion": _TEXT, "by": _TEXT},
    "required": ["criterion", "by"],
}
_ASSUMPTION: Schema = {
    "type": "object",
    "properties": {"text": _TEXT, "path": _TEXT, "line": _COUNT},
    "required": ["text"],
}

TOOLS: tuple[ToolSchema, ...] = (
    {
        "name": "bash",
        "description": "Run a command with bash in the project's root. There is no network and nobody to answer a "
        "prompt. `timeout` is in seconds, 120 if left out. Long output keeps its head and its tail.",
        "input_schema": _object(["command"], command=_TEXT, timeout={"type": "integer", "maximum": 600}),
    },
    {
        "name": "read",
        "description": "Read a text file. `path` is relative to the project's root; `from` is the first line, "
        "counted from 1; `lines` is how many.",
        "input_schema": _object(["path"], **{"path": _TEXT, "from": _COUNT, "lines": _COUNT}),
    },
    {
        "name": "edit",
        "description": "Replace `old` by `new` in a file. `old` must occur exactly once, with its white space; "
        "take more lines around it where it occurs more often.",
        "input_schema": _object(["path", "old", "new"], path=_TEXT, old=_TEXT, new=_TEXT),
    },
    {
        "name": "write",
        "description": "Create a file with its folders, or replace one that you have read.",
        "input_schema": _object(["path", "content"], path=_TEXT, content=_TEXT),
    },
    {
        "name": "grep",
        "description": "Search the project's files for an extended regular expression. `glob` limits the files, "
        "`context` adds lines around each match. Installed packages are left out.",
        "input_schema": _object(["pattern"], pattern=_TEXT, glob=_TEXT, context=_COUNT),
    },
    {
        "name": "glob",
        "description": "List files by pattern, such as src/**/*.py. Installed packages are left out.",
        "input_schema": _object(["pattern"], pattern=_TEXT),
    },
    {
        "name": "finish",
        "description": "End your work. `summary` says what you changed; `claims` says for each criterion by what it "
        "holds; `assumptions` lists what you took for granted, with its place. Give `blocked` only if the spec "
        "contradicts itself or leaves open what can't be guessed: it is the question to the author.",
        "input_schema": _object(
            ["summary"],
            summary=_TEXT,
            claims={"type": "array", "items": _CLAIM},
            assumptions={"type": "array", "items": _ASSUMPTION},
            blocked=_TEXT,
        ),
    },
)
_SCHEMAS = {tool["name"]: tool["input_schema"] for tool in TOOLS}


def check_input(name: str, given: object) -> str | None:
    """What is wrong with a call, as a sentence for the model; None when the tool can run."""
    if name not in _SCHEMAS:
        return f"there is no tool {name!r}; the tools are {', '.join(_SCHEMAS)}."
    fault = _fault(_SCHEMAS[name], given, "")
    return fault and f"{name} was called wrongly: {fault}. Call it again, with its whole input."


def _fault(schema: Schema, value: object, where: str) -> str | None:
    match schema["type"]:
        case "object":
            return _object_fault(schema, value, where)
        case "array":
            if not isinstance(value, list):
                return f"{where} must be a list"
            faults = (_fault(schema["items"], item, f"{where}[{index}]") for index, item in enumerate(value))
            return next((fault for fault in faults if fault), None)
        case "integer":
            if not isinstance(value, int) or isinstance(value, bool):
                return f"{where} must be a whole number"
            most = schema.get("maximum")
            return f"{where} is at most {most}" if most is not None and value > most else None
    return None if isinstance(value, str) else f"{where} must be a text"


def _object_fault(schema: Schema, value: object, where: str) -> str | None:
    if not isinstance(value, Mapping):
        return f"{where or 'its input'} must be an object"
    properties = schema["properties"]
    missing = [key for key in schema["required"] if key not in value]
    if missing:
        return f"{_at(where, missing[0])} is missing"
    unknown = [key for key in value if key not in properties]
    if unknown and schema.get("additionalProperties") is False:
        return f"it knows no {_at(where, str(unknown[0]))!r}, only {', '.join(properties)}"
    faults = (_fault(properties[key], value[key], _at(where, key)) for key in properties if key in value)
    return next((fault for fault in faults if fault), None)


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
