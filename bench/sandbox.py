"""What a sandbox adds to one command: `true` bare, through each box, and through bubblewrap alone, in turns."""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from bench.figures import Raw, Report
from bench.stage import say
from bench.stats import p50, p99
from specwright import process
from specwright.config.settings import SandboxMode
from specwright.sandbox.box import make_box
from specwright.sandbox.bubblewrap import HOME, PROGRAM, arguments
from specwright.sandbox.environment import environment
from specwright.sandbox.probe import probe
from specwright.sandbox.visible import Visible

COMMAND = ["true"]
SECONDS = 30.0
Run = Callable[[], Awaitable[object]]


async def sandbox(quick: bool) -> Report:
    """A command in each box that this machine offers, beside the same without one."""
    with tempfile.TemporaryDirectory(prefix="specwright-bench-") as made:
        visible = _slot(Path(os.path.realpath(made)))
        ways: dict[str, Run] = {"bare": _bare, "process": _process}
        for mode in (SandboxMode.NONE, SandboxMode.PARTIAL, SandboxMode.FULL):
            if (found := await probe(mode)).mode is mode:
                ways[mode] = partial(make_box(mode, visible).run, COMMAND, timeout=SECONDS)
            else:
                say(f"no {mode} sandbox here: {found.reason}")
        if SandboxMode.FULL in ways:
            ways[PROGRAM] = partial(_alone, [PROGRAM, *arguments(visible, _variables(visible)), "--", *COMMAND])
        samples = await _in_turns(ways, 10 if quick else 100)
    return _reported(samples)


def _reported(samples: Raw) -> Report:
    report = Report(raw=samples)
    bare = p50(samples["bare"])
    report.add("one command, `true`, bare, p50", bare, "ms", None, f"p99 {p99(samples['bare']):.1f}")
    report.add("what our way of starting it takes more, p50", p50(samples["process"]) - bare, "ms")
    told = {SandboxMode.FULL: ("in the full sandbox", 15.0), SandboxMode.PARTIAL: ("in the partial sandbox", None)}
    told[SandboxMode.NONE] = ("without a sandbox, its tree watched", None)
    for mode, (where, target) in told.items():
        if mode in samples:
            beside = f"p99 {p99(samples[mode]):.1f} in all"
            if mode is SandboxMode.FULL:
                beside += f"; bubblewrap alone with the same words adds {p50(samples[PROGRAM]) - bare:.1f}"
            report.add(f"what it takes more {where}, p50", p50(samples[mode]) - bare, "ms", target, beside)
    return report


async def _in_turns(ways: Mapping[str, Run], count: int) -> Raw:
    """Milliseconds of each, one after the other and again: what disturbs meets all of them alike."""
    samples: Raw = {name: [] for name in ways}
    for number in range(count + 1):
        for name, run in ways.items():
            began = time.perf_counter()
            await run()
            if number:  # the first is cold
                samples[name].append((time.perf_counter() - began) * 1000)
    return samples


async def _bare() -> None:
    await _alone(COMMAND)


async def _process() -> None:
    await process.run(COMMAND, cwd="/", env={"PATH": os.defpath}, timeout=SECONDS, tied=False)


async def _alone(words: list[str]) -> None:
    nothing, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*words, stdin=nothing, stdout=pipe, stderr=pipe)
    if await child.communicate() != (b"", b"") or child.returncode:
        raise RuntimeError(f"{words[0]} ended with {child.returncode}")


def _slot(folder: Path) -> Visible:
    private = folder / "project" / ".git" / "specwright" / "repo.git"
    private.mkdir(parents=True)
    (folder / "slot").mkdir()
    (folder / "slot" / ".git").write_text("gitdir: elsewhere\n")
    return Visible(folder / "slot", folder / "slot" / ".git", private, (), (("PATH", os.environ["PATH"]),), "bench")


def _variables(visible: Visible) -> dict[str, str]:
    return {**environment(dict(visible.environment), visible.slot, ()), "HOME": HOME, "TMPDIR": "/tmp"}  # noqa: S108
