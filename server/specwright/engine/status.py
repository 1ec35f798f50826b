"""The queue in figures, and the daemon's own state."""

import os
from datetime import datetime

from specwright import __version__
from specwright.api import messages as m
from specwright.api import views as v
from specwright.engine.context import Context
from specwright.engine.embedded import Embedded
from specwright.store import figures
from specwright.store import tasks as task_rows
from specwright.tasks.model import OPEN


async def status(context: Context) -> v.Status:
    """Counts over all checkouts."""
    return await context.store.read(figures.status)


async def changed(context: Context, tasks: frozenset[str]) -> m.Changed:
    """What clients are told after a change."""
    return m.Changed(tuple(sorted(tasks)), await status(context))


async def has_open_tasks(context: Context) -> bool:
    """Whether any task still needs this daemon."""
    counts = await context.store.read(task_rows.counts)
    return any(counts.get(state) for state in OPEN)


async def daemon_status(context: Context, engine: Embedded, started: datetime) -> m.DaemonStatus:
    """What `daemon status` tells."""
    probe = context.probe
    return m.DaemonStatus(
        pid=os.getpid(),
        version=__version__,
        protocol=m.PROTOCOL[1],
        started=started,
        sandbox=probe.mode or "unusable",
        sandbox_reason=probe.reason,
        left_open=probe.left_open,
        state=str(context.places.state),
        running=tuple(engine.running()),
        status=await status(context),
        trouble=engine.trouble,
    )
