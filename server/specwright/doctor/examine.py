"""One examination from beginning to end; repairs come first, so that the lines tell what is true afterwards."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from specwright.api.views import CheckLevel, CheckLine, Checkup
from specwright.doctor import kept, machine
from specwright.doctor.machine import Patient
from specwright.errors import Refused
from specwright.git.run import scrub_environment
from specwright.paths import locks
from specwright.paths.places import places

May = Callable[[str], bool]
STOP = "Nothing was repaired while a daemon runs: `specwright daemon stop`, then again."


def examine(may: May | None) -> Checkup:
    """Look at everything; `may` asks the user before something is given up, None repairs nothing."""
    scrub_environment()
    patient = Patient(places(), Path.cwd())
    done = _repair(patient, may) if may else []
    lines = asyncio.run(_lines(patient))
    return Checkup(all(line.level is not CheckLevel.FAIL for line in lines), tuple(lines), tuple(done))


async def _lines(patient: Patient) -> list[CheckLine]:
    return [*await machine.lines(patient), *await kept.lines(patient)]


def _repair(patient: Patient, may: May) -> list[str]:
    """What was done. No daemon can start meanwhile, and beside one that runs nothing is touched."""
    done = [machine.make_private(patient)]
    if not patient.places.state.is_dir():
        return [sentence for sentence in done if sentence]
    try:
        held = locks.take(patient.places.lock)
    except Refused:
        return [sentence for sentence in (*done, STOP) if sentence]
    try:
        done += [kept.remove_stale_socket(patient), kept.repair_store(patient, may), *kept.repair_projects(patient)]
    finally:
        os.close(held)
    return [sentence for sentence in done if sentence]
