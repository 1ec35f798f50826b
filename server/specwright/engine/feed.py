"""Who waits for news of a task, and what its run does now.

No event is kept here: whoever missed one asks again from their offset.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from specwright.api.news import Step
from specwright.store.events import Payload
from specwright.tasks.model import Phase


class Feed:
    """Wakes those that wait; used on the loop only."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._closing: set[str] = set()
        self.steps: dict[str, Step] = {}
        """What each run that is performed does, by task."""

    def tell(self, task: str) -> None:
        """There is news of a task."""
        for heard in self._waiting.get(task, ()):
            heard.set()

    @contextmanager
    def listening(self, task: str) -> Iterator[asyncio.Event]:
        """Set at the first news from now on."""
        heard = asyncio.Event()
        self._waiting.setdefault(task, set()).add(heard)
        try:
            yield heard
        finally:
            self._waiting[task].discard(heard)
            if not self._waiting[task]:
                del self._waiting[task]

    @contextmanager
    def closing(self, run: str) -> Iterator[None]:
        """In here a run's end is recorded, then its last event is written: until both are, it is not over."""
        self._closing.add(run)
        try:
            yield
        finally:
            self._closing.discard(run)

    def is_closing(self, run: str) -> bool:
        """Whether the last event of a run that has ended may still come."""
        return run in self._closing

    def step(self, task: str, kind: str, payload: Payload) -> Step | None:
        """The step that an event begins, if it does."""
        known = self.steps.get(task)
        if kind == "phase":
            found = Step(task, Phase(str(payload["name"])))
        elif kind == "checkpoint" and known:
            found = Step(task, known.phase, turn=int(payload["turn"] or 0))
        elif kind == "gate" and known:
            found = Step(task, known.phase, gate=str(payload["name"]))
        else:
            return None
        self.steps[task] = found
        return found
