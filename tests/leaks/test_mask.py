"""No known value of 8 characters or more is shown, in any encoding that is promised; nothing is masked twice."""

import base64
import json
import random
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leaks import keys
from specwright.leaks.mask import KINDS, MARK, mask

VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=8, max_size=40)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "plain": bytes.decode,
    "JSON": lambda data: json.dumps(data.decode())[1:-1],
    "JSON in UTF-8": lambda data: json.dumps(data.decode(), ensure_ascii=False)[1:-1],
    "address": lambda data: quote(data, safe=""),
    "path": quote,
    "form": quote_plus,
    "every byte": lambda data: "".join(f"%{byte:02x}" for byte in data),
    "hex": bytes.hex,
    "HEX": lambda data: data.hex().upper(),
}
DICE = random.Random(0)  # noqa: S311 - the same keys each time


@pytest.mark.parametrize("name", list(ENCODINGS))
@given(VALUES, TEXTS, TEXTS)
def test_a_known_value_is_not_shown(name: str, value: str, before: str, after: str) -> None:
    assume("[secret: " not in before + value + after and not any(value in f"[secret: {kind}]" for kind in KINDS))
    form = ENCODINGS[name](value.encode())
    masked = mask(before + form + after, [value])
    assert form not in MARK.sub("\0", masked)
    assert MARK.search(masked)


@given(VALUES, st.binary(max_size=20), st.binary(max_size=20), st.booleans())
def test_a_known_value_within_base64_is_not_shown(value: str, before: bytes, after: bytes, url: bool) -> None:
    """What is left of it are bits that its neighbours share with it."""
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    masked = mask(encode(before + value.encode() + after).decode(), [value])
    assert MARK.search(masked)
    whole = encode(value.encode()).decode().rstrip("=")
    assert whole[4:-4] not in MARK.sub("\0", masked) or len(whole) < 12


@given(VALUES, st.integers(10, 76))
def test_a_known_value_in_broken_base64_is_not_shown(value: str, width: int) -> None:
    text = base64.b64encode(b"user:" + value.encode() + b"\n").decode()
    broken = "\n".join(text[at : at + width] for at in range(0, len(text), width))
    assert MARK.search(mask(broken, [value]))


@given(st.text(st.characters(codec=None), max_size=200), st.lists(VALUES, max_size=3), st.booleans())
def test_masking_again_changes_nothing(text: str, values: list[str], likely: bool) -> None:
    masked = mask(text + "".join(values), values, likely=likely)
    assert mask(masked, values, likely=likely) == masked


@pytest.mark.parametrize(("kind", "parts"), keys.FORMATS)
def test_a_key_is_masked_and_its_surroundings_stay(kind: str, parts: tuple[keys.Part, ...]) -> None:
    for key, text in keys.embedded(parts, DICE):
        masked = mask(text, likely=False)
        assert f"[secret: {kind}]" in masked
        assert key not in masked
        assert mask(masked, likely=False) == masked


def test_a_short_value_is_left_alone() -> None:
    assert mask("the word secret1 is no value", ["secret"]) == "the word secret1 is no value"


def test_what_only_looks_like_a_secret_stays_where_only_sure_ones_are_masked() -> None:
    text = 'password = "' + "hG7kq2" + 'Zp91Lm"\n'
    assert mask(text) == 'password = "[secret: random value]"\n'
    assert mask(text, likely=False) == text


def test_values_that_overlap_leave_nothing_of_either() -> None:
    assert mask("x abcdefghijklmnop y", ["abcdefghij", "fghijklmnop"]) == "x [secret: known value] y"


def test_a_text_without_secrets_stays_as_it_is() -> None:
    text = "def add(a: int, b: int) -> int:\n    return a + b  # sha256:" + "0a1b" * 16 + "\n"
    assert mask(text, ["not-in-this-text"]) is text
