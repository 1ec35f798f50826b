"""What an agent gets of a run: its box, its transcript, durable turns, events."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from specwright.agents.price import price
from specwright.store import runs
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
        await run.context.store.write(
            runs.record_turn, run.start, self._round, runs.LastTurn(turn.number, turn.offset, tree)
        )
        if turn.tokens.total:
            model = run.settings.agent_settings(run.task.wish.agent).get("model") or ""
            connection = run.context.keys.current
            provider = connection.provider if connection else None
            cost = await asyncio.to_thread(price, model, provider, turn.tokens)
            await run.context.store.write(runs.spend, run.start, turn.tokens, cost)
        run.emit("checkpoint", turn=turn.number, tree=tree)
        await run.context.boundary.passing(run.start.key)

    def emit(self, kind: str, **payload: str | int | float | None) -> None:
        """Append one event to the run's file."""
        self._run.emit(kind, **payload)
