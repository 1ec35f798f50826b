"""Checks of what is kept: the daemon, the store, each open task's commits and slots, private repositories."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from specwright import __version__
from specwright.api import messages as m
from specwright.api.client import NoDaemon, connect
from specwright.api.views import CheckLine
from specwright.doctor.machine import FAIL, OK, WARN, Patient
from specwright.errors import SpecwrightError
from specwright.git import health as repositories
from specwright.git import private, slots
from specwright.paths import locks
from specwright.paths.versions import is_newer
from specwright.store import health as store
from specwright.tasks.model import Checkout, State, Task

REPAIR = "`specwright doctor --repair`"
SHOWN = 10


async def lines(patient: Patient) -> list[CheckLine]:
    """Every line, in order."""
    return [await _daemon(patient), *await asyncio.to_thread(lambda: list(_kept(patient)))]


def is_alive(patient: Patient) -> bool:
    """Whether a daemon has the lock."""
    return locks.is_held(patient.places.lock)


def remove_stale_socket(patient: Patient) -> str | None:
    """What a killed daemon left; the caller holds the daemon's lock."""
    if not patient.places.socket.exists():
        return None
    patient.places.socket.unlink()
    return f"Removed {patient.places.socket}, which a killed daemon left."


def repair_store(patient: Patient, may: Callable[[str], bool]) -> str | None:
    """Mend or replace a broken store, if the user lets; the caller holds the daemon's lock."""
    path = patient.places.database
    if not path.exists() or not store.faults(path):
        return None
    if whole := store.mended(path):
        question = "The store is broken, but every row of it can be read. Write it anew?"
    elif whole := store.newest_whole_copy(path):
        question = (
            f"The store is broken. Go back to its newest copy, {whole}? What was queued or decided since is lost."
        )
    else:
        return f"The store {path} is broken, and there is no copy that is whole: it stays as it is."
    if not may(question):
        return f"The store {path} stays as it is."
    aside = store.put_in_place(path, whole)
    return f"The store is whole again, from {whole.name}; the broken one is {aside}."


def repair_projects(patient: Patient) -> Iterator[str]:
    """Rebuild damaged private repositories and mend slots; the caller holds the daemon's lock."""
    for checkout in _projects(_tasks(patient)):
        try:
            broken = repositories.repository_fault(checkout)
            repository = private.private_repository(checkout, patient.places.slots)
            slots.repair(repository)
        except SpecwrightError as error:
            yield f"{checkout.root}: {error.sentence}"
            continue
        if broken:
            yield f"Made {repository.path} anew, with every ref and slot of its tasks."


async def _daemon(patient: Patient) -> CheckLine:
    if not is_alive(patient):
        if patient.places.socket.exists():
            return CheckLine(
                "daemon", WARN, "No daemon runs; a killed one left its socket.", f"{REPAIR}, or any command."
            )
        return CheckLine("daemon", OK, "No daemon runs; the next command or editor starts one.")
    try:
        async with await connect(patient.places, "cli", start=False) as client:
            found = await client.ask("status", m.Empty(), m.DaemonStatus, 5.0)
    except NoDaemon:
        pid = locks.holder(patient.places.lock)
        return CheckLine("daemon", FAIL, f"A daemon (pid {pid}) does not listen.", "`specwright daemon stop`.")
    except (SpecwrightError, TimeoutError) as error:
        return CheckLine("daemon", FAIL, getattr(error, "sentence", "It does not answer."), "`specwright daemon stop`.")
    return _of_status(found)


def _of_status(found: m.DaemonStatus) -> CheckLine:
    text = f"Version {found.version} runs (pid {found.pid})."
    if found.trouble:
        return CheckLine(
            "daemon", FAIL, f"{text} Nothing is begun: {found.trouble}", "See its sentence; its log has more."
        )
    if is_newer(found.version, __version__):
        return CheckLine("daemon", WARN, f"{text} This is {__version__}, which is older.", "Upgrade this one.")
    return CheckLine("daemon", OK, text)


def _kept(patient: Patient) -> Iterator[CheckLine]:
    path = patient.places.database
    if not path.exists():
        yield CheckLine("store", OK, "Nothing was queued yet.")
        return
    faults = store.faults(path)
    if faults:
        text = f"{path} is broken: {faults[0]}."
        yield CheckLine("store", FAIL, text, f"`specwright daemon stop`, then {REPAIR}.")
        return
    if store.is_newer_than_this(path):
        yield CheckLine("store", FAIL, f"{path} was written by a newer Specwright.", "Upgrade this one.")
        return
    tasks = _tasks(patient)
    yield CheckLine("store", OK, f"{path} is whole; {len(tasks)} open tasks.")
    yield from _of_projects(tasks)
    yield from _of_tasks(patient, tasks)


def _tasks(patient: Patient) -> dict[Task, str | None]:
    try:
        return store.open_tasks(patient.places.database)
    except SpecwrightError:  # a store of another schema, or a broken one: its own line says so
        return {}


def _projects(tasks: Iterable[Task]) -> Iterable[Checkout]:
    return {task.wish.checkout.common_dir: task.wish.checkout for task in tasks}.values()


def _of_projects(tasks: Iterable[Task]) -> Iterator[CheckLine]:
    for checkout in _projects(tasks):
        fault = repositories.repository_fault(checkout)
        if fault and not Path(checkout.common_dir).is_dir():
            yield CheckLine("repository", FAIL, fault, _give_up(checkout, tasks))
        elif fault:
            yield CheckLine("repository", FAIL, fault, f"`specwright daemon stop`, then {REPAIR}.")
        else:
            yield CheckLine("repository", OK, f"The private repository of {checkout.root} is whole.")


def _give_up(checkout: Checkout, tasks: Iterable[Task]) -> str:
    """They are in no list: `specwright list` is of the checkout that one is in."""
    own = [task for task in tasks if task.wish.checkout.common_dir == checkout.common_dir]
    verbs = [f"{'reject' if task.state is State.REVIEW else 'cancel'} {task.id}" for task in own[:SHOWN]]
    more = f" and {len(own) - SHOWN} more" if len(own) > SHOWN else ""
    return f"Put it back, or give up its tasks: specwright {', '.join(verbs)}{more}."


def _of_tasks(patient: Patient, tasks: Mapping[Task, str | None]) -> Iterator[CheckLine]:
    """A line for each task that lacks something; one for all where none does."""
    here = [task for task in tasks if Path(task.wish.checkout.common_dir).is_dir()]
    lacking = 0
    for task in here:
        faults = repositories.task_faults(task.wish.checkout, task.id, task.wish.base, tasks[task])
        if faults:
            lacking += 1
            yield CheckLine("task", FAIL, f"{'; '.join(faults)}.".capitalize(), _cure(task))
        elif task.state is State.RUNNING and _lacks_slot(patient, task):
            lacking += 1
            yield CheckLine("task", WARN, f"{task.id} runs without a slot.", "It gets one at the daemon's next start.")
    if here and not lacking:
        yield CheckLine("tasks", OK, "Each open task has its base, its result and its slot.")


def _lacks_slot(patient: Patient, task: Task) -> bool:
    keys = slots.holders(patient.places.slots)
    return not any(key.startswith(f"{task.id}/") for key in keys)


def _cure(task: Task) -> str:
    return f"`specwright cancel {task.id}`" if task.state is State.WAITING else f"`specwright retry {task.id}`"
