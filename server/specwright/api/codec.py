"""Frozen dataclasses to JSON values and back. The types are the contract; unknown keys are ignored."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Json = Any
"""What `json` reads and writes."""
Value = TypeVar("Value")


class Malformed(ValueError):
    """A JSON value that does not fit the type it was read as."""


def encode(value: object) -> Json:
    """The JSON value of a dataclass, an enum, a time (ISO 8601 in UTC), a tuple, a mapping or a plain value."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case dict():
            return {str(key): encode(entry) for key, entry in value.items()}
        case list() | tuple():
            return [encode(entry) for entry in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _hints(value.__class__)}
    raise TypeError(f"no JSON for {type(value).__name__}")


def decode(kind: type[Value], value: Json) -> Value:
    """The value of a type, read from JSON. Raises `Malformed` naming the place that does not fit."""
    return _decode(kind, value, "")  # type: ignore[no-any-return]  # a type at run time, checked by _decode


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _decode(kind: Any, value: Json, at: str) -> Any:
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return _decode_optional(get_args(kind), value, at)
    if origin is tuple:
        return _decode_tuple(get_args(kind), value, at)
    if origin is dict:
        _expect(isinstance(value, dict), at, "an object")
        return {key: _decode(get_args(kind)[1], entry, f"{at}.{key}") for key, entry in value.items()}
    if is_dataclass(kind):
        return _decode_fields(kind, value, at)
    return _decode_plain(kind, value, at)


def _decode_optional(kinds: tuple[Any, ...], value: Json, at: str) -> Any:
    if value is None:
        _expect(NoneType in kinds, at, "a value")
        return None
    return _decode(next(kind for kind in kinds if kind is not NoneType), value, at)


def _decode_tuple(kinds: tuple[Any, ...], value: Json, at: str) -> tuple[Any, ...]:
    _expect(isinstance(value, list), at, "a list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_decode(kinds[0], entry, f"{at}[{n}]") for n, entry in enumerate(value))
    _expect(len(value) == len(kinds), at, f"a list of {len(kinds)}")
    return tuple(_decode(kind, entry, at) for kind, entry in zip(kinds, value, strict=True))


def _decode_fields(kind: Any, value: Json, at: str) -> Any:
    _expect(isinstance(value, dict), at, "an object")
    found = {name: _decode(hint, value[name], f"{at}.{name}") for name, hint in _hints(kind).items() if name in value}
    try:
        return kind(**found)
    except TypeError as error:
        raise Malformed(f"{at or kind.__name__}: {error}") from error


def _decode_plain(kind: Any, value: Json, at: str) -> Any:
    if kind is datetime:
        _expect(isinstance(value, str), at, "a time")
        return datetime.fromisoformat(value)
    if issubclass(kind, Enum):
        _expect(value in {member.value for member in kind}, at, f"one of {', '.join(str(m.value) for m in kind)}")
        return kind(value)
    if kind is float:
        _expect(isinstance(value, int | float) and not isinstance(value, bool), at, "a number")
        return float(value)
    _expect(isinstance(value, kind) and (kind is bool or not isinstance(value, bool)), at, f"a {kind.__name__}")
    return value


def _expect(fits: bool, at: str, what: str) -> None:
    if not fits:
        raise Malformed(f"{at or 'the message'} is not {what}")
