from hypothesis import given
from hypothesis import strategies as st

from specwright.cli.common import safe


@given(st.text())
def test_no_control_sequence_is_left(text: str) -> None:
    shown = safe(text)
    assert len(shown) == len(text)
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    assert all(now in (before, "\N{REPLACEMENT CHARACTER}") for before, now in zip(text, shown, strict=True))


def test_what_drives_a_terminal_is_replaced() -> None:
    driving = "\x1b[2J\x07\x08\r\x9b1m\u202e"
    assert safe(driving) == "\ufffd[2J\ufffd\ufffd\ufffd\ufffd1m\ufffd"
    assert safe("plain – ünïcode ✓\n\t") == "plain – ünïcode ✓\n\t"
