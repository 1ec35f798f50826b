import pytest

from specwright.agents.price import price
from specwright.tasks.model import Tokens

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("tokens", "usd"),
    [
        (Tokens(), 0.0),
        (Tokens(output=MILLION), 5.0),
        (Tokens(input=100_000), 0.1),
        (Tokens(cache_read=100_000), 0.01),
        (Tokens(cache_write=100_000), 0.125),
    ],
)
def test_each_class_of_tokens_has_its_price(tokens: Tokens, usd: float) -> None:
    assert price("claude-haiku-4-5", "anthropic", tokens) == pytest.approx(usd)


@pytest.mark.parametrize(("model", "provider"), [("no-such-model", "anthropic"), ("claude-haiku-4-5", None)])
def test_an_unknown_price_is_none(model: str, provider: str | None) -> None:
    assert price(model, provider, Tokens(1)) is None
