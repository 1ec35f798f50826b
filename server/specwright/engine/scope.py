"""Whether a run changed only what the `files:` of its spec let it change."""

import time
from collections.abc import Iterator

from specwright.config import read
from specwright.engine.own_block import same
from specwright.git import trees
from specwright.git.private import PrivateRepository
from specwright.spec.scope import Scope, said
from specwright.tasks.model import Finding, GateResult, GateRun, Level, Task

GATE = "scope"
"""Not a gate of the project's: it runs for each spec, and can't be left out."""
RULE = "out-of-scope"


def outside(task: Task, path: str) -> str | None:
    """What is said of a changed file that is beside the scope which a spec without `files:` has."""
    scope = Scope(task.wish.revision.scope)
    if scope.allows(path) or not _said(task).allows(path):
        return None
    return "is outside of the spec's default scope: its own file and the test of that"


def check(repository: PrivateRepository, task: Task, commit: str) -> GateRun:
    """Whether a commit leaves alone what `files:` leaves out: what is new, gone or moved counts, the own block doesn't.

    Without `files:` it passes: what is beside the default is only told (`outside`).
    """
    began, tree = time.monotonic(), trees.tree_of(repository, commit)
    findings = tuple(_findings(repository, task, commit))
    result = GateResult.FAILED if findings else GateResult.PASSED
    return GateRun(GATE, result, None, time.monotonic() - began, findings, tree=tree)


def _findings(repository: PrivateRepository, task: Task, commit: str) -> Iterator[Finding]:
    scope = _said(task)
    for change in trees.changed(repository, task.wish.base, commit) if scope.patterns else ():
        for path in dict.fromkeys(filter(None, (change.old_path, change.path))):
            if not scope.allows(path) and not _is_own_block(repository, task, commit, change):
                message = f"{path} is not among the files that the spec lets change; put it back as it was."
                yield Finding(GATE, RULE, Level.HIGH, message, path)


def _said(task: Task) -> Scope:
    settings, _ = read.project(task.wish.settings)
    return said(task.wish.revision.scope, task.wish.place.path, settings.spec.tests)


def _is_own_block(repository: PrivateRepository, task: Task, commit: str, change: trees.FileChange) -> bool:
    """Whether nothing but the task's own spec differs in its file."""
    stays = change.path == task.wish.place.path and change.modes[0] == change.modes[1]
    return stays and same(repository, task, commit, change.path)
