"""Frozen dataclasses to JSON values and back. The types are the contract; unknown keys are ignored."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Json = Any
"""What `json` reads and writes."""
Value = TypeVar("Value")
Read = Callable[[Json], Any]
"""Reads a value of one type. Raises `Malformed`."""
Write = Callable[[Any], Json]
PLAIN = {str, int, float, bool, NoneType}

OF_THE_SYSTEM = {"environment", "files", "folder", "path"}
"""Fields whose texts are the system's bytes; a path that is no UTF-8 is refused where it is looked at."""
_NO_TEXT, _NO_BYTES = re.compile("[\0\ud800-\udfff]"), re.compile("[\0\ud800-\udc7f\udd00-\udfff]")


class Malformed(ValueError):
    """A JSON value that does not fit the type it was read as, with the place where it stands."""

    def __init__(self, said: str, at: str = "") -> None:
        super().__init__(f"{at or 'the message'} {said}")
        self.said, self.at = said, at

    def inside(self, step: str) -> "Malformed":
        """The same of the value that holds this one."""
        return Malformed(self.said, step + self.at)


def encode(value: object) -> Json:
    """The JSON value of a dataclass, an enum, a time (ISO 8601 in UTC), a tuple, a mapping or a plain value."""
    kind: Any = type(value)
    return value if kind in PLAIN else _writer(kind)(value)


def decode(kind: type[Value], value: Json) -> Value:
    """The value of a type, read from JSON. Raises `Malformed` naming the place that does not fit."""
    return _reader(kind)(value)  # type: ignore[no-any-return, arg-type]  # a type at run time, checked by its reader


def check_params(params: Json) -> None:
    """Raises `Malformed` where a value among the parameters of a request can be no path, or be kept in no store.

    That is a text with a NUL or with half of a surrogate pair, and a number that has no 64 bits. What `os.fsdecode`
    makes of bytes that are no UTF-8 is a half, too; it may stand in a tool environment and in paths.
    """
    waiting: list[tuple[str, Json, re.Pattern[str]]] = [("", params, _NO_TEXT)]
    while waiting:  # no recursion: a message may be nested almost as deep as the stack is
        at, value, banned = waiting.pop()
        if isinstance(value, str):
            if found := banned.search(value):
                what = "a NUL character" if found[0] == "\0" else "half of a character (a surrogate)"
                raise Malformed(f"holds {what}", at)
        elif isinstance(value, list):
            waiting += [(f"{at}[{number}]", entry, banned) for number, entry in enumerate(value)]
        elif isinstance(value, dict):
            waiting += [(f"a name in {at or 'the message'}", name, banned) for name in value]
            waiting += [(f"{at}.{name}", entry, _banned_in(name, banned)) for name, entry in value.items()]
        elif isinstance(value, int | float) and not -(2.0**63) <= value < 2.0**63:
            raise Malformed("is a number that has no 64 bits", at)


def _banned_in(name: str, around: re.Pattern[str]) -> re.Pattern[str]:
    return _NO_BYTES if name in OF_THE_SYSTEM else around


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


@cache
def _writer(kind: Any) -> Write:
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        return lambda value: {name: encode(getattr(value, name)) for name in names}
    if issubclass(kind, Enum):
        return {member: member.value for member in kind}.__getitem__
    if issubclass(kind, datetime):
        return lambda value: value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if issubclass(kind, dict):
        return lambda value: {str(key): encode(entry) for key, entry in value.items()}
    if issubclass(kind, list | tuple):
        return lambda value: [encode(entry) for entry in value]
    raise TypeError(f"no JSON for {kind.__name__}")


@cache
def _reader(kind: Any) -> Read:
    """What is to be done for a type is found out once, not for each value."""
    origin, kinds = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return _optional(next(_reader(one) for one in kinds if one is not NoneType))
    if origin is tuple:
        return _all_of(_reader(kinds[0])) if kinds[1:] == (...,) else _each_of([_reader(one) for one in kinds])
    if origin is dict:
        return _table(_reader(kinds[1]))
    if is_dataclass(kind):
        return _object(kind)
    if kind is datetime:
        return _time
    return _choice(kind) if issubclass(kind, Enum) else _plain(kind)


def _optional(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _all_of(read: Read) -> Read:
    def read_all(value: Json) -> tuple[Any, ...]:
        _expect(isinstance(value, list), "a list")
        return tuple(_inside(f"[{number}]", read, entry) for number, entry in enumerate(value))

    return read_all


def _each_of(reads: list[Read]) -> Read:
    def read_each(value: Json) -> tuple[Any, ...]:
        _expect(isinstance(value, list) and len(value) == len(reads), f"a list of {len(reads)}")
        return tuple(_inside(f"[{n}]", *each) for n, each in enumerate(zip(reads, value, strict=True)))

    return read_each


def _table(read: Read) -> Read:
    def read_table(value: Json) -> dict[str, Any]:
        _expect(isinstance(value, dict), "an object")
        return {key: _inside(f".{key}", read, entry) for key, entry in value.items()}

    return read_table


def _object(kind: Any) -> Read:
    reads = {name: _reader(hint) for name, hint in _hints(kind).items()}

    def read_object(value: Json) -> Any:
        _expect(isinstance(value, dict), "an object")
        found = {name: _inside(name, read, value[name], ".") for name, read in reads.items() if name in value}
        try:
            return kind(**found)
        except TypeError as error:
            raise Malformed(f"is no {kind.__name__}: {error}") from error

    return read_object


def _inside(step: str, read: Read, value: Json, before: str = "") -> Any:
    try:
        return read(value)
    except Malformed as error:
        raise error.inside(before + step) from None


def _time(value: Json) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Malformed("is not a time") from error


def _choice(kind: type[Enum]) -> Read:
    members = {member.value: member for member in kind}
    what = f"one of {', '.join(map(str, members))}"

    def read_choice(value: Json) -> Enum:
        _expect(isinstance(value, str) and value in members, what)
        return members[value]

    return read_choice


def _plain(kind: type) -> Read:
    kinds = (int, float) if kind is float else kind
    what = "a number" if kind is float else f"a {kind.__name__}"

    def read_plain(value: Json) -> Any:
        _expect(isinstance(value, kinds) and (kind is bool or not isinstance(value, bool)), what)
        return float(value) if kind is float else value

    return read_plain


def _expect(fits: bool, what: str) -> None:
    if not fits:
        raise Malformed(f"is not {what}")
