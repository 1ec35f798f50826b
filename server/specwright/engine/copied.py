"""Files that `.worktreeinclude` brings into a run's slot, and whether a value of one stands in its result."""

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from specwright.git import trees
from specwright.git.private import PrivateRepository
from specwright.tasks.model import Finding, GateResult, GateRun, Level

GATE = "copied-values"
"""Not a gate of the project's: it runs where files were copied, and can't be left out."""
_VALUE = re.compile(rb"""[=:]\s*["']?([^\s"',]{12,})""")
"""Long enough to be a key."""
_WHOLE = re.compile(rb"\S{12,1000}")
"""A file that is nothing but a token."""
Values = Mapping[bytes, str]
"""Each value and the file that it stands in."""


def values(root: Path, paths: tuple[str, ...]) -> Values:
    """What in these files must not come into a result."""
    found: dict[bytes, str] = {}
    for path in paths:
        data = (root / path).read_bytes() if (root / path).is_file() else b""
        whole = [data.strip()] if _WHOLE.fullmatch(data.strip()) else []
        found |= dict.fromkeys([*whole, *_VALUE.findall(data)], path)
    return found


def check(repository: PrivateRepository, known: Values, base: str, commit: str) -> GateRun:
    """Whether a commit adds one of the values."""
    began, tree = time.monotonic(), trees.tree_of(repository, commit)
    findings = tuple(
        finding
        for change in trees.changed(repository, base, commit)
        for finding in _findings(repository, known, (base, change.old_path or change.path), (commit, change.path))
    )
    result = GateResult.FAILED if findings else GateResult.PASSED
    return GateRun(GATE, result, None, time.monotonic() - began, findings, tree=tree)


def _findings(
    repository: PrivateRepository, known: Values, before: tuple[str, str], after: tuple[str, str]
) -> Iterator[Finding]:
    old, new = _bytes(repository, *before), _bytes(repository, *after)
    told: set[tuple[str, int]] = set()
    for value, source in known.items():
        at = new.find(value)
        line = new.count(b"\n", 0, at) + 1
        if at >= 0 and value not in old and (source, line) not in told:
            told.add((source, line))  # a line `KEY=value` is a value as a whole, too
            said = f"A value of {source} stands here, which is ignored and must not come into a commit; take it out."
            yield Finding(GATE, "copied-value", Level.HIGH, said, after[1], line)


def _bytes(repository: PrivateRepository, commit: str, path: str) -> bytes:
    try:
        return trees.blob(repository, commit, path) or b""
    except trees.TooLarge:
        return b""
