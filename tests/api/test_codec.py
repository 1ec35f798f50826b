import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from specwright.api.codec import Malformed, check_params, decode, encode


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Inner:
    at: datetime
    colour: Colour


@dataclass(frozen=True, slots=True)
class Outer:
    name: str
    inner: Inner | None
    numbers: tuple[int, ...]
    pair: tuple[str, float]
    table: dict[str, tuple[int, ...]]
    ok: bool = False


VALUE = Outer("a\u2028b", Inner(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), Colour.RED), (1, 2), ("x", 1.5), {"k": (1,)})


def test_a_value_survives_the_way_through_json() -> None:
    assert decode(Outer, json.loads(json.dumps(encode(VALUE)))) == VALUE


def test_times_are_iso_8601_in_utc() -> None:
    assert encode(VALUE.inner.at if VALUE.inner else None) == "2026-01-02T03:04:05.000Z"


def test_unknown_keys_are_ignored_and_defaults_fill_in() -> None:
    assert decode(Inner, {**encode(VALUE.inner), "new": 1}) == VALUE.inner


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": 3}, ".name"),
        ({"inner": []}, ".inner"),
        ({"inner": {"at": "2026-01-01T00:00:00Z", "colour": "blue"}}, ".inner.colour"),
        ({"numbers": ["1"]}, r".numbers\[0\]"),
        ({"numbers": [True]}, r".numbers\[0\]"),
        ({"pair": ["x"]}, ".pair"),
        ({"table": []}, ".table"),
        ({"ok": "yes"}, ".ok"),
        ({"inner": {"at": "soon", "colour": "red"}}, r"^\.inner\.at is not a time$"),
        ({"inner": {"at": 1, "colour": "red"}}, ".inner.at"),
        ({"inner": {"at": "2026-01-01T00:00:00Z", "colour": []}}, ".inner.colour"),
        ({"table": {"k": [None]}}, r".table.k\[0\]"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, object], place: str) -> None:
    with pytest.raises(Malformed, match=place):
        decode(Outer, {**encode(VALUE), **change})


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(Malformed, match="name"):
        decode(Outer, {})


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"folder": "/a\0b"}, r"^\.folder holds a NUL character$"),
        ({"items": [{"text": "\ud83d"}]}, r"^\.items\[0\]\.text holds half of a character \(a surrogate\)$"),
        ({"folder": "/\ud800"}, r"^\.folder holds half"),
        ({"environment": {"PATH": "\udcff\0"}}, r"^\.environment\.PATH holds a NUL"),
        ({"environment": {"PATH": "\ud800"}}, r"^\.environment\.PATH holds half"),
        ({"environment": {"\ud800": ""}}, r"^a name in \.environment holds half"),
        ("\0", "^the message holds a NUL"),
        ({"limit": 2**63}, r"^\.limit is a number that has no 64 bits$"),
        ({"wait": float("nan")}, r"^\.wait is a number"),
        ({"wait": float("inf")}, r"^\.wait is a number"),
    ],
)
def test_what_no_path_and_no_store_can_hold_is_refused(params: object, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        check_params(params)


@pytest.mark.parametrize(
    "params", [None, {"files": ["\udcff"], "environment": {"PATH": "/\udcff"}}, [1, -(2**63), 0.5, True, "😀\n"]]
)
def test_what_the_system_calls_a_path_is_let_in(params: object) -> None:
    check_params(params)


def test_parameters_may_be_nested_as_deep_as_json_is() -> None:
    check_params(json.loads("[" * 900 + "]" * 900))
