from typing import Any

from specwright.agents.meter import Meter
from specwright.tasks.model import Tokens


def test_text_comes_in_few_pieces_and_whole(kit: Any) -> None:
    meter = Meter("m", None, kit, Tokens())
    for index in range(1000):
        meter.text(f"{index} ")
    meter.flush()
    texts = kit.told("text", "text")
    assert len(texts) < 20
    assert "".join(texts) == "".join(f"{index} " for index in range(1000))


def test_a_word_is_told_whole_and_the_last_one_at_the_end(kit: Any) -> None:
    meter = Meter("m", None, kit, Tokens())
    for piece in ("one half", "-word and", " no end"):
        meter._shown_at = 0.0
        meter.text(piece)
    assert kit.told("text", "text") == ["one ", "half-word ", "and no "]
    meter.flush()
    meter.flush()
    assert "".join(kit.told("text", "text")) == "one half-word and no end"


def test_what_is_charged_is_told_and_settled_once(kit: Any) -> None:
    meter = Meter("claude-haiku-4-5", "anthropic", kit, Tokens(output=5))
    meter.charge(Tokens(1, 2, 3, 4))
    meter.charge(Tokens(output=10))
    assert kit.told("usage", "total") == [15, 25]
    assert all(isinstance(usd, float) and usd > 0 for usd in kit.told("usage", "usd"))
    assert meter.settle() == Tokens(1, 2, 3, 14)
    assert meter.settle() == Tokens()


def test_an_unknown_price_is_warned_of_once(kit: Any) -> None:
    meter = Meter("no-such-model", "anthropic", kit, Tokens())
    meter.charge(Tokens(1))
    meter.charge(Tokens(1))
    assert kit.told("usage", "usd") == [None, None]
    assert kit.told("warning", "code") == ["price"]


def test_the_estimate_goes_by_the_last_call(kit: Any) -> None:
    meter = Meter("m", None, kit, Tokens())
    messages = [{"role": "user", "content": "x" * 3000}]
    assert meter.estimate(messages) > 2000
    meter.sending(messages)
    meter.charge(Tokens(input=100, output=10))
    assert 110 <= meter.estimate(messages) < 115
    assert 1110 < meter.estimate([*messages, *messages]) < 1200
