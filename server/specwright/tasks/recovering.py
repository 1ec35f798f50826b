"""Which runs of a dead daemon go on, and when: a run that may have killed it gets the daemon for itself. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SUSPECT = 3
"""Starts without progress after which a run is started as the only one that proved nothing yet; after one more of them
it is started alone. A daemon killed from outside makes all look guilty: these go on one after the other, each as soon
as the one before has recorded something."""
HOPELESS = 10
"""Starts without progress after which it is given up."""
PATIENCE = timedelta(minutes=10)
"""How long a suspect waits for the others to end; then nothing else begins before it."""
LONGEST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Lost:
    """A run that is to be performed and is not: its daemon died."""

    task: str
    starts: int
    """Since it last recorded something."""
    begun: datetime
    """Its last start."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """Runs that go on now, runs that are given up, and whether anything else may begin."""

    go_on: tuple[str, ...] = ()
    give_up: tuple[str, ...] = ()
    others_wait: bool = False
    look_again: datetime | None = None


def resume(lost: tuple[Lost, ...], live: int, suspect_lives: bool, now: datetime) -> Resumed:
    """`live` counts the runs of this daemon; `suspect_lives` says that one of them was started alone."""
    give_up = tuple(run.task for run in lost if run.starts >= HOPELESS)
    suspects = sorted((run for run in lost if SUSPECT <= run.starts < HOPELESS), key=lambda run: (run.begun, run.task))
    clear = tuple(run.task for run in lost if run.starts < SUSPECT)
    if suspect_lives:
        return Resumed((), give_up, others_wait=True)
    if not suspects:
        return Resumed(clear, give_up)
    first = suspects[0]
    # a start that is still to come was before the clock was set back: nobody knows how long ago, so long enough
    begun = first.begun if first.begun <= now else now - PATIENCE
    due = begun + min(LONGEST, timedelta(seconds=2 ** (first.starts - SUSPECT)))
    impatient = now >= begun + PATIENCE
    alone = first.starts > SUSPECT
    if (live and alone) or (clear and not impatient):
        return Resumed(() if impatient else clear, give_up, impatient, None if impatient else begun + PATIENCE)
    if now < due:
        return Resumed((), give_up, others_wait=False, look_again=due)
    return Resumed((first.task,), give_up, others_wait=True)
