"""The gate `secrets`: whether a result adds a secret. Not one of the project's: it needs no setting, and runs first."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from specwright.engine.copied import Values
from specwright.git import trees
from specwright.git.private import PrivateRepository
from specwright.leaks.find import Leak, find
from specwright.leaks.known import known_spans
from specwright.leaks.mask import MARK
from specwright.tasks.model import Finding, GateResult, GateRun, Level

GATE = "secrets"
PIECE, OVERLAP = 500_000, 20_000
"""Characters that are searched at once, and how far into the next ones: one search lets nothing else run meanwhile."""
ALLOWED = ("pragma: allowlist secret", "gitleaks:allow")
"""Comments of detect-secrets and gitleaks; not for formats and known values: the agent can write them."""
_HASHES = ("lock", ".sum", "lock.json", "lock.yaml", "lock.yml")
"""Ends of the names of files that are full of hashes."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """A changed file: what it was, what it is, and its bytes where it is no text."""

    path: str
    old: str
    new: str
    is_text: bool


def check(repository: PrivateRepository, known: Values, base: str, commit: str) -> GateRun | None:
    """What a commit adds; None where there is nothing to say, since that alone shows nothing to hold.

    A known value or the format of a key fails it; what only looks like a secret is a finding.
    """
    began, findings, fault = time.monotonic(), [], None
    for change in trees.changed(repository, base, commit):
        try:
            findings += list(_findings(_sides(repository, base, commit, change), known))
        except trees.TooLarge as error:
            fault = str(error)
    failed = any(finding.level is Level.HIGH for finding in findings)
    if not findings and not fault:
        return None
    result = GateResult.FAILED if failed else GateResult.ERROR if fault else GateResult.PASSED
    tree, seconds = trees.tree_of(repository, commit), time.monotonic() - began
    required = result is not GateResult.PASSED
    return GateRun(GATE, result, fault, seconds, tuple(findings), tree=tree, required=required)


def _sides(repository: PrivateRepository, base: str, commit: str, change: trees.FileChange) -> _Sides:
    old, new = trees.blob(repository, base, change.old_path or change.path), trees.blob(repository, commit, change.path)
    is_text = b"\0" not in (new or b"") and len(new or b"") <= trees.TEXT_LIMIT
    before = f"{change.old_path or change.path if old is not None else ''}\n{_text(old)}"
    return _Sides(change.path, before, _text(new), is_text)


def _text(data: bytes | None) -> str:
    """As text; without NUL, so that a value is found where each character has two bytes, too."""
    return (data or b"").replace(b"\0", b"").decode("utf-8", "surrogateescape")


def _findings(sides: _Sides, known: Values) -> Iterator[Finding]:
    told: set[tuple[str, int]] = set()
    for finding in (*_known(sides, known), *_named(sides, known), *_likely(sides)):
        place = (finding.message, finding.line or 0)
        if place not in told:  # a line `KEY=value` is a value as a whole, too
            told.add(place)
            yield finding


def _known(sides: _Sides, known: Values) -> Iterator[Finding]:
    for value, source in known.items():
        for start, end in known_spans(sides.new, [value]):
            if sides.new[start:end] not in sides.old and value not in sides.old:
                said = f"A value of {source} stands here, which must not come into a commit; take it out."
                yield _finding("known-value", Level.HIGH, said, sides.path, _line(sides.new, start))


def _named(sides: _Sides, known: Values) -> Iterator[Finding]:
    """A secret in the file's name."""
    name = os.fsencode(sides.path).decode("utf-8", "replace")
    if name not in sides.old and ([*known_spans(name, known)] or any(leak.sure for leak in find(name))):
        yield _finding("name", Level.HIGH, "The name of a file holds a secret; give it another one.", None, None)


def _likely(sides: _Sides) -> Iterator[Finding]:
    lines = sides.new.split("\n")
    for found, line, leak in _found(sides.new):
        if found in sides.old:
            continue
        if leak.sure:
            said = f"This has the format of a secret ({leak.kind}); take it out, and change it if it is a real one."
            yield _finding("format", Level.HIGH, said, sides.path, line)
        elif (
            sides.is_text and not sides.path.endswith(_HASHES) and not any(word in lines[line - 1] for word in ALLOWED)
        ):
            said = f"This looks like a secret ({leak.kind}). If it is none, say so by a comment: `{ALLOWED[0]}`."
            yield _finding("likely", Level.MEDIUM, said, sides.path, line)
    for mark in MARK.finditer(sides.new):
        if mark[0] not in sides.old:
            said = "The mark of a secret that the agent was not shown stands here; the secret itself may be lost."
            yield _finding("mark", Level.MEDIUM, said, sides.path, _line(sides.new, mark.start()))


def _found(text: str) -> Iterator[tuple[str, int, Leak]]:
    """Each secret, and the line of the whole text that it stands in."""
    line = 1
    for at in range(0, len(text), PIECE):
        piece = text[at : at + PIECE + OVERLAP]
        yield from ((piece[leak.start : leak.end], line + leak.line - 1, leak) for leak in find(piece))
        line += text.count("\n", at, at + PIECE)


def _finding(rule: str, level: Level, said: str, path: str | None, line: int | None) -> Finding:
    return Finding(GATE, rule, level, said, path, line)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
