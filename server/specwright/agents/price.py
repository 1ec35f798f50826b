"""What tokens cost, by the tables of `genai-prices`; a model that they do not know has no price."""

from specwright.tasks.model import Tokens


def price(model: str, provider: str | None, tokens: Tokens) -> float | None:
    """US dollars; None when unknown, never 0 for that. The first call loads the tables (0.5 s): make it in a thread."""
    if provider is None:
        return None
    from genai_prices import Usage, calc_price  # takes half a second

    usage = Usage(
        input_tokens=tokens.input + tokens.cache_read + tokens.cache_write,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write,
        output_tokens=tokens.output,
    )
    try:
        return float(calc_price(usage, model, provider_id=provider).total_price)
    except LookupError:
        return None
