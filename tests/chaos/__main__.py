"""`python -m chaos [--kills N] [--tasks N] [--seed N] …`: the long form, and a table of what came of it."""

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from chaos.play import Say, play
from chaos.yard import Yard, yard_in

AT_ONCE = 50
KILLS = 200


def main() -> int:
    """0 where every check held."""
    parser = argparse.ArgumentParser(
        prog="python -m chaos", description="Kill everything, and see that nothing is lost."
    )
    parser.add_argument("--kills", type=int, default=KILLS, help="processes to kill with SIGKILL")
    parser.add_argument("--tasks", type=int, default=AT_ONCE, help="tasks open at once")
    parser.add_argument("--minutes", type=float, default=60.0, help="kill for no longer")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000, help="of every choice")
    parser.add_argument("--json", type=Path, help="write what came of it here")
    parser.add_argument("--keep", action="store_true", help="leave the folder of the play in place")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="specwright-chaos-"))
    say = _speaker(folder / "stderr.log")
    say(f"seed {given.seed}, {given.kills} kills, {given.tasks} tasks at once, in {folder}")
    try:
        return asyncio.run(_run(folder, given, say))
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)


async def _run(folder: Path, given: argparse.Namespace, say: Say) -> int:
    began = time.monotonic()
    async with yard_in(folder, given.seed, 3 * given.tasks + given.kills, given.tasks) as yard:
        try:
            await play(yard, say, given.kills, minutes=given.minutes)
        except Exception as error:  # what is known so far is told all the same
            yard.problems.append(f"the play broke off: {error!r}")
            traceback.print_exc()
        finally:
            report = summary(yard, given.seed, time.monotonic() - began)
            sys.stdout.write(table(report))
            if given.json:
                given.json.write_text(json.dumps(report, indent=1) + "\n")
    return 1 if yard.problems else 0


def summary(yard: Yard, seed: int, seconds: float) -> dict[str, object]:
    """What was done, and what came of it."""
    rows = yard.rows()
    states = [row.state for row in rows.values()]
    return {
        "seed": seed,
        "seconds": round(seconds),
        "kills": yard.kills,
        "tasks": len(rows),
        "states": {state: states.count(state) for state in sorted(set(states))},
        "excused": len(yard.excused),
        "requests to the model": len(yard.asked()),
        "done": dict(sorted(yard.did.items())),
        "longest, s": {name: round(max(times), 2) for name, times in yard.times.items()},
        "problems": yard.problems,
    }


def table(report: dict[str, object]) -> str:
    """The same for a terminal."""
    lines = []
    for name, value in report.items():
        if isinstance(value, dict):
            lines += [f"{name:24} {count:>8}  {what}" for what, count in value.items()]
        elif isinstance(value, list):
            lines += [f"{name:24} {len(value):>8}", *(f"  {line}" for line in value)]
        else:
            lines.append(f"{name:24} {value:>8}")
    return "\n".join(lines) + "\n"


def _speaker(log: Path) -> Say:
    """Progress to standard error; what killed servers say there goes to a file."""
    terminal = os.fdopen(os.dup(2), "w")
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)

    def say(text: str) -> None:
        terminal.write(f"{time.strftime('%H:%M:%S')}  {text}\n")
        terminal.flush()

    return say


if __name__ == "__main__":
    sys.exit(main())
