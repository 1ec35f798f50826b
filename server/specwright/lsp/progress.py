"""A progress bar for each running task, in editors that show some. The truth is the diagnostic at the spec."""

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from specwright.api.news import Step
from specwright.tasks.harmless import label

EVERY = 1.0
"""Seconds between two reports of a task, at least."""
LONGEST = 60
"""Characters of a title, and of a text beside a bar."""
NUMBERS = itertools.count(1)


class Bars(Protocol):
    """What shows them."""

    @property
    def has_progress(self) -> bool:
        """Whether the client shows progress."""

    async def begin_progress(self, token: str, title: str) -> bool:
        """Show a bar; whether the client wants it."""

    def report_progress(self, token: str, text: str) -> None:
        """Show a text beside it."""

    def end_progress(self, token: str) -> None:
        """Take it away."""


@dataclass(slots=True)
class _Bar:
    text: str = ""
    said: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    work: "asyncio.Task[None] | None" = None


class Progress:
    """Of one window."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._running: dict[str, _Bar] = {}

    def follow(self, running: Mapping[str, str]) -> None:
        """These tasks run, by id with their titles; the bars of all others end."""
        for task in set(self._running) - set(running):
            self._end(task)
        for task, title in running.items():
            if task not in self._running and self._bars.has_progress:
                bar = self._running[task] = _Bar()
                bar.work = asyncio.create_task(self._show(bar, title))

    def step(self, step: Step) -> None:
        """A run goes on; said once a second, the last one for sure."""
        if bar := self._running.get(step.task):
            bar.text = text_of(step)
            bar.changed.set()

    def end(self) -> None:
        """The daemon went away, or the window ends."""
        for task in list(self._running):
            self._end(task)

    def _end(self, task: str) -> None:
        if work := self._running.pop(task).work:
            work.cancel()

    async def _show(self, bar: _Bar, title: str) -> None:
        token = f"specwright/{next(NUMBERS)}"
        if not await self._bars.begin_progress(token, label(f"Specwright: {title}", LONGEST)):
            return
        try:
            while True:
                await bar.changed.wait()
                bar.changed.clear()
                if bar.text != bar.said:
                    bar.said = bar.text
                    self._bars.report_progress(token, bar.text)
                    await asyncio.sleep(EVERY)
        finally:
            self._bars.end_progress(token)


def text_of(step: Step) -> str:
    """`agent, turn 3`."""
    turn = f", turn {step.turn}" if step.turn else ""
    gate = f": {step.gate}" if step.gate else ""
    return label(f"{step.phase}{turn}{gate}", LONGEST)
