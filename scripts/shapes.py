"""The types of messages as data for documents: what classes and their fields say of themselves in their source."""

import ast
import inspect
import itertools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message; `default` is `MISSING` where it must be given."""

    name: str
    hint: Any
    doc: str
    default: object


@dataclass(frozen=True, slots=True)
class Shape:
    """One class: a message with fields, or a closed set of words with their meanings."""

    name: str
    doc: str
    fields: tuple[Field, ...] = ()
    words: tuple[tuple[str, str], ...] = ()


def shape(kind: Any) -> Shape:
    """What a dataclass or an enum says of itself."""
    doc = inspect.cleandoc(kind.__doc__ or "")
    docs = _docs(kind)
    if issubclass(kind, Enum):
        return Shape(kind.__name__, doc, words=tuple((str(word.value), docs.get(word.name, "")) for word in kind))
    hints = get_type_hints(kind)
    found = tuple(
        Field(entry.name, hints[entry.name], docs.get(entry.name, ""), _default(entry)) for entry in fields(kind)
    )
    return Shape(kind.__name__, doc, found)


def reachable(kinds: Iterable[type]) -> tuple[type, ...]:
    """These classes and all that they hold, each once: a class before what it holds."""
    found: dict[type, None] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop(0)
        if kind not in found:
            found[kind] = None
            waiting[:0] = _held(kind)
    return tuple(found)


def parts(hint: Any) -> Iterator[Any]:
    """The hint and every hint inside it."""
    yield hint
    for inner in get_args(hint):
        yield from parts(inner)


def is_optional(hint: Any) -> bool:
    """Whether None is one of its values."""
    return get_origin(hint) in {Union, UnionType} and NoneType in get_args(hint)


def without_none(hint: Any) -> Any:
    """The hint of the values that are not None."""
    return next(inner for inner in get_args(hint) if inner is not NoneType) if is_optional(hint) else hint


def is_named(hint: Any) -> bool:
    """Whether a hint is a class of ours, with a shape of its own."""
    return isinstance(hint, type) and get_origin(hint) is None and (is_dataclass(hint) or issubclass(hint, Enum))


def _held(kind: Any) -> list[type]:
    if issubclass(kind, Enum):
        return []
    return [inner for entry in shape(kind).fields for inner in parts(entry.hint) if is_named(inner)]


def _default(entry: Any) -> object:
    return entry.default_factory() if entry.default_factory is not MISSING else entry.default


def _docs(kind: type) -> dict[str, str]:
    """Each member's docstring: the string that stands below it."""
    body = _classes(kind.__module__)[kind.__name__].body
    pairs = itertools.pairwise(body)
    return {name: text for above, below in pairs if (name := _name(above)) and (text := _text(below))}


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    source = Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}


def _name(node: ast.stmt) -> str:
    target = (
        node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
    )
    return target.id if isinstance(target, ast.Name) else ""


def _text(node: ast.stmt) -> str:
    value = node.value if isinstance(node, ast.Expr) else None
    return inspect.cleandoc(value.value) if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
