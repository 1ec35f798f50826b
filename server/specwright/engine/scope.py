"""Whether a run changed only what its spec lets it change."""

import time
from collections.abc import Iterator

from specwright.engine.own_block import same
from specwright.git import trees
from specwright.git.private import PrivateRepository
from specwright.spec.scope import Scope
from specwright.tasks.model import Finding, GateResult, GateRun, Level, Task

GATE = "scope"
"""Not a gate of the project's: it runs for each spec, and can't be left out."""


def check(repository: PrivateRepository, task: Task, commit: str) -> GateRun:
    """Whether a commit leaves alone what is not in scope; what is new, gone or moved counts, the own block does not."""
    began, tree = time.monotonic(), trees.tree_of(repository, commit)
    findings = tuple(_findings(repository, task, commit))
    result = GateResult.FAILED if findings else GateResult.PASSED
    return GateRun(GATE, result, None, time.monotonic() - began, findings, tree=tree)


def _findings(repository: PrivateRepository, task: Task, commit: str) -> Iterator[Finding]:
    scope = Scope(task.wish.revision.scope)
    for change in trees.changed(repository, task.wish.base, commit) if scope.patterns else ():
        for path in dict.fromkeys(filter(None, (change.old_path, change.path))):
            if not scope.allows(path) and not _is_own_block(repository, task, commit, change):
                said = f"{path} is not among the files that the spec lets change; put it back as it was."
                yield Finding(GATE, "out-of-scope", Level.HIGH, said, path)


def _is_own_block(repository: PrivateRepository, task: Task, commit: str, change: trees.FileChange) -> bool:
    """Whether nothing but the task's own spec differs in its file."""
    stays = change.path == task.wish.place.path and change.modes[0] == change.modes[1]
    return stays and same(repository, task, commit, change.path)
