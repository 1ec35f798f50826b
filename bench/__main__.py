"""`python -m bench [NAME…] [--json FILE] [--markdown FILE] [--quick] [--corpus DIR]`: measure, and print one table."""

import argparse
import asyncio
import json
import sys
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from rich.console import Console

from bench import (
    crash,
    crowd,
    editor,
    index,
    machine,
    noise,
    overhead,
    parsing,
    planning,
    queueing,
    rules,
    sandbox,
    slots,
    writing,
)
from bench.figures import Figure, Raw, Report, markdown, table
from bench.stage import say

BENCHMARKS: dict[str, Callable[[bool], Awaitable[Report]]] = {
    "keystrokes": editor.keystrokes,
    "writing": writing.writing,
    "starts": editor.starts,
    "index": index.index,
    "queueing": queueing.queueing,
    "slots": slots.ready,
    "overhead": overhead.overhead,
    "sandbox": sandbox.sandbox,
    "planning": planning.planning,
    "rules": rules.rules,
    "noise": noise.noise,
    "parsing": parsing.parsing,
    "begun": queueing.begun,
    "many": queueing.many,
    "crowd": crowd.crowd,
    "recovery": crash.recovery,
    "flood": crash.flood,
}


def main() -> int:
    """Run what is named, or all; 0 unless something broke: a missed target is a result."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Specwright beside peers and floors.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--json", type=Path, help="write every sample here")
    parser.add_argument("--markdown", type=Path, help="write the table here too")
    parser.add_argument("--quick", action="store_true", help="fewer samples and smaller repositories")
    parser.add_argument("--corpus", type=Path, help="repositories with specs of other tools, for noise")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    return asyncio.run(_run(given.names or list(BENCHMARKS), given))


async def _run(names: list[str], given: argparse.Namespace) -> int:
    machine_now = machine.description()
    figures: list[Figure] = []
    raw: Raw = {}
    broken = []
    benchmarks = BENCHMARKS | {"noise": partial(noise.noise, corpus=given.corpus)}
    for name in names:
        sys.stderr.write(f"{name}\n")
        try:
            report = await benchmarks[name](given.quick)
        except Exception as fault:  # the boundary of one benchmark: the others' figures must not be lost
            say(f"{name} broke")
            traceback.print_exception(fault)
            broken.append(name)
            continue
        figures += report.figures
        raw |= {f"{name}: {key}": samples for key, samples in report.raw.items()}
        _keep(given, machine_now, figures, raw)
    Console(width=None if sys.stdout.isatty() else 170).print(table(figures), machine_now, sep="\n")
    return 3 if broken else 0


def _keep(given: argparse.Namespace, machine_now: str, figures: list[Figure], raw: Raw) -> None:
    """Write what is known after each benchmark: a run that is ended loses nothing but the one that was under way."""
    if given.markdown:
        given.markdown.write_text(markdown(figures))
    if given.json:
        _write(given.json, machine_now, figures, raw)


def _write(path: Path, machine_now: str, figures: list[Figure], raw: Raw) -> None:
    rows = [
        {"what": f.what, "value": f.value, "unit": f.unit, "target": f.target, "verdict": f.verdict, "beside": f.beside}
        for f in figures
    ]
    path.write_text(json.dumps({"machine": machine_now, "figures": rows, "samples": raw}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
