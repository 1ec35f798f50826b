"""The built-in agent: a loop of calls and tools whose every turn is durable. Its word never decides an outcome."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from specwright.agents import prompt
from specwright.agents.calls import Answer, Caller, CallFailed, Connection, Request, invalid
from specwright.agents.events import call_tool
from specwright.agents.faults import ENDS, Fault, FaultKind, Patience, Retries
from specwright.agents.meter import Meter
from specwright.agents.price import price
from specwright.agents.resume import ended, ended_before, recall, untold
from specwright.agents.throttle import Throttle
from specwright.agents.tools import Finish, Tools
from specwright.agents.transcript import Block, Kind, Line, Transcript, compacted, open_transcript
from specwright.agents.turns import Asked, again, ids_of, judge, result
from specwright.errors import SpecwrightError
from specwright.spec.scope import Scope
from specwright.tasks.model import Tokens
from specwright.tasks.protocols import Brief, End, EndReason, Kit, Turn

MALFORMED = 3
"""Turns in a row with calls that must not run."""
PAUSES = 5
LEAST_OUTPUT = 1024
"""Output tokens for which a call is still worth making."""


class Anthropic:
    """Speaks the Messages API with one provider; its runs share the connection and the back-off.

    Use it in one event loop, and close it there.
    """

    name = "anthropic"

    def __init__(self, model: str, connection: Connection, patience: Patience | None = None) -> None:
        self.model = model
        self.provider = connection.provider
        self.patience = patience or Patience()
        self.caller = Caller(connection, self.patience)
        self.throttle = Throttle(self.patience)

    async def work(self, brief: Brief, kit: Kit) -> End:
        """Perform one round on the conversation in `kit.transcript`. A cancel gets through, its tokens charged."""
        number, offset = (brief.resume.number, brief.resume.offset) if brief.resume else (None, None)
        kit.emit("started", agent=self.name, model=self.model, resumed_from=number)
        await asyncio.to_thread(price, self.model, self.provider, Tokens())  # loads the tables, once
        try:
            transcript = open_transcript(kit.transcript, brief.round, offset, kit.mask)
        except SpecwrightError as error:
            return End(EndReason.FAULT, error.sentence)
        return await _Round(self, brief, kit, transcript).work()

    async def close(self) -> None:
        """Close the connections."""
        await self.caller.close()


class _Round:
    """One round; what it knows that is not in the transcript may be lost at any time."""

    def __init__(self, agent: Anthropic, brief: Brief, kit: Kit, transcript: Transcript) -> None:
        self._agent = agent
        self._brief = brief
        self._kit = kit
        self._transcript = transcript
        self._tools = Tools(kit.box, kit.box.slot, brief.limits, Scope(brief.scope).allows, kit.mask)
        self._meter = Meter(agent.model, agent.provider, kit, transcript.spent(brief.run))
        self._number = brief.resume.number if brief.resume else 0
        self._ends_at = time.monotonic() + brief.limits.seconds
        self._malformed = 0
        self._pauses = 0
        self._doubled = False

    async def work(self) -> End:
        recall(self._transcript, self._tools)
        end = await self._go_on()
        try:
            while end is None:
                answer = await self._answer()
                end = answer if isinstance(answer, End) else await self._take(answer)
            return end
        finally:
            if self._meter.open.total:
                self._transcript.append_now(self._line(Kind.CHARGE))

    async def _go_on(self) -> End | None:
        """From the last durable turn, or from the round's begin; an answer that came since is not asked for again."""
        resume = self._brief.resume
        offset = resume.offset if resume else self._transcript.begin_of(self._brief.round)
        answered = self._transcript.answer_behind(offset)
        if answered is None:
            return await ended_before(self._transcript, self._tools) if resume else await self._begin()
        taken = ids_of(self._transcript.messages()[:-1])
        asked = again(judge(Answer(answered.content, answered.stop), taken))
        return await self._complete(asked, answered.tokens)

    async def _begin(self) -> End | None:
        """Tell the model the spec, or the remarks and findings that it has not read yet."""
        told = self._transcript.told()
        remarks = untold(tuple(map(self._kit.mask, self._brief.remarks)), told)
        brief = replace(self._brief, remarks=remarks)
        text = prompt.follow_up(brief) if self._transcript.messages() else prompt.opening(brief)
        line = self._line(Kind.USER, ({"type": "text", "text": text},))
        await self._transcript.append(replace(line, remarks=remarks))
        return None

    async def _answer(self) -> Answer | End:
        """One usable answer, however many calls it takes; all of them are charged to the turn."""
        retries = Retries(self._agent.patience)
        while True:
            messages = self._transcript.messages()
            room = self._room(messages)
            if isinstance(room, End):
                return room
            found = await self._call(Request(self._agent.model, messages, room, retries.read_timeout))
            if isinstance(found, Answer):
                return found
            if await self._mended(found, messages):
                continue
            seconds = retries.wait(found)
            if seconds is None:
                return End(ENDS[found.kind], found.note)
            await self._hold(found, seconds)

    def _room(self, messages: Sequence[Block]) -> int | End:
        """The output tokens of the next call, or the limit that forbids it."""
        limits = self._brief.limits
        if self._transcript.answers(self._brief.run) >= limits.turns:
            return End(EndReason.EXHAUSTED, f"It used all of its {limits.turns} turns.")
        if time.monotonic() >= self._ends_at:
            return End(EndReason.EXHAUSTED, f"It used all of its {limits.seconds:g} s.")
        spent = self._meter.total.total
        room = limits.tokens - spent - self._meter.estimate(messages)
        if room < min(LEAST_OUTPUT, limits.output_tokens):
            return End(EndReason.SPENT, f"It used {spent} of its {limits.tokens} tokens; the next call may need more.")
        return min(room, limits.output_tokens * (2 if self._doubled else 1))

    async def _call(self, request: Request) -> Answer | Fault:
        agent = self._agent
        self._meter.sending(request.messages)
        try:
            async with agent.throttle.permit(lambda seconds: self._tell_held("rate", seconds)):
                answer = await agent.caller.call(request, self._meter)
        except CallFailed as failed:
            return failed.fault
        finally:
            self._meter.flush()
        agent.throttle.release()
        if answer.stop == "model_context_window_exceeded":
            return Fault(FaultKind.OVERFLOW, "The conversation is longer than the model can hold.")
        return invalid(answer) or answer

    async def _mended(self, fault: Fault, messages: Sequence[Block]) -> bool:
        """Whether something about the next call was changed, so that it may not meet this fault again."""
        caller = self._agent.caller
        if fault.kind is FaultKind.REQUEST and caller.cache and "cache_control" in fault.note:
            caller.cache = False
            self._warn("cache", "The model's server knows no prompt cache; it is left out.")
            return True
        if fault.kind is not FaultKind.OVERFLOW or compacted(messages) == list(messages):
            return False
        await self._transcript.append(self._line(Kind.COMPACT))
        self._warn("overflow", "The conversation was too long; old results were left out.")
        return True

    async def _hold(self, fault: Fault, seconds: float) -> None:
        if fault.kind is FaultKind.RATE:
            self._agent.throttle.hold(seconds)
        else:
            self._tell_held(fault.kind, seconds)
            await self._agent.patience.sleep(seconds)

    async def _take(self, answer: Answer) -> End | None:
        """One turn out of a usable answer: durable, its tools run, durable again."""
        if answer.stop == "refusal":
            return End(EndReason.REFUSED, f"The model refused{f' ({answer.category})' if answer.category else ''}.")
        if answer.stop == "max_tokens" and not self._doubled:
            self._doubled = True
            return None
        self._doubled = False
        asked = judge(answer, ids_of(self._transcript.messages()))
        tokens = self._meter.settle()
        line = self._line(Kind.ASSISTANT, asked.content)
        await self._transcript.append(replace(line, tokens=tokens, stop=answer.stop))
        return await self._complete(asked, tokens)

    async def _complete(self, asked: Asked, tokens: Tokens) -> End | None:
        finish = await self._act(asked)
        self._number += 1
        await self._kit.checkpoint(Turn(self._number, tokens, self._transcript.offset))
        return ended(finish) if finish else self._goes_on(asked)

    async def _act(self, asked: Asked) -> Finish | None:
        """Run the calls that may run, and answer all of them in one message."""
        blocks: list[Block] = []
        finish = None
        for call in asked.calls:
            if call.fault:
                self._warn("malformed", call.fault)
                blocks.append(result(call, f"ERROR: {call.fault}", is_error=True))
            else:
                done = await call_tool(self._kit, self._tools, call.name, call.given)
                blocks.append(result(call, done.text, is_error=done.is_error))
                finish = done.finish or finish
        if asked.reminder:
            blocks.append({"type": "text", "text": asked.reminder})
        if blocks:
            await self._transcript.append(self._line(Kind.RESULTS, tuple(blocks)))
        return finish

    def _goes_on(self, asked: Asked) -> End | None:
        """The end of the round, or None when another turn follows."""
        self._malformed = self._malformed + 1 if asked.malformed else 0
        self._pauses = self._pauses + 1 if asked.paused else 0
        if self._malformed == MALFORMED:
            return End(EndReason.EXHAUSTED, f"The model called tools wrongly in {MALFORMED} turns in a row.")
        if self._pauses > PAUSES:
            return End(EndReason.FAULT, f"The model's server paused {self._pauses} times in a row.")
        return End(EndReason.FINISHED, claim=asked.text) if asked.over else None

    def _line(self, kind: Kind, content: tuple[Block, ...] = ()) -> Line:
        tokens = self._meter.settle() if kind is Kind.CHARGE else Tokens()
        return Line(kind, self._brief.run, self._brief.round, content, tokens)

    def _tell_held(self, reason: str, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._kit.emit("held", reason=reason, seconds=round(seconds, 3), until=until.isoformat(timespec="seconds"))

    def _warn(self, code: str, text: str) -> None:
        self._kit.emit("warning", code=code, text=text)
