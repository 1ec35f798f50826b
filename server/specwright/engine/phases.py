"""The bodies of a run's phases. Each can be repeated: a killed one leaves nothing that its repetition trips over."""

import asyncio
import shlex
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from specwright.agents import registry
from specwright.agents.calls import Connection
from specwright.config import read
from specwright.config.settings import Gate, Settings
from specwright.engine import consent, copied, keeping, leaked, own_block, ready, scope, stand_ins, successor
from specwright.engine.admission import NO_KEY, NOT_TRUSTED, no_sandbox
from specwright.engine.brief import brief_of
from specwright.engine.clock import Clock
from specwright.engine.context import Context
from specwright.engine.kit import RunKit
from specwright.engine.plan import Done, agent_step, last_round
from specwright.errors import SpecwrightError
from specwright.gates import criteria
from specwright.gates.run import run_gate
from specwright.git import environment, included, private, slots, trees
from specwright.paths.deleting import delete
from specwright.store import runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import GateResult, GateRun, Reason, Task
from specwright.tasks.outcome import outcome_of_gates
from specwright.tasks.protocols import Agent, Box, End, EndReason, Turn

P = ParamSpec("P")
T = TypeVar("T")
Value = dict[str, Any]
MOST_NAMED = 20
"""Ignored files that an event names."""
HOLDS = {
    EndReason.SPENT: Reason.BUDGET,
    EndReason.THROTTLED: Reason.RATE,
    EndReason.KEY: Reason.KEY,
}
"""Ends of an agent that put the run back with its tree."""


class PutBack(Exception):
    """The run can't go on now; it is kept, and its task waits."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


@dataclass(slots=True)
class Performance:
    """One start of one run: its task, its slot, its box."""

    context: Context
    start: runs.Start
    task: Task
    settings: Settings
    rounds_before: int
    origin: str
    """The commit whose tree the first round begins with: the base, or the last run's result."""
    repository: private.PrivateRepository
    slot: slots.Slot
    env_key: str
    """What set-up's dependencies are made of."""
    roots: tuple[Path, ...]
    """What commands may read by consent."""
    copied: tuple[str, ...]
    """Ignored files of the checkout that `.worktreeinclude` brings into the slot."""
    box: Box
    clock: Clock
    values: dict[str, str] = field(default_factory=dict)
    """Of the files that were copied, and where each stood."""
    head: str | None = field(default=None)
    connection: Connection | None = field(default=None)
    """The key that its agent has."""
    committing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def of(cls, context: Context, start: runs.Start) -> "Performance":
        """Everything that a start needs; takes the slot, which is the same one for each start of a run.

        Raises `PutBack` where no sandbox works any more, as after a restart: what ran there would fail, and be paid.
        """
        if why := no_sandbox(context):
            raise PutBack(*why)
        task = await successor.based(context, start, await context.store.read(task_rows.load, start.task))
        settings, _ = read.project(task.wish.settings)
        origin = await context.store.read(task_rows.origin, start.task, start.number)
        repository = await asyncio.to_thread(private.private_repository, task.wish.checkout, context.places.slots)
        await asyncio.to_thread(private.bring, repository, task.wish.checkout, task.wish.base, task.id)
        needs = task.wish.base, settings.slots.setup, dict(task.wish.environment)
        env_key = await asyncio.to_thread(environment.key, repository, *needs)
        taking = asyncio.to_thread(slots.take, repository, start.key, start.epoch, task.wish.base, env_key)
        slot = await keeping.whole(taking)
        standing = await consent.of_task(context, task)
        if not standing.trusted:
            raise PutBack(*NOT_TRUSTED)  # it began where a full sandbox held, or has got a base that is no branch's
        roots, copied = standing.roots, standing.included
        box = ready.box_of(context, slot, roots, task.wish.environment)
        await context.store.write(runs.note_sandbox, start, box.mode)
        clock = Clock(context, start, await context.store.read(runs.used, start), settings.limits.seconds)
        before = await context.store.read(runs.rounds_before, start)
        head = await asyncio.to_thread(repository.result, task.id, start.number)
        origin = origin or task.wish.base
        made = cls(
            context,
            start,
            task,
            settings,
            before,
            origin,
            repository,
            slot,
            env_key,
            roots,
            copied,
            box,
            clock,
            head=head,
        )
        await made._copy()
        return made

    async def _learn_values(self) -> None:
        """What is masked besides keys, and must not come into the result; what was learnt stays: the agent read it."""
        wish = self.task.wish
        self.values |= await asyncio.to_thread(copied.values, Path(wish.checkout.root), self.copied)
        of = self.values, self.repository, wish.base
        self.context.values[self.start.key] = await asyncio.to_thread(copied.untold, *of)

    def mask(self, text: str) -> str:
        """The text without secrets."""
        return self.context.mask(text, self.start.key)

    def emit(self, kind: str, **payload: str | int | float | None) -> None:
        """Append one event to the run's file."""
        self.context.emit(self.start, kind, payload)
        if step := self.context.feed.step(self.task.id, kind, payload):
            self.context.on_step(self.task.wish.checkout.root, step)

    async def prepare(self, _round: int, _done: Done) -> Value:
        """Run the set-up command once per environment."""
        await self._set_up()
        return {"slot": self.slot.name}

    async def _set_up(self) -> None:
        """On the tree that the slot has; its failure is an error of the run, not of the change."""
        wanted = self.settings.slots
        if wanted.setup and not await asyncio.to_thread(self.slot.ready_for, self.env_key):
            await _in_slot(self.slot.drop_dependencies)
            done, tail = await ready.set_up(self.box, wanted)
            for sentence in done.reached:
                self.emit("reached", what=sentence)
            if done.exit_code != 0:
                said = f"The set-up command failed ({shlex.join(wanted.setup)}): {self.mask(tail)}"
                raise SpecwrightError(f"{said}\nTo mend it: {ready.cure_of(wanted, done)}.")
            await _in_slot(self.slot.mark_ready, self.env_key)

    async def _stand_at(self, commit: str) -> None:
        """The tree of a commit with the dependencies that set-up makes of the base, not what the agent made of them."""
        if self.settings.slots.setup and not await asyncio.to_thread(self.slot.has_dependencies):
            await _in_slot(slots.restore, self.slot, self.task.wish.base)
            await self._copy()
            await self._set_up()
        await _in_slot(slots.restore, self.slot, commit)
        await self._copy()

    async def _copy(self) -> None:
        """After each reset, which removes all that is ignored; the user may write the files meanwhile."""
        await self._learn_values()
        if self.copied:
            await _in_slot(included.copy, self.task.wish.checkout, self.slot.path, self.copied)
            await self._learn_values()

    async def baseline(self, _round: int, _done: Done) -> Value:
        """Nothing yet: gates are not compared with the base, so every finding counts as new."""
        return {}

    async def work(self, round: int, done: Done) -> Value:
        """Let the agent work from where the last durable turn left the slot, and commit what it made."""
        resume = await self._back_to_last_turn(round, done)
        gates = await self.context.store.read(runs.gates_of, self.task.id, self.start.number) if round else ()
        brief = brief_of(self.task, self.start.key, round + self.rounds_before, self.settings, gates)
        kit = RunKit(self, round)
        with self.context.watch.over(self.start, self.settings.limits.stall_minutes * 60):
            end = await self._within_limits(self._agent().work(replace(brief, resume=resume), kit))
        if end.reason in HOLDS:
            raise self._put_back(end)
        return await self._harvest(end)

    async def gate(self, round: int, done: Done) -> Value:
        """Run every gate and every criterion's check on the committed tree."""
        commit = done[agent_step(round)]["commit"]
        tree = await asyncio.to_thread(trees.tree_of, self.repository, commit)
        changed = await asyncio.to_thread(trees.changed, self.repository, self.task.wish.base, commit)
        paths = tuple(change.path for change in changed)
        gates = await self._chosen(change.path for change in changed if change.is_new)
        results = [*await self._out_of_scope(commit), *await self._secrets(commit)]
        results += [result async for result in self._gates(gates, round, paths, (commit, tree))]
        await self.context.store.write(runs.record_gates, self.start, round, tuple(results))
        failed = [gate.name for gate in results if gate.required and gate.result is GateResult.FAILED]
        return {"outcome": outcome_of_gates(results), "failed": failed, "tree": tree}

    async def record(self, _round: int, done: Done) -> Value:
        """Make sure that the last commit is under the run's ref before anything is said about it."""
        commit = done[agent_step(last_round(done))]["commit"]
        if commit and await asyncio.to_thread(self.repository.result, self.task.id, self.start.number) != commit:
            raise SpecwrightError(f"The result of {self.start.key} is not under its ref; retry the task.")
        return {}

    def _agent(self) -> Agent:
        """Raises `PutBack` where the key is not there: a daemon that has just started goes on before it has one."""
        wish = self.task.wish
        self.connection = self.context.keys.current if wish.agent != "scripted" else None
        if wish.agent == "anthropic" and self.connection is None:
            raise PutBack(Reason.KEY, NO_KEY)
        needs = registry.Needs(self.settings.agent_settings(wish.agent), wish.script or None, self.connection)
        return self.context.agents.agent(wish.agent, needs)

    async def _within_limits(self, work: Coroutine[None, None, End]) -> End:
        """End the work at the run's time limit, for agents that do not watch the clock; earlier starts count."""
        try:
            async with asyncio.timeout(self.clock.left) as clock:
                return await work
        except TimeoutError:
            if not clock.expired():  # the agent's own
                raise
            limit = self.settings.limits.seconds
            return End(EndReason.EXHAUSTED, f"It used all of its {limit} s; `[limits] seconds` sets them.")

    def _put_back(self, end: End) -> PutBack:
        """A refused key holds all runs of the provider until the key or the settings change."""
        if end.reason is EndReason.KEY:
            refused = f"{end.note.rstrip('.')}. Set another key where your editor or terminal starts, then come back."
            self.context.keys.refuse(self.connection, refused)
        return PutBack(HOLDS[end.reason], self.mask(end.note))

    async def _back_to_last_turn(self, round: int, done: Done) -> Turn | None:
        last = await self.context.store.read(runs.last_turn, self.start, round)
        if last is not None:
            await self._stand_at(last.tree)
            return Turn(last.number, offset=last.offset)
        commit = done[agent_step(round - 1)]["commit"] if round else self.origin
        await self._stand_at(commit)
        return None

    async def _harvest(self, end: End) -> Value:
        title = self.task.wish.revision.title
        trailers = f"Spec-Id: {self.task.id}\nSpec-Digest: {self.task.wish.revision.digest}\n"
        commit = await self.commit(f"{title}\n\n{trailers}Assisted-by: {self.task.wish.agent}\n")
        if left := await asyncio.to_thread(slots.ignored, self.slot, self.copied):
            self.emit("ignored", files=len(left), paths=", ".join(left[:MOST_NAMED]))
        empty = await asyncio.to_thread(own_block.nothing_else, self.repository, self.task, commit)
        note, claim = self.mask(end.note), self.mask(end.claim)
        return {"end": end.reason, "note": note, "claim": claim, "commit": commit, "empty": empty}

    async def commit(self, message: str) -> str:
        """The slot's tree as one commit on the base, under the run's ref; its id. Never cut off, nor two at a time."""
        return await keeping.whole(self._commit(message))

    async def _commit(self, message: str) -> str:
        ref = self.repository.ref(self.task.id, self.start.number)
        base = self.task.wish.base
        async with self.committing:
            self.head = await asyncio.to_thread(slots.checkpoint, self.slot, base, ref, message, self.head)
            return self.head

    async def _chosen(self, added: Iterable[str]) -> list[Gate]:
        """The gates that the spec asks for, and its criteria's checks."""
        chosen = criteria.chosen(self.settings.gates, self.task.wish.revision.gates)
        # a partial sandbox gives none, and runs nothing that asks for one: most checks need none
        gates = self.settings.gates if self.box.mode == "full" else ()
        services = tuple(dict.fromkeys(service for gate in gates for service in gate.services))
        wanted = [each for each in self.task.wish.revision.criteria if each.check]
        checks = [criteria.check_gate(each, services) for each in wanted]
        roots, paths = self.roots, tuple(added)
        return await asyncio.to_thread(lambda: [stand_ins.guarded(gate, paths, roots) for gate in (*chosen, *checks)])

    async def _gates(
        self, gates: Iterable[Gate], round: int, changed: tuple[str, ...], result_at: tuple[str, str]
    ) -> AsyncIterator[GateRun]:
        """Each gate on the committed tree: what the agent left beside it, or an earlier gate, decides nothing."""
        folder = self.context.files(self.start.task, self.start.number).make()
        commit, tree = result_at
        for gate in gates:
            self.emit("gate", name=gate.name)
            if gate.fault or (criteria.number_of(gate) and self.box.mode == "none"):
                result = criteria.not_run(gate, tree)
            else:
                output = _empty(folder / f"gates-{round}" / gate.name.replace("/", "_"))
                await self._stand_at(commit)
                with self.context.git_settings.over(self.task.wish.checkout, self.box) as seen:
                    result = await run_gate(gate, self.box, output, changed, tree, self.mask)
                result = seen.judge(result)
            self.emit("gate_result", name=gate.name, result=result.result, reason=result.reason)
            yield replace(result, criterion=criteria.number_of(gate))

    async def _out_of_scope(self, commit: str) -> tuple[GateRun, ...]:
        """A failed gate where something was changed that the spec does not let change."""
        found = await asyncio.to_thread(scope.check, self.repository, self.task, commit)
        return self._own(found) if found.result is GateResult.FAILED else ()

    async def _secrets(self, commit: str) -> tuple[GateRun, ...]:
        """The gate that needs no settings; nothing is claimed where it found nothing."""
        known = {**dict.fromkeys(self.context.keys.known, "your own settings"), **self.values}
        found = await asyncio.to_thread(leaked.check, self.repository, known, self.task.wish.base, commit)
        return self._own(found) if found else ()

    def _own(self, found: GateRun) -> tuple[GateRun, ...]:
        self.emit("gate_result", name=found.name, result=found.result, reason=found.reason)
        return (found,)


async def _in_slot(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """On a thread, and never cut off: it would go on in a slot that is another run's by then."""
    return await keeping.whole(asyncio.to_thread(work, *args, **kwargs))


def _empty(folder: Path) -> Path:
    """The folder, new and empty: a report of an earlier start must not be taken for this one's."""
    delete(folder)
    folder.mkdir(mode=0o700, parents=True)
    return folder
