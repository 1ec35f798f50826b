"""One run, from slot to result. Each phase is recorded when done; a later start skips what is recorded."""

from specwright.engine import keeping, room
from specwright.engine.context import Context
from specwright.engine.ending import ending_of
from specwright.engine.phases import Performance, PutBack
from specwright.engine.plan import plan
from specwright.errors import SpecwrightError
from specwright.store import runs
from specwright.tasks.model import Phase


async def perform(context: Context, start: runs.Start) -> None:
    """Prepare, baseline, agent, gates, repair at most N times, record.

    Raises `runs.Outdated` when owned elsewhere, and what a full disk raises: then the run is to go on later.
    """
    try:
        ending = await _play(context, start)
    except PutBack as held:
        await context.store.write(runs.hold, start, held.reason, held.sentence)
        context.emit(start, "put_back", {"reason": held.reason, "text": held.sentence})
    except SpecwrightError as expected:
        if room.is_lacking(expected):
            raise
        await keeping.whole(keeping.fail(context, start, expected.sentence))
    else:
        await keeping.whole(keeping.end(context, start, ending))
    finally:
        context.values.pop(start.key, None)


async def _play(context: Context, start: runs.Start) -> runs.Ending:
    run = await Performance.of(context, start)
    done = await context.store.read(runs.recorded, start)
    bodies = {
        Phase.PREPARING: run.prepare,
        Phase.BASELINE: run.baseline,
        Phase.AGENT: run.work,
        Phase.GATES: run.gate,
        Phase.REPAIRING: run.work,
        Phase.RECORDING: run.record,
    }
    async with run.clock.running():
        while step := plan(done, run.settings.limits.repairs):
            await context.boundary.passing(start.key)
            run.emit("phase", name=step.phase, round=step.round)
            done[step] = await context.store.write(runs.record, start, step, await bodies[step.phase](step.round, done))
    return ending_of(done)
