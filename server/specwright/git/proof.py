"""Whether what a task made is in the user's history: what can't be proved counts as not there."""

import os
from collections.abc import Mapping

from specwright.git import checkout as checkouts
from specwright.git import names
from specwright.git.private import PrivateRepository
from specwright.git.run import attempt, run
from specwright.tasks.model import Checkout

MOST_COMMITS = 1_000
MOST_PATHS = 500
Wanted = Mapping[str, frozenset[str]]
"""By path, the ids that its file may have; the empty set where the file must be gone."""


def is_in_history(checkout: Checkout, base: str, wanted: Wanted) -> bool:
    """Whether a commit since the base, on HEAD or a branch, has all these files as they should be.

    That holds for a merge as for what a forge squashed or a person committed by hand.
    """
    paths = list(wanted)
    if not paths or len(paths) > MOST_PATHS:
        return False
    where = checkouts.where(checkout)
    words = ("rev-list", f"--max-count={MOST_COMMITS}", "HEAD", "--branches", "--remotes", f"^{names.check_oid(base)}")
    found = attempt(where, *words, "--", *(names.check_relative_path(path) for path in paths))
    commits = found.out.decode().split() if found.code == 0 else []
    if not commits:
        return False
    asked = "".join(f"{commit}:{path}\n" for commit in commits for path in paths)
    answer = run(where, "cat-file", "--batch-check=%(objectname)", stdin=os.fsencode(asked)).decode().splitlines()
    rows = (answer[start : start + len(paths)] for start in range(0, len(answer), len(paths)))
    return any(_fits(row, paths, wanted) for row in rows)


def files_of(repository: PrivateRepository, commit: str) -> dict[str, str]:
    """The ids of all files of a commit, by path."""
    out = run(repository.where, "ls-tree", "-r", "-z", names.check_oid(commit))
    lines = (line.partition(b"\t") for line in out.split(b"\0") if line)
    return {os.fsdecode(path): kind.split()[2].decode() for kind, _, path in lines}


def id_of_text(repository: PrivateRepository, text: str) -> str:
    """The id that a file with this text has."""
    return run(repository.where, "hash-object", "--stdin", stdin=text.encode()).decode().strip()


def _fits(row: list[str], paths: list[str], wanted: Wanted) -> bool:
    """A missing file is answered by the name that was asked for, and `missing`."""
    has = {path: None if answer.endswith(" missing") else answer for path, answer in zip(paths, row, strict=True)}
    return all(has[path] in wanted[path] if wanted[path] else has[path] is None for path in paths)
