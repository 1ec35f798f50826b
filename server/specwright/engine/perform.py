"""One run, from slot to result. Each phase is recorded when done; a later start skips what is recorded."""

from specwright.engine.context import Context
from specwright.engine.ending import ending_of
from specwright.engine.phases import Performance, PutBack
from specwright.engine.plan import plan
from specwright.errors import SpecwrightError
from specwright.store import runs
from specwright.tasks.model import Outcome, Phase
from specwright.tasks.states import Event


async def perform(context: Context, start: runs.Start) -> None:
    """Prepare, baseline, agent, gates, repair at most N times, record. Raises `runs.Outdated` when owned elsewhere."""
    store = context.store
    try:
        run = await Performance.of(context, start)
        done = await store.read(runs.recorded, start)
        bodies = {
            Phase.PREPARING: run.prepare,
            Phase.BASELINE: run.baseline,
            Phase.AGENT: run.work,
            Phase.GATES: run.gate,
            Phase.REPAIRING: run.work,
            Phase.RECORDING: run.record,
        }
        while step := plan(done, run.settings.limits.repairs):
            run.emit("phase", name=step.phase, round=step.round)
            done[step] = await store.write(runs.record, start, step, await bodies[step.phase](step.round, done))
        ending = ending_of(done)
        await store.write(runs.conclude, start, ending)
        run.emit("concluded", outcome=ending.outcome)
        await run.release()
    except PutBack as held:
        await store.write(runs.hold, start, held.reason, held.sentence)
    except SpecwrightError as expected:
        await store.write(runs.conclude, start, runs.Ending(Outcome.ERROR, Event.NOTHING, expected.sentence))
