"""An agent that plays a file: each round of a spec is a list of turns. For tests, for the demo and for trying out."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from specwright.agents.events import call_tool
from specwright.agents.resume import ended
from specwright.agents.schemas import check_input
from specwright.agents.tools import Finish, Tools
from specwright.spec.scope import Scope
from specwright.tasks.protocols import Brief, End, EndReason, Kit, Turn


@dataclass(frozen=True, slots=True)
class Say:
    """A turn that only says something."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A turn that calls one tool."""

    tool: str
    given: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sleep:
    """A turn that takes its time, in seconds."""

    seconds: float


Step = Say | Call | Sleep


@dataclass(frozen=True, slots=True)
class Script:
    """For each title, or `*` for any other, the turns of each round."""

    rounds: Mapping[str, tuple[tuple[Step, ...], ...]]

    def steps(self, title: str, number: int) -> tuple[Step, ...]:
        """The turns of one round, counted from 0; none where the script has no more."""
        rounds = self.rounds.get(title, self.rounds.get("*", ()))
        return rounds[number] if number < len(rounds) else ()


def parse(text: str) -> tuple[Script, tuple[str, ...]]:
    """The script in a JSON text `{title: [[turn, …], …]}`, and a sentence for each thing that is wrong with it.

    A turn is `{"say": text}`, `{"tool": name, "input": {…}}` or `{"sleep": seconds}`.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        return Script({}), (f"The script is no JSON: {error}.",)
    if not isinstance(content, dict):
        return Script({}), ('The script must be an object of titles, such as {"*": [[{"say": "hello"}]]}.',)
    problems: list[str] = []
    rounds = {title: _rounds(title, value, problems) for title, value in content.items()}
    return Script(rounds), tuple(problems)


class Scripted:
    """Plays a script through the same tools, events and checkpoints as an agent that thinks."""

    name = "scripted"

    def __init__(self, script: Script) -> None:
        self._script = script

    async def work(self, brief: Brief, kit: Kit) -> End:
        """Play the turns after the last durable one. After a failed tool the next is played all the same."""
        done = brief.resume.number if brief.resume else 0
        kit.emit("started", agent=self.name, model=None, resumed_from=done or None)
        tools = Tools(kit.box, kit.box.slot, brief.limits, Scope(brief.scope).allows, kit.mask)
        steps = self._script.steps(brief.title, brief.round)
        for step in steps[:done]:
            _recall(tools, step)
        last = _finish_of(steps, done)
        if last and (finish := (await tools.call("finish", last.given)).finish):
            return ended(finish)
        return await _play(brief, kit, tools, steps[done:])


async def _play(brief: Brief, kit: Kit, tools: Tools, steps: tuple[Step, ...]) -> End:
    ends_at = time.monotonic() + brief.limits.seconds
    first = brief.resume.number + 1 if brief.resume else 1
    for number, step in enumerate(steps, first):
        if number > brief.limits.turns:
            return End(EndReason.EXHAUSTED, f"It used all of its {brief.limits.turns} turns.")
        if time.monotonic() >= ends_at:
            return End(EndReason.EXHAUSTED, f"It used all of its {brief.limits.seconds:g} s.")
        finish = await _perform(kit, tools, step)
        await kit.checkpoint(Turn(number))
        if finish:
            return ended(finish)
    return End(EndReason.FINISHED)


async def _perform(kit: Kit, tools: Tools, step: Step) -> Finish | None:
    match step:
        case Say(text):
            kit.emit("text", text=text)
        case Sleep(seconds):
            await asyncio.sleep(seconds)
        case Call(tool, given):
            return (await call_tool(kit, tools, tool, given)).finish
    return None


def _recall(tools: Tools, step: Step) -> None:
    if isinstance(step, Call) and check_input(step.tool, step.given) is None:
        tools.remember(step.tool, step.given)


def _finish_of(steps: tuple[Step, ...], done: int) -> Call | None:
    """The call that ended the round before the start that goes on."""
    last = steps[done - 1] if 0 < done <= len(steps) else None
    return last if isinstance(last, Call) and last.tool == "finish" else None


def _rounds(title: str, value: object, problems: list[str]) -> tuple[tuple[Step, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(turns, list) for turns in value):
        problems.append(f"{title!r} must hold a list of rounds, each of them a list of turns.")
        return ()
    return tuple(
        tuple(
            step for index, turn in enumerate(turns, 1) if (step := _step(turn, f"{title!r}, {at}.{index}", problems))
        )
        for at, turns in enumerate(value, 1)
    )


def _step(turn: object, where: str, problems: list[str]) -> Step | None:
    match turn:
        case {"say": str(text), **rest} if not rest:
            return Say(text)
        case {"sleep": int() | float() as seconds, **rest} if not rest and seconds >= 0:
            return Sleep(float(seconds))
        case {"tool": str(tool), "input": dict(given), **rest} if not rest:
            return Call(tool, given)
    problems.append(f'{where}: a turn is {{"say": text}}, {{"tool": name, "input": {{…}}}} or {{"sleep": seconds}}.')
    return None
