"""What somebody who writes specs waits for: completion, tokens, hovers and edits, on a file of 100,000 lines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import machine
from bench.editor import BARE, FILE, LONGEST, OURS, Peer
from bench.figures import Report
from bench.generate import Source, python_file
from bench.rpc import Server, Wire
from bench.stage import SCRIPTED, Stage, say, stage
from bench.stats import p50, p99, spread

SPECS = 200
COUNT = 300
FILES_OF_A_FOLDER = 2_000
Ask = tuple[str, Wire]
"""A method and what is asked."""


@dataclass(frozen=True, slots=True)
class Played:
    """What one kind of request came to, in milliseconds."""

    took: list[float]
    spent: float
    """The server's own time on the processor for each: the figure that load does not change."""


async def writing(quick: bool) -> Report:
    """Each kind of request; completion after a keystroke that its answer depends on."""
    report = Report()
    source = python_file(LONGEST, SPECS, 20)
    async with stage() as made:
        many = {f"many/file_{number}.py": "" for number in range(FILES_OF_A_FOLDER)}
        made.make({FILE: source.text, "specwright.toml": SCRIPTED, **many})
        took = _play(made, OURS, source, COUNT // 10 if quick else COUNT)
        [bare] = _play(made, BARE, source, 20, only="code action with its edit").values()
    for name, played in took.items():
        beside = f"p99 {p99(played.took):.2f} ms; bare loop, a code action: {p50(bare.took):.2f}"
        report.add(f"{name}, {LONGEST:,} lines, {SPECS} specs, p50", p50(played.took), "ms", 5, beside)
        report.add("the same, on the processor with its keystroke, mean", played.spent, "ms")
    report.raw = {f"writing {name}": played.took for name, played in took.items()}
    return report


def _play(made: Stage, peer: Peer, source: Source, count: int, only: str = "") -> dict[str, Played]:
    uri = (made.root / FILE).as_uri()
    with Server(peer.words, made.root, made.environment, made.folder / "writing.log") as server:
        server.notify("initialized", {})
        server.settle()
        server.open(uri, source.text)
        server.settle()
        writer = _Writer(server, uri, source)
        found = {}
        for name, ask in writer.asks.items():
            if not only or name == only:
                before = machine.processor_seconds(server.process.pid)
                took = [writer.ask(*ask()) for _ in range(count)]
                spent = (machine.processor_seconds(server.process.pid) - before) / count * 1000
                found[name] = Played(took, spent)
                say(f"{peer.name}, {name}: {spread(took)} ms, {spent:.2f} on the processor")
    return found


class _Writer:
    """Writes in a spec in the middle of the file, and asks."""

    def __init__(self, server: Server, uri: str, source: Source) -> None:
        self._server, self._uri, self._version = server, uri, 1
        self._marker = source.specs[len(source.specs) // 2]
        self._criterion, self._code = self._marker + 2, source.places[len(source.places) // 2] - 4
        self._length = len(source.lines[self._criterion]) - 1
        self.asks: dict[str, Callable[[], Ask]] = {
            "completion of a key": lambda: self._complete("- "),
            "completion of a path": lambda: self._complete("- files: many/file_19"),
            "completion of a check": lambda: self._complete("- [ ] x, check: `"),
            "completion of `after:`": lambda: self._complete("- after: "),
            "completion in code": lambda: self._at(self._code, "completion"),
            "hover of a criterion": lambda: self._at(self._criterion, "hover"),
            "semantic tokens of a screen": lambda: self._tokens("range", range=_lines(self._code, self._code + 60)),
            "all semantic tokens": lambda: self._tokens("full"),
            "code action with its edit": self._actions,
        }

    def ask(self, method: str, params: Wire) -> float:
        """Milliseconds until it is answered."""
        return self._server.request(f"textDocument/{method}", {"textDocument": {"uri": self._uri}, **params})[0]

    def _complete(self, text: str) -> Ask:
        """Make the criterion's line this one, and complete at its end."""
        self._version += 1
        line = f"# {text}"
        self._server.change(self._uri, self._version, self._criterion, (0, self._length), line)
        self._length = len(line)
        where = {"line": self._criterion, "character": self._length}
        return "completion", {"position": where, "context": {"triggerKind": 1}}

    def _at(self, line: int, method: str) -> Ask:
        return method, {"position": {"line": line, "character": 4}}

    def _tokens(self, method: str, **params: Any) -> Ask:
        return f"semanticTokens/{method}", params

    def _actions(self) -> Ask:
        where = _lines(self._marker, self._marker)
        return "codeAction", {"range": where, "context": {"diagnostics": []}}


def _lines(first: int, last: int) -> Wire:
    return {"start": {"line": first, "character": 4}, "end": {"line": last, "character": 4}}
