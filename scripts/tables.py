"""Shapes as Markdown: tables of fields and words, and a sketch of the JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING
from datetime import datetime
from enum import Enum
from typing import Any, get_args, get_origin

from shapes import Field, Shape, is_named, is_optional, shape, without_none

from specwright.api.codec import encode
from specwright.review.bearing import Row as Bearing
from specwright.spec.keys import Key
from specwright.spec.table import Row

PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", datetime: "time"}
NOTHING, ESCAPED = "–", r"\|"


def requests(table: Mapping[str, tuple[type, type]], meaning: Mapping[str, str]) -> str:
    """A row per request: parameters, answer and what it is for."""
    rows = [(f"`{name}`", _link(asked), _link(answer), meaning[name]) for name, (asked, answer) in table.items()]
    return _table(("method", "parameters", "answer", "meaning"), rows)


def messages(head: str, table: Mapping[str, type], meaning: Mapping[str, str]) -> str:
    """A row per message that has one object and no answer of ours."""
    return _table(
        (head, "object", "meaning"), [(f"`{name}`", _link(kind), meaning[name]) for name, kind in table.items()]
    )


def bearing(rows: Sequence[Bearing], kinds: Mapping[str, str]) -> str:
    """A row per kind of file that bears trust: paths first, then what bears it whatever its path is."""
    told = [(row.reason, ", ".join(map(_code, _paths(row))), row.why) for row in rows]
    return _table(("what it is", "files", "why"), [*told, *((kind, "any", why) for kind, why in kinds.items())])


def _paths(row: Bearing) -> Iterator[str]:
    ends = row.only.split() or [""]
    yield from row.names.split()
    yield from (f"{folder}/{'**/*' if row.only else ''}{end}" for folder in row.folders.split() for end in ends)
    yield from (f"{begin}*{end}" for begin in row.begins.split() for end in ends)
    yield from (f"*{end}" for end in row.ends.split())


def languages(rows: Sequence[Row]) -> str:
    """A row per language that can carry specs."""
    told = [row for row in rows if row.leaders or row.blocks]
    return _table(
        ("language", "files", "line comments", "block comments", "docstrings"),
        [
            (
                f"`{row.id}`",
                " ".join(dict.fromkeys([*(f".{extension}" for extension in row.files.split()), *row.names.split()])),
                " ".join(_code(leader) for leader in row.leaders),
                ", ".join(_code(f"{block.opener} {block.closer}") for block in row.blocks),
                "yes" if row.docs else "",
            )
            for row in told
        ],
    )


def keys(known: Iterable[Key]) -> str:
    """A row per key of a spec with which something is done."""
    head = ("key", "also written", "how often", "value", "what it does")
    told = [key for key in known if not key.later]
    return _table(
        head,
        [
            (_code(key.name), ", ".join(map(_code, key.aliases)), "once" if key.once else "any", key.value, key.does)
            for key in told
        ],
    )


def _code(text: str) -> str:
    return f"`{text}`"


def section(kind: type) -> str:
    """A class under a heading of its own."""
    found = shape(kind)
    return f"### {found.name}\n\n{_prose(found.doc)}\n\n{_members(found)}".rstrip()


def sketch(kind: type) -> str:
    """The JSON of a class, with the types in place of the values."""
    return f"```text\n{_sketch(kind, '')}\n```"


def _members(found: Shape) -> str:
    if found.words:
        return _table(("word", "meaning"), [(f"`{word}`", _prose(doc)) for word, doc in found.words])
    if not found.fields:
        return "No fields."
    rows = [(f"`{entry.name}`", type_of(entry.hint), _given(entry), _prose(entry.doc)) for entry in found.fields]
    return _table(("field", "type", "if left out", "meaning"), rows)


def type_of(hint: Any) -> str:
    """A hint in words, with links to the classes of this page."""
    if is_optional(hint):
        return f"{type_of(without_none(hint))} or null"
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        return f"list of {type_of(inner[0])}" if inner[1:] == (...,) else f"pair of {type_of(inner[0])}s"
    if get_origin(hint) is dict:
        return f"object: text to {type_of(get_args(hint)[1])}"
    return _link(hint) if is_named(hint) else PLAIN[hint]


def _given(entry: Field) -> str:
    return NOTHING if entry.default is MISSING else f"`{json.dumps(encode(entry.default))}`"


def _link(kind: type) -> str:
    return f"[{kind.__name__}](#{kind.__name__.lower()})"


def _prose(doc: str) -> str:
    """A docstring as one paragraph; Python's `None` is JSON's null."""
    return " ".join(doc.split()).replace("None", "null")


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Without the columns that say nothing in any row."""
    told = [n for n in range(len(head)) if any(row[n] not in {"", NOTHING} for row in rows)]
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line[n].replace('|', ESCAPED) for n in told)} |" for line in lines)


def _sketch(hint: Any, indent: str) -> str:
    deeper = f"{indent}  "
    if is_optional(hint):
        return f"{_sketch(without_none(hint), indent)} | null"
    if get_origin(hint) is tuple:
        return f"[{_sketch(get_args(hint)[0], indent)}, …]"
    if get_origin(hint) is dict:
        return f"{{text: {_sketch(get_args(hint)[1], indent)}, …}}"
    if not is_named(hint):
        return PLAIN[hint]
    if issubclass(hint, Enum):
        return " | ".join(f'"{word}"' for word, _ in shape(hint).words)
    entries = [f'{deeper}"{entry.name}": {_sketch(entry.hint, deeper)}' for entry in shape(hint).fields]
    return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
