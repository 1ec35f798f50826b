"""A slot from the pool, beside `git worktree add` of the same commit in the same run."""

import asyncio
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from bench import generate
from bench.figures import Report
from bench.stage import say
from bench.stats import p50, timed
from specwright.git import checkout as checkouts
from specwright.git import private, slots
from specwright.store import ids

SIZES = ((6_500, 0.35), (23_000, 0.15))
"""Files, and the greatest share of `git worktree add`."""
QUICK = ((650, None), (2_300, None))
DIFFERING = 200
TIMES = 5


async def ready(quick: bool) -> Report:
    """Row e: a free slot at one commit becomes a run's at another, of which 200 files differ."""
    report = Report()
    for files, target in QUICK if quick else SIZES:
        await asyncio.to_thread(_measure, report, files, target, 2 if quick else TIMES)
    return report


def _measure(report: Report, files: int, target: float | None, times: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="specwright-bench-"))
    try:
        say(f"a repository of {files:,} files")
        old, new = generate.repository(folder / "project", files, DIFFERING)
        pooled, added = _pooled(folder, (old, new), times), _added(folder, (old, new), times)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.raw |= {f"slot {files}": pooled, f"worktree add {files}": added}
    what = f"slot ready from the pool, {files:,} files, {DIFFERING} differ"
    report.add(what, p50(pooled), "ms", None, f"git worktree add {p50(added):,.0f}")
    report.add(
        "the same, as a ratio to git worktree add",
        p50(pooled) / p50(added),
        "×",
        target,
        f"{times} times each, one after the other",
    )


def _pooled(folder: Path, commits: tuple[str, str], times: int) -> list[float]:
    checkout = checkouts.find(folder / "project")
    repository = private.private_repository(checkout, folder / "slots")
    for commit in commits:
        private.bring(repository, checkout, commit, ids.draw())
    slots.release(slots.take(repository, "first/1", 1, commits[0]))  # makes the slot that the pool holds from now on
    took = []
    for number in range(1, times + 1):
        commit = commits[number % 2]
        took.append(timed(partial(slots.take, repository, f"again/{number}", 1, commit)))
        slots.release(slots.take(repository, f"again/{number}", 1, commit))
    return took


def _added(folder: Path, commits: tuple[str, str], times: int) -> list[float]:
    git = ["git", "-C", str(folder / "project"), "worktree"]
    took = []
    for number in range(1, times + 1):
        place = str(folder / f"tree-{number}")
        words = [*git, "add", "-q", "--detach", place, commits[number % 2]]
        took.append(timed(partial(subprocess.run, words, check=True)))
        subprocess.run([*git, "remove", "--force", place], check=True)
    return took
