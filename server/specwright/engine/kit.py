"""What an agent gets of a run: its box, its transcript, durable turns, events."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from specwright.agents.price import price
from specwright.store import runs
from specwright.tasks.model import Tokens
from specwright.tasks.protocols import Box, Turn

if TYPE_CHECKING:
    from specwright.engine.phases import Performance


class RunKit:
    """The `Kit` of one round."""

    def __init__(self, run: "Performance", round: int) -> None:
        self._run = run
        self._round = round
        self.box: Box = run.box
        files = run.context.files(run.start.task, run.start.number)
        files.make()
        self.transcript: Path = files.transcript

    async def checkpoint(self, turn: Turn) -> None:
        """First the tree under the run's ref, then the record: a crash between costs the turn, not the tree."""
        run = self._run
        tree = await run.commit(f"Turn {turn.number} of round {self._round}\n")
        last = runs.LastTurn(turn.number, turn.offset, tree)
        cost = await self._cost(turn.tokens) if turn.tokens.total else 0.0
        await run.context.store.write(runs.record_turn, run.start, self._round, last, turn.tokens, cost)
        run.emit("checkpoint", turn=turn.number, tree=tree)
        await run.context.boundary.passing(run.start.key)

    async def _cost(self, tokens: Tokens) -> float | None:
        """In USD; None where no table has the price."""
        run = self._run
        model = run.settings.agent_settings(run.task.wish.agent).get("model") or ""
        provider = run.connection.provider if run.connection else None
        return await asyncio.to_thread(price, model, provider, tokens)

    def emit(self, kind: str, **payload: str | int | float | None) -> None:
        """Append one event to the run's file."""
        self._run.emit(kind, **payload)

    def mask(self, text: str) -> str:
        """The text without the secrets that the run was given, and what looks like one."""
        return self._run.mask(text)
