"""`specwright demo`: the whole story in a terminal, on a real repository in a temporary folder."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client, Listener, connect
from specwright.demo import project
from specwright.demo.stage import Stage
from specwright.errors import Exit, SpecwrightError
from specwright.git.sample import make_repository
from specwright.paths.files import private_folder
from specwright.tasks.model import GOING_ON, Outcome

KILL_AFTER = 3.0
"""Seconds into the runs at which the daemon is killed."""
LONGEST = 60.0
TITLES = ("Parse minutes and seconds", "Greet by the hour", "First day of the week")
USAGE = "Usage: specwright demo\n\nPlay the whole story in a temporary repository; needs no key and no network.\n"


def main(words: Sequence[str]) -> int:
    """Play the story; the exit code is 0 only if it came out as it is meant to."""
    if words:
        sys.stdout.write(USAGE)
        return Exit.DONE if words in (["--help"], ["-h"]) else Exit.WRONG_USE
    stage = Stage(Path(tempfile.mkdtemp(prefix="specwright-demo-")), Console(highlight=False))
    try:
        return asyncio.run(_play(stage))
    except SpecwrightError as error:
        sys.stderr.write(f"specwright: {error.sentence}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130


async def _play(stage: Stage) -> int:
    began = time.monotonic()
    boxed = await _begin(stage)
    views = await _run_all(stage)
    passed, repaired, asked = (_named(views, title) for title in TITLES)
    await _look(stage, passed, repaired)
    stage.title("5. Decide: accept one, answer another")
    await stage.type("accept", passed.task)
    await stage.type("revise", asked.task, "-m", project.ANSWER)
    after = await _follow(stage, [asked.task])
    _end(stage, time.monotonic() - began)
    await stage.type("daemon", "stop")
    return _judge(stage, [passed, repaired, asked, after[0]], Outcome.PASSED if boxed else Outcome.INCONCLUSIVE)


async def _begin(stage: Stage) -> bool:
    """Make the repository; whether its commands are boxed."""
    stage.title("1. A small repository with four specs")
    stage.say("No model, no key, no network: the scripted agent plays recorded tool calls through the same tool layer")
    stage.say("as a model. Repository, worktrees, sandbox, tests and daemon are real.")
    await asyncio.to_thread(make_repository, stage.root, {**project.FILES, "script.json": project.script()})
    stage.say(f"made {stage.root}")
    boxed = await _sandbox(stage)
    await stage.type("trust", "--yes")
    return boxed


async def _sandbox(stage: Stage) -> bool:
    """Whether there is one. Go on without a sandbox where none works, for these commands are our own; and say so."""
    status = await _ask_status(stage)
    if status.sandbox == "full":
        stage.say("sandbox: bubblewrap, full")
        return True
    if status.sandbox == "partial":
        stage.say(f"sandbox: partial ({status.sandbox_reason}); it does not stop all, and for projects you are asked")
        return True
    stage.say(f"sandbox: none works here ({status.sandbox_reason})")
    stage.say("The demo's commands are our own, so it goes on without one; for your projects no run would start.")
    stage.say("Checks of criteria run in the full sandbox only, so they stay open here, and outcomes inconclusive.")
    private_folder(stage.places.config_file.parent)
    stage.places.config_file.write_text('[sandbox]\nmode = "none"\n')
    await stage.type("daemon", "stop")
    return False


async def _ask_status(stage: Stage) -> m.DaemonStatus:
    async with await connect(stage.places, "cli", environment=stage.environment) as client:
        return await client.ask("status", m.Empty(), m.DaemonStatus)


async def _run_all(stage: Stage) -> list[v.TaskView]:
    stage.title("2. Queue all four at once; nothing is written into any file")
    await stage.type("queue", *project.SPECS)
    stage.title("3. They run in parallel, each in its own worktree; the daemon is killed on the way")
    tasks = [task.task for task in (await _list(stage)).tasks][::-1]
    return await _follow(stage, tasks, kill=True)


async def _list(stage: Stage) -> v.Listing:
    async with await connect(stage.places, "cli", environment=stage.environment) as client:
        return await client.ask("list", m.ListTasks(str(stage.root)), v.Listing)


async def _follow(stage: Stage, tasks: Sequence[str], kill: bool = False) -> list[v.TaskView]:
    """Show the tasks until they need a person or are over."""
    deadline = time.monotonic() + LONGEST
    kill_at = time.monotonic() + KILL_AFTER if kill else None
    with Live(console=stage.console, refresh_per_second=8, transient=False) as live:
        while time.monotonic() < deadline:
            views = await _views(stage, tasks)
            live.update(_table(views))
            if all(view.state not in GOING_ON for view in views):
                break
            if kill_at and time.monotonic() > kill_at:
                kill_at = None
                pid = await stage.kill_daemon()
                live.console.print(
                    Text(f"kill -9 {pid}: the daemon is dead; the next question starts a new one", "red")
                )
            await asyncio.sleep(0.25)
        else:
            raise SpecwrightError(f"The demo's tasks did not end within {LONGEST:.0f} s; see {stage.places.log}.")
    if not stage.console.is_terminal:  # what rich prints at the end of a display lacks its line end there
        stage.console.print()
    return views


async def _views(stage: Stage, tasks: Sequence[str]) -> list[v.TaskView]:
    async with await connect(stage.places, "cli", Listener(), environment=stage.environment) as client:
        return [await _show(client, task) for task in tasks]


async def _show(client: Client, task: str) -> v.TaskView:
    return await client.ask("show", m.TaskNamed(task), v.TaskView)


def _table(views: Sequence[v.TaskView]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("task", "title", "state", "outcome", "gates", "criteria", "cost"):
        table.add_column(name)
    for view in views:
        table.add_row(*(Text(cell) for cell in _cells(view)))
    return table


def _cells(view: v.TaskView) -> tuple[str, ...]:
    run = view.runs[-1] if view.runs else None
    gates = [gate for gate in run.gates if not gate.name.startswith("criterion:")] if run else []
    good = sum(gate.result == "passed" for gate in gates)
    shown = sum(criterion.result == "passed" for criterion in view.criteria)
    cost = "" if run is None or run.cost_usd is None else f"${run.cost_usd:.2f}"
    counts = f"{good}/{len(gates)}" if gates else ""
    return view.task, view.title, view.state, view.outcome or "", counts, f"{shown}/{len(view.criteria)}", cost


def _named(views: Sequence[v.TaskView], title: str) -> v.TaskView:
    return next(view for view in views if view.title == title)


async def _look(stage: Stage, passed: v.TaskView, repaired: v.TaskView) -> None:
    stage.title("4. What came back: gates, evidence per criterion, the diff")
    await stage.type("show", passed.task)
    await stage.type("show", repaired.task)
    stage.say("The lint gate refused its first round; the agent was shown the finding and mended it:")
    await stage.type("log", repaired.task, lines=60)
    await stage.type("diff", passed.task)


def _end(stage: Stage, seconds: float) -> None:
    stage.title(f"That was the story, in {seconds:.0f} s; cost: $0.00, no model was asked")
    stage.say(f"Everything lies in {stage.folder} (rm -r it when you have seen enough):")
    stage.say("  clock/        the repository; the accepted change is in its files, not committed")
    stage.say("  home/state/   the store, the daemon's log, and each run's events")
    stage.say("  home/cache/   the worktrees")
    stage.say("Look around:")
    stage.say(f"  cd {stage.root} && export SPECWRIGHT_HOME={stage.folder}/home")
    stage.say(f"  {stage.program} list")
    stage.say(f"In your own repository: `{stage.program} init`, write a spec, `… queue FILE:LINE`.")


def _judge(stage: Stage, views: Sequence[v.TaskView], good: Outcome) -> int:
    """0 if the story ended as it should. `good` is the outcome of good work, which depends on whether checks run."""
    outcomes = [view.outcome for view in views]
    expected = [good, good, Outcome.BLOCKED, good]
    if outcomes == expected:
        return Exit.DONE
    stage.say(f"The story went another way: {outcomes} instead of {expected}. Its log: {stage.places.log}")
    return Exit.BROKE
