"""The play: tasks in three projects, faults beside them until enough was killed, then everything comes to its end."""

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Callable, Sequence

from chaos import checks, clients
from chaos.faults import FAULTS, Fault
from chaos.project import SCRATCH, Project, belongings, fingerprint
from chaos.stored import live
from chaos.yard import BUSY, PAID, STILL, Yard
from specwright.api import messages as m
from specwright.api import views as v
from specwright.errors import SpecwrightError

LONGEST = 600.0
"""Seconds in which all tasks must come to an end once nothing is done to them any more."""
Say = Callable[[str], None]


async def play(
    yard: Yard, say: Say, kills: int = 0, faults: Sequence[Fault] = (), pause: float = 1.0, minutes: float = 60.0
) -> None:
    """Go through `faults`, then kill at random until it is enough; let all end then, and look at everything.

    `pause`: most seconds between two faults; `minutes`: after which no more is killed.
    """
    await fill(yard)
    over, end = asyncio.Event(), time.monotonic() + 60 * minutes
    beside = [asyncio.create_task(user_commands(yard, over)), asyncio.create_task(clients.windows(yard, over))]
    try:
        for fault in faults:
            await _one(yard, fault, say, pause)
        while yard.kills < kills and time.monotonic() < end:
            await _one(yard, yard.rng.choices(list(FAULTS), list(FAULTS.values()))[0], say, pause)
    finally:
        over.set()
        await asyncio.gather(*beside)
    say("no more faults; waiting for every task")
    await all_ended(yard)
    await decide_all(yard)
    await look_at_everything(yard)


async def fill(yard: Yard) -> None:
    """Queue until as many tasks are open as shall run at once."""
    going = sum(row.state in {"waiting", "running"} for row in yard.rows().values()) if yard.acknowledged else 0
    missing = yard.at_once - going
    for project in yard.projects.values():
        if missing > 0:
            await yard.queue(project, min(missing, -(-yard.at_once // 3)))


async def user_commands(yard: Yard, over: asyncio.Event) -> None:
    """The user's own git beside it all, in one of the projects."""
    project, number = yard.projects[BUSY], 0
    while not over.is_set():
        number += 1
        await asyncio.sleep(yard.rng.uniform(0.3, 1.5))
        words = yard.rng.choice(_commands(project, number))
        done = await asyncio.to_thread(_git, project, *words)
        yard.did["git commands of the user"] += 1
        if done.returncode:
            yard.problems.append(f"the user's git {' '.join(words)} failed: {done.stderr.strip()[-300:]}")


async def all_ended(yard: Yard) -> None:
    """Return when no task waits or runs; those that still do then are told by the checks."""
    end = time.monotonic() + LONGEST
    async with await yard.client():
        while any(row.state in {"waiting", "running"} for row in yard.rows().values()):
            if time.monotonic() > end:
                return
            await asyncio.sleep(0.2)


async def decide_all(yard: Yard) -> None:
    """Accept most of what is left to review, and reject some; each verdict must be possible."""
    rows = yard.rows()
    for number, task in enumerate(sorted(task for task, row in rows.items() if row.state == "review")):
        accept = task in yard.raced or number % 5 != 0
        try:
            await yard.ask("decide", m.Decide(task, accept), m.Decided)
            view = await yard.ask("show", m.TaskNamed(task), v.TaskView)
            if view.state == "review" and task not in yard.raced:
                yard.problems.append(f"{task} is still in review: {view}")
        except SpecwrightError as error:
            yard.problems.append(f"{task} can't be decided: {error.sentence}")
        yard.did["accepted" if accept else "rejected"] += 1


async def look_at_everything(yard: Yard) -> None:
    """All checks, the daemon still there; then stopped, and what must hold without it."""
    rows = yard.rows()
    problems = checks.none_lost(yard.acknowledged, rows)
    problems += checks.none_stuck(rows) + checks.none_failed(rows, yard.excused)
    for name, project in yard.projects.items():
        tasks = yard.of_project(name)
        problems += checks.results_are_exact(project, tasks, yard.excused)
        problems += checks.verdicts_are_exact(project, tasks, yard.raced | yard.excused)
    problems += checks.none_paid_twice(yard.durable, yard.asked())
    await yard.stop()
    problems += checks.none_orphaned(yard.folder)
    with live(yard.places.database) as store:
        problems += checks.store_is_whole(store)
    for name, project in yard.projects.items():
        if name in {STILL, PAID}:
            problems += checks.none_of_theirs(yard.prints[name], fingerprint(project), f".git of {name}")
        problems += checks.none_of_theirs(yard.before[name], belongings(project), name)
        problems += checks.repository_works(project)
    yard.problems += problems


async def _one(yard: Yard, fault: Fault, say: Say, pause: float) -> None:
    """One fault at a random moment."""
    await asyncio.sleep(yard.rng.uniform(0.05, pause))
    before = yard.kills
    with contextlib.suppress(ConnectionError):
        await fault(yard)
    await fill(yard)
    if yard.kills // 10 != before // 10:
        say(f"{yard.kills} kills, {_count(yard)}, {len(yard.problems)} problems")


def _count(yard: Yard) -> str:
    states = [row.state for row in yard.rows().values()]
    return ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))


def _commands(project: Project, number: int) -> list[list[str]]:
    branches = project.git("branch", "--list", f"{SCRATCH}*", "--format=%(refname:short)").split()
    notes = project.root / "notes.txt"
    with notes.open("a") as file:
        file.write(f"{number}\n")
    return [
        ["gc", "-q", "--prune=now"],
        ["fetch", "-q", "origin"],
        ["status", "--porcelain"],
        ["commit", "-q", "-m", f"Note {number}", "--allow-empty", "--", ".gitignore"],
        ["branch", f"{SCRATCH}{number}"],
        ["branch", "-D", *branches] if branches else ["branch", "-a"],
    ]


def _git(project: Project, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["git", *words], cwd=project.root, env=project.environment, capture_output=True, text=True)
