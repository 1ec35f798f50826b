"""Agents that give no sign. Deadlines are by the wall clock; nothing is looked at before the next one."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from specwright.errors import SpecwrightError
from specwright.store import runs

LONGEST_PAUSE = 60.0
"""Seconds: the loop's clock stands still while the machine sleeps, and a clock may be set."""
AGAIN = 60.0
"""Seconds after which the line of a task that is silent is shown anew."""

log = logging.getLogger(__name__)

Stalled = Callable[[runs.Start], Awaitable[None]]
Moved = Callable[[str], None]


@dataclass(slots=True)
class _Agent:
    start: runs.Start
    patience: float
    """Seconds."""
    last: float
    """When it gave its last sign, or will be ready to give one."""
    due: float
    told: bool = False


class Watch:
    """Of the agents that work now."""

    def __init__(self) -> None:
        self._agents: dict[str, _Agent] = {}
        self._wake = asyncio.Event()

    @contextmanager
    def over(self, start: runs.Start, patience: float) -> Iterator[None]:
        """An agent works in here, and is to give a sign within so many seconds; 0 watches nothing."""
        if patience > 0:
            now = time.time()
            self._agents[start.task] = _Agent(start, patience, now, now + patience)
            self._wake.set()
        try:
            yield
        finally:
            self._agents.pop(start.task, None)

    def sign(self, task: str, pause: float = 0.0) -> bool:
        """An agent did something, or says that it does nothing for so many seconds. Whether it was silent before."""
        agent = self._agents.get(task)
        if agent is None:
            return False
        agent.last = time.time() + pause
        agent.due = agent.last + agent.patience
        was, agent.told = agent.told, False
        return was

    def silence(self, task: str) -> float | None:
        """Seconds without a sign of a task's agent, where that is too long."""
        agent = self._agents.get(task)
        return time.time() - agent.last if agent and agent.told else None

    async def keep(self, stalled: Stalled, moved: Moved) -> None:
        """Tell of each silent agent; `moved` when its line is to be shown anew."""
        while True:
            self._wake.clear()
            due = min((agent.due for agent in self._agents.values()), default=None)
            await self._sleep(due)
            for agent in [agent for agent in self._agents.values() if agent.due <= time.time()]:
                await self._tell(agent, stalled, moved)

    async def _sleep(self, due: float | None) -> None:
        """To the deadline at most. What the machine slept is nobody's silence."""
        pause = None if due is None else min(max(due - time.time(), 0.0), LONGEST_PAUSE)
        end = time.time() + (pause or 0.0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()
        late = time.time() - end
        if pause is not None and late > LONGEST_PAUSE:
            for agent in self._agents.values():
                agent.last, agent.due = agent.last + late, agent.due + late

    async def _tell(self, agent: _Agent, stalled: Stalled, moved: Moved) -> None:
        agent.due = time.time() + AGAIN
        if agent.told:
            moved(agent.start.task)
            return
        agent.told = True
        try:
            await stalled(agent.start)
        except (SpecwrightError, runs.Outdated) as error:
            log.warning("that %s is silent is not told: %r", agent.start.key, error)
