"""Keystrokes, code actions and starts: `specwright lsp` with a real daemon, beside two small peers and ruff."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from bench.figures import Report
from bench.generate import CHANGED, HOLE, PLACE, Source, python_file
from bench.rpc import Server, Wire
from bench.stage import SCRIPTED, Stage, ended, queue, say, stage
from bench.stats import p50, p99, spread
from specwright.api import messages as m

PEERS = Path(__file__).parent / "peers"
FILE = "long.py"
HUNKS = 20
SIZES = ((1_000, 2, HUNKS, 2), (5_000, 20, 0, 0.5), (100_000, 200, HUNKS, 2))
"""Lines, specs and open hunks among them; milliseconds that a keystroke may take at the median."""
LONGEST = SIZES[-1][0]
KEYSTROKE_RATIO, ACTION_RATIO = 2 / 0.4, 0.5 / 0.14
"""The targets of the longest file over the bare loop's own time on the machine where they were set."""
SCRIPT = json.dumps({"*": [[{"tool": "bash", "input": {"command": f"sed -i 's/{PLACE}$/{CHANGED}/' {FILE}"}}]]})
KEYSTROKES, REQUESTS, STARTS = 300, 300, 15
SHARE = {True: 10, False: 1}
"""What `--quick` divides the numbers by."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server by name, and how it is started."""

    name: str
    words: tuple[str, ...]


OURS = Peer("specwright", (str(Path(sys.executable).with_name("specwright")), "lsp"))
BARE = Peer("bare loop", (sys.executable, str(PEERS / "bare.py")))
STOCK = Peer("stock pygls", (sys.executable, str(PEERS / "stock_pygls.py")))
RUFF = Peer("ruff server", (str(Path(sys.executable).with_name("ruff")), "server"))


async def keystrokes(quick: bool) -> Report:
    """Rows a and b: a keystroke until its diagnostics are there, and code actions, on three sizes of file."""
    report = Report()
    for lines, specs, hunks, target in SIZES:
        source = python_file(lines, specs, HUNKS)
        say(f"{lines:,} lines, {specs} specs")
        async with stage() as made:
            made.make({FILE: source.text, "specwright.toml": SCRIPTED, "script.json": SCRIPT})
            if hunks:
                await _run_once(made, source)
            servers = (OURS, BARE, STOCK, *([RUFF] if _has_ruff() else []))
            peers = {peer: _play(made, peer, source, hunks, quick, report) for peer in servers}
        _rows(report, f"{lines:,} lines, {specs} specs, {hunks or 'no'} open hunks", target, peers)
        if lines == LONGEST:
            _ratios(report, peers[OURS], peers[BARE])
    return report


async def starts(quick: bool) -> Report:
    """Row c: from the start of the process to `initialize` answered, ours and stock pygls in turns."""
    report = Report()
    async with stage() as made:
        made.make({"a.py": "x = 1\n"})
        took: dict[Peer, list[float]] = {OURS: [], STOCK: [], BARE: []}
        size: dict[Peer, list[float]] = {OURS: [], STOCK: [], BARE: []}
        for number in range(3 if quick else STARTS + 1):
            say(f"start {number}")
            for peer in took:
                with _server(made, peer) as server:
                    if number == 0:  # compiles what was not compiled yet
                        continue
                    took[peer].append(server.took)
                    size[peer].append(machine.rss(server.process.pid))
    report.raw = {f"start {peer.name}": times for peer, times in took.items()}
    medians = {peer: p50(times) for peer, times in took.items()}
    beside = f"stock pygls {medians[STOCK]:.0f} ms, bare loop {medians[BARE]:.0f} ms"
    report.add("`specwright lsp` start → `initialize` answered, p50", medians[OURS], "ms", None, beside)
    report.add(
        "the same, as a ratio to stock pygls", medians[OURS] / medians[STOCK], "×", 1.15, f"{len(took[OURS])} starts"
    )
    beside = f"stock pygls {p50(size[STOCK]):.0f} MB"
    report.add("memory of `specwright lsp` after its start, RSS", p50(size[OURS]), "MB", 55, beside)
    return report


@dataclass(slots=True)
class Played:
    """What one server came to on one file, in milliseconds and megabytes."""

    opened: float
    typed: list[float]
    spent: float
    """The server's own time on the processor for each of these keystrokes: the figure that load does not change."""
    plain: list[float]
    actions: list[float]
    memory: float


async def _run_once(made: Stage, source: Source) -> None:
    """One task to its review, so that its hunks are open."""
    async with await made.client() as client:
        item = m.QueueItem(FILE, source.own + 1, source.text, "python")
        [view] = await ended(client, await queue(client, made, [item]))
    if view.state != "review" or sum(len(file.hunks) for file in view.files) != HUNKS:
        raise RuntimeError(f"the run came to {view}")


def _server(made: Stage, peer: Peer) -> Server:
    return Server(peer.words, made.root, made.environment, made.folder / "server.log")


def _play(made: Stage, peer: Peer, source: Source, hunks: int, quick: bool, report: Report) -> Played:
    uri = (made.root / FILE).as_uri()
    few = SHARE[quick] * (10 if peer is RUFF else 1)
    with _server(made, peer) as server:
        server.notify("initialized", {})
        server.settle()
        opened, items = server.open(uri, source.text)
        while peer is OURS and sum(item["code"] == "hunk" for item in items) != hunks:
            items = server.published(uri)[1]
        server.settle()
        typing = _Typing(server, uri, source)
        before = machine.processor_seconds(server.process.pid)
        typed = [typing.in_spec() for _ in range(max(10, KEYSTROKES // few))]
        spent = (machine.processor_seconds(server.process.pid) - before) / len(typed) * 1000
        plain = [typing.in_code() for _ in range(max(10, KEYSTROKES // few))]
        actions = list(_actions(server, uri, source, items, max(10, REQUESTS // few)))
        memory = machine.rss(server.process.pid)
    size = len(source.lines)
    report.raw |= {
        f"{peer.name} {size} {kind}": raw for kind, raw in (("typed", typed), ("plain", plain), ("actions", actions))
    }
    say(f"{peer.name}, {len(items)} diagnostics: keystroke {spread(typed)}, in code {spread(plain)} ms")
    return Played(opened, typed, spent, plain, actions, memory)


class _Typing:
    """Types a character, takes it back, and types it again."""

    def __init__(self, server: Server, uri: str, source: Source) -> None:
        self._server, self._uri = server, uri
        self._lines = source.lines
        self._goal = source.specs[len(source.specs) // 2] + 1
        """The line of a spec whose problem moves with each character in front of it."""
        self._code = source.places[len(source.places) // 2] - 4
        self._version = 1
        self._there: dict[int, bool] = {}

    def in_spec(self) -> float:
        """Milliseconds until the diagnostics of a character in front of a hole are there."""
        began = self._type(self._goal, self._lines[self._goal].index(HOLE))
        return (self._server.published(self._uri)[0] - began) * 1000

    def in_code(self) -> float:
        """Milliseconds until a request right behind a character in plain code, between hunks, is answered."""
        began = self._type(self._code, len(self._lines[self._code]) - 1)
        where = {"line": self._code, "character": 0}
        params = {
            "textDocument": {"uri": self._uri},
            "range": {"start": where, "end": where},
            "context": {"diagnostics": []},
        }
        self._server.request("textDocument/codeAction", params)
        return (time.perf_counter() - began) * 1000

    def _type(self, line: int, column: int) -> float:
        self._version += 1
        there = self._there.get(line, False)
        self._there[line] = not there
        columns = (column, column + 1) if there else (column, column)
        return self._server.change(self._uri, self._version, line, columns, "" if there else "x")


def _actions(server: Server, uri: str, source: Source, items: list[Wire], count: int) -> Iterator[float]:
    """Milliseconds of requests at a spec, at a hunk and in plain code, in turns."""
    places = [source.specs[len(source.specs) // 2] + 1, source.places[len(source.places) // 2], source.places[0] - 4]
    for number in range(count):
        line = places[number % len(places)]
        shown = [item for item in items if item["range"]["start"]["line"] == line]
        where = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 1}}
        params = {"textDocument": {"uri": uri}, "range": where, "context": {"diagnostics": shown}}
        yield server.request("textDocument/codeAction", params)[0]


def _has_ruff() -> bool:
    return subprocess.run([*RUFF.words, "--help"], capture_output=True, check=False).returncode == 0


def _rows(report: Report, what: str, target: float, peers: dict[Peer, Played]) -> None:
    ours, others = peers[OURS], {peer: played for peer, played in peers.items() if peer is not OURS}

    def beside(value: Callable[[Played], float], digits: int = 2) -> str:
        return ", ".join(f"{peer.name} {value(played):,.{digits}f}" for peer, played in others.items())

    report.add(f"keystroke → diagnostics, {what}, p50", p50(ours.typed), "ms", target, beside(lambda p: p50(p.typed)))
    report.add("the same, p99", p99(ours.typed), "ms", 10, beside(lambda p: p99(p.typed)))
    report.add("the same, on the processor, mean", ours.spent, "ms", None, beside(lambda p: p.spent))
    report.add("keystroke in code, then a code action, p50", p50(ours.plain), "ms", 2, beside(lambda p: p50(p.plain)))
    report.add("the same, p99", p99(ours.plain), "ms", 10, beside(lambda p: p99(p.plain)))
    report.add("code action request, p50", p50(ours.actions), "ms", 0.5, beside(lambda p: p50(p.actions)))
    report.add("the same, p99", p99(ours.actions), "ms", None, beside(lambda p: p99(p.actions)))
    report.add("opening the file", ours.opened, "ms", None, beside(lambda p: p.opened, 0))
    report.add("memory with the file open, RSS", ours.memory, "MB", None, beside(lambda p: p.memory, 0))


def _ratios(report: Report, ours: Played, bare: Played) -> None:
    """What a slower or quicker machine does not change."""
    beside = f"bare loop {p50(bare.typed):.2f} and {p50(bare.actions):.2f} ms"
    report.add(
        "keystroke, as a ratio to the bare loop", p50(ours.typed) / p50(bare.typed), "×", KEYSTROKE_RATIO, beside
    )
    ratio = p50(ours.actions) / p50(bare.actions)
    report.add("code action, as a ratio to the bare loop", ratio, "×", ACTION_RATIO, beside)
