"""Makes what is measured on: a long Python file with specs and places to change, and repositories of many files."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PLACE, CHANGED = "# place", "# placed"
"""What marks the lines that a scripted run changes, and what it makes of it."""
OWN_TITLE = "Change every place"
HOLE = "‹which?›"


@dataclass(frozen=True, slots=True)
class Source:
    """A generated Python file. Lines count from 0."""

    text: str
    own: int
    """The marker of the one spec without a problem: the task's own."""
    specs: tuple[int, ...]
    """The markers of all others; below each stand a goal with a hole, a criterion and a function."""
    places: tuple[int, ...]
    """The lines that a run changes."""

    @property
    def lines(self) -> list[str]:
        """With their ends."""
        return self.text.splitlines(keepends=True)


def python_file(lines: int, specs: int, places: int) -> Source:
    """About so many lines, with specs and places spread evenly over them; the first spec is the task's own."""
    rows: list[str] = ['"""A generated module."""\n', "\n", "\n"]
    markers: list[int] = []
    changed: list[int] = []
    for number in range(lines // BODY):
        share = (number + 1) * BODY / lines
        if len(markers) < specs * share:
            markers.append(len(rows))
            rows += _spec(len(markers) - 1)
        rows += _function(number)
        if len(changed) < places * share:
            changed.append(len(rows))
            rows.append(f"LIMIT_{number} = {number}  {PLACE}\n")
        rows += ["\n", "\n"]
    return Source("".join(rows[:-2]), markers[0], tuple(markers[1:]), tuple(changed))


BODY = 10
"""Lines of a function with what is around it."""


def _spec(number: int) -> list[str]:
    goal = "They all change at once" if number == 0 else f"Make it {HOLE} for callers"
    title = OWN_TITLE if number == 0 else f"Improve part {number}"
    return [
        f"# spec! {title}\n",
        f"# {goal}.\n",
        "# - [ ] the callers see no difference, check: `true`\n",
        "# - files: long.py\n",
        "# - allow: SPEC404 they may all change this file\n",
    ]


def _function(number: int) -> list[str]:
    return [
        f"def work_{number}(first: int, second: int) -> int:\n",
        f'    """Combine two numbers in way {number}."""\n',
        "    total = 0\n",
        "    for step in range(first):\n",
        f"        total += step * second + {number}\n",
        "        if total > 1_000_000:\n",
        "            break\n",
        "    return total\n",
    ]


def repository(root: Path, files: int, differing: int) -> tuple[str, str]:
    """A repository of so many files in two commits; the second differs from the first in some. Both ids.

    Nothing is checked out: what is measured are other worktrees of it.
    """
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    stream = b"".join(_stream(files, differing))
    words = ["git", "-C", str(root), "fast-import", "--quiet", "--force"]
    subprocess.run(words, input=stream, check=True, stdout=subprocess.DEVNULL)
    head = _rev(root, "refs/heads/main")
    subprocess.run(["git", "-C", str(root), "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    return _rev(root, f"{head}~1"), head


def _stream(files: int, differing: int) -> Iterator[bytes]:
    """Two commits in the format of git fast-import."""
    yield _commit("Begin")
    for number in range(files):
        yield _file(number, 0)
    yield _commit("Change some")
    step = max(1, files // max(1, differing))
    for number in range(0, step * min(differing, files), step):
        yield _file(number, 1)


def _commit(message: str) -> bytes:
    who = "Bench <bench@localhost> 1700000000 +0000"
    return f"commit refs/heads/main\ncommitter {who}\ndata {len(message)}\n{message}\n".encode()


def _file(number: int, version: int) -> bytes:
    body = "".join("".join(_function(number * 31 + part + version)) for part in range(4 + number % 9)).encode()
    name = f"package_{number % 97}/part_{number % 13}/module_{number}.py"
    return f"M 644 inline {name}\ndata {len(body)}\n".encode() + body + b"\n"


def _rev(root: Path, name: str) -> str:
    words = ["git", "-C", str(root), "rev-parse", "--verify", name]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
