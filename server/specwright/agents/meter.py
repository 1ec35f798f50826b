"""What a round's calls cost, counted as they come in, and what the next one may need."""

import json
import time
from collections.abc import Sequence

from specwright.agents.price import price
from specwright.agents.prompt import SYSTEM
from specwright.agents.schemas import TOOLS
from specwright.agents.transcript import Block
from specwright.tasks.model import Tokens
from specwright.tasks.protocols import Kit

_PREFIX = len(SYSTEM) + len(json.dumps(TOOLS))
_BYTES = 3
"""Bytes of a token: rather few, so that estimates are rather too high."""
_TEXT_EVERY = 0.1


class Meter:
    """Listens to calls: emits `text` at most ten times a second, and `usage` for each call that cost something."""

    def __init__(self, model: str, provider: str | None, kit: Kit, spent: Tokens) -> None:
        self._model = model
        self._provider = provider
        self._kit = kit
        self._text = ""
        self._shown_at = 0.0
        self._sent = 0
        self._known = (0, 0)
        self._warned = False
        self.total = spent
        """What the run used so far."""
        self.open = Tokens()
        """The part of it that no line of the transcript holds yet."""

    def text(self, delta: str) -> None:
        """A piece of what the model says."""
        self._text += delta
        if time.monotonic() - self._shown_at >= _TEXT_EVERY:
            self._show(max(self._text.rfind(" "), self._text.rfind("\n")) + 1)  # half a key is not known for one

    def flush(self) -> None:
        """Show what was said and not yet shown."""
        self._show(len(self._text))

    def _show(self, size: int) -> None:
        if size:
            self._kit.emit("text", text=self._text[:size])
            self._text = self._text[size:]
            self._shown_at = time.monotonic()

    def charge(self, tokens: Tokens) -> None:
        """Count a call, whether its answer was good or not."""
        self.total += tokens
        self.open += tokens
        self._known = (self._sent, tokens.total)
        usd = price(self._model, self._provider, tokens)
        if usd is None and self._provider and not self._warned:
            self._warned = True
            self._kit.emit("warning", code="price", text=f"The price of {self._model} is unknown; tokens still count.")
        self._kit.emit(
            "usage",
            input=tokens.input,
            cache_read=tokens.cache_read,
            cache_write=tokens.cache_write,
            output=tokens.output,
            usd=usd,
            total=self.total.total,
        )

    def settle(self) -> Tokens:
        """What the turn cost that is now written down."""
        tokens, self.open = self.open, Tokens()
        return tokens

    def sending(self, messages: Sequence[Block]) -> None:
        """These messages are what the next charge is for."""
        self._sent = len(messages)

    def estimate(self, messages: Sequence[Block]) -> int:
        """Input tokens of a call with these messages, rather too many."""
        count, tokens = self._known
        if not 0 < count <= len(messages):
            count, tokens = 0, _PREFIX // _BYTES
        return tokens + len(json.dumps(messages[count:])) // _BYTES
