"""What the tasks are to do: parts of a project, each with a text before, a text after, and a file that grows."""

import json
import random
import shlex
from collections.abc import Mapping
from typing import Any

from specwright.testing.replies import Asked, Call, Message, Reply, Spoilt
from specwright.testing.scenarios import Scenario
from user import bash

LINES = ("one", "two", "three")
"""What each part's file of lines holds at the end, each once: a turn that is played twice would show."""
GATE = "check.sh"
"""The program of every check."""
GATE_TEXT = "sleep 0.3\ngrep -q three out/$1.txt\n"
"""Long enough to be killed in."""
BLOCK = "# spec! Part {0}\n# - [ ] it has three lines {1}, check: `sh " + GATE + " {0}`\n"
BODY = "x = 'one'\n\n\n\n\ndef middle():\n    return {0}\n\n\n\n\ny = 'one'\n"
INSERTED = "    # part {0} was here\n"


def spec_path(number: int) -> str:
    """The file that holds a part's spec."""
    return f"parts/{number}.py"


def lines_path(number: int) -> str:
    """The file that the part's runs append to."""
    return f"out/{number}.txt"


def before(number: int) -> str:
    """A part's file as it is committed."""
    return BLOCK.format(number, f"[[fake:part-{number}]]") + BODY.format(number)


def after(number: int) -> str:
    """The same file once all of the task is accepted, its own spec gone."""
    text = BODY.format(number).replace("'one'", "'two'")
    return text.replace("def middle():\n", "def middle():\n" + INSERTED.format(number))


def script(numbers: range, rng: random.Random) -> str:
    """A script for these parts; each fourth one forgets a line at first, and is repaired."""
    return json.dumps({f"Part {number}": _rounds(number, rng, number % 4 == 3) for number in numbers})


def scenarios(count: int) -> Mapping[str, Scenario]:
    """The same work, asked of a model."""
    return {f"part-{number}": _scenario(number) for number in range(count)}


def _rounds(number: int, rng: random.Random, forgets: bool) -> list[list[dict[str, Any]]]:
    one, two, three = (_append(number, line) for line in LINES)
    changes = [{"tool": "edit", "input": change} for change in _changes(number)]
    rest = [] if forgets else [bash(three)]
    first = [
        bash(one), _sleep(rng), changes[0], bash(f"sleep {rng.uniform(0, 0.6):.2f}; {two}"),
        changes[1], _sleep(rng), *rest, changes[2],
    ]  # fmt: skip
    return [first, [bash(three)]] if forgets else [first]


def _sleep(rng: random.Random) -> dict[str, Any]:
    return {"sleep": round(rng.uniform(0.1, 1.5), 2)}


def _scenario(number: int) -> Scenario:
    one, two, three = (Call("bash", {"command": _append(number, line)}) for line in LINES)
    edits = [Call("edit", change) for change in _changes(number)]
    look = Call("read", {"path": spec_path(number)})
    calls = [look, one, edits[0], two, edits[1], three, edits[2], Call("finish", {"summary": "It is done."})]

    def reply(asked: Asked) -> Reply:
        spoilt = Spoilt.SLOW if asked.turn % 3 == 0 else None
        return Message("I go on.", (calls[min(asked.turn, len(calls) - 1)],), spoilt=spoilt)

    return reply


def _append(number: int, line: str) -> str:
    path = shlex.quote(lines_path(number))
    return f"mkdir -p out; echo {line} >> {path}"


def _changes(number: int) -> list[dict[str, Any]]:
    path = spec_path(number)
    head = "def middle():\n"
    pairs = [("x = 'one'", "x = 'two'"), (head, head + INSERTED.format(number)), ("y = 'one'", "y = 'two'")]
    return [{"path": path, "old": old, "new": new} for old, new in pairs]
