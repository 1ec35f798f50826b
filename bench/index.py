"""The index of a workspace's specs: how long a first look takes, what it weighs, and what it costs who types."""

import subprocess
import time
from itertools import chain
from pathlib import Path

from bench import machine
from bench.editor import OURS
from bench.figures import Report
from bench.generate import repository
from bench.rpc import Server
from bench.stage import Stage, say, stage
from bench.stats import p50, p99
from specwright.lsp.index import read
from specwright.paths.scan import files

FILES, SPECS = 23_000, 200
IGNORED = 2_000
"""Files more, below a folder that git ignores."""
LOOKS = 3
QUIET = 300
"""Requests after the look, to compare with."""
NO_DAEMON = {"trusted": False}
"""So that the waits are not those for the start of one."""
TARGET_SECONDS, TARGET_BLOCKED, TARGET_MB = 4, 20, 80
SPEC = (
    "# spec! Improve part {0} (#part{0})\n# It is better.\n# - [ ] it is better, check: manual\n# - after: #part{1}\n"
)


async def index(quick: bool) -> Report:
    """A server that is started in a big checkout, and asked for something small all the time while it looks."""
    report = Report()
    count = FILES // 10 if quick else FILES
    async with stage() as made:
        made.make({"a.py": "x = 1\n"})
        _fill(made.root, count)
        floor = _floor(made.root)
        looks = [_look(made, number) for number in range(1 if quick else LOOKS)]
    seconds, blocked, after, memory = (list(column) for column in zip(*looks, strict=True))
    beside = f"listing and reading the same files in a process of their own {floor:.2f} s"
    what = f"first look at {count:,} files with {SPECS} specs"
    report.add(f"{what}, from `initialized` until all are known, p50", p50(seconds), "s", TARGET_SECONDS, beside)
    waits, quiet = list(chain.from_iterable(blocked)), list(chain.from_iterable(after))
    beside = (
        f"p50 {p50(waits):.2f}, longest {max(waits):.1f}; afterwards p99 {p99(quiet):.2f}, longest {max(quiet):.1f}"
    )
    report.add("a request while it looks, p99", p99(waits), "ms", TARGET_BLOCKED, beside)
    report.add("memory of the server after it, RSS", p50(memory), "MB", TARGET_MB)
    report.raw = {"look": seconds, "while it looks": waits, "afterwards": quiet, "memory": memory}
    return report


def _fill(root: Path, count: int) -> None:
    """A checkout of so many files; some hold a spec, and more lie below what git ignores."""
    repository(root / "big", count, 1)
    subprocess.run(["git", "-C", str(root / "big"), "checkout", "-q", "-f", "main"], check=True)
    made = sorted((root / "big").glob("package_*/*/*.py"))
    for number, path in enumerate(made[:: max(1, len(made) // SPECS)][:SPECS]):
        path.write_text(SPEC.format(number, number + 1) + path.read_text())
    (root / "big" / ".gitignore").write_text("*.log\nnode_modules/\n/dist\n!keep.log\nbuild/**/out\n")
    for number in range(IGNORED):
        folder = root / "big" / "node_modules" / f"n{number % 50}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.js").write_text("// spec! Ignored\n")


def _floor(root: Path) -> float:
    """Seconds of the same work without a server."""
    began = time.perf_counter()
    for file in files(str(root / "big")):
        read(file)
    return time.perf_counter() - began


def _look(made: Stage, number: int) -> tuple[float, list[float], list[float], float]:
    """Seconds of a look; milliseconds of requests while it went on, and afterwards; megabytes in the end."""
    log = made.folder / "server.log"
    with Server(OURS.words, made.root / "big", made.environment, log, NO_DAEMON) as server:
        for _ in range(3):  # the first of a kind is slow: lsprotocol's converters are made then
            server.request("workspace/symbol", {"query": ""})
        server.notify("initialized", {})
        began = time.perf_counter()
        server.request("workspace/symbol", {"query": ""})  # behind what every start does: memory is tidied up once
        waits = []
        while time.perf_counter() - began < 60:
            took, symbols = server.request("workspace/symbol", {"query": f"part {SPECS - 1}"})
            waits.append(took)
            if symbols:
                break
            time.sleep(0.001)
        seconds = time.perf_counter() - began
        server.settle()
        quiet = [server.request("workspace/symbol", {"query": "no such"})[0] for _ in range(QUIET)]
        memory = machine.rss(server.process.pid)
    say(f"look {number}: {seconds:.2f} s, longest wait {max(waits):.1f} ms, {memory:.0f} MB")
    return seconds, waits, quiet, memory
