"""Refs of tasks in the private repository: changed by compare-and-swap, and only ours."""

import time
from pathlib import Path

from specwright.errors import SpecwrightError
from specwright.git import names
from specwright.git.private import REFS, PrivateRepository
from specwright.git.run import GitFailed, run

TRASH = "refs/specwright/trash"
"""Where refs of tasks go that were decided long ago, to be deleted later: `<task>/{base,1,2,…}`."""
SAVED = "refs/specwright/saved"
"""Below it what a slot held that was put away with work in it: `<task>/<name in the trash>`."""


def list_refs(repository: PrivateRepository, task: str | None = None, root: str = REFS) -> dict[str, str]:
    """Full ref names of a task, or of all tasks, with the commits that they stand for."""
    prefix = f"{root}/{names.check_task(task)}/" if task is not None else f"{root}/"
    out = run(repository.where, "for-each-ref", "--format=%(refname) %(objectname)", prefix)
    return dict(line.split(" ") for line in out.decode().splitlines())


def tasks_of(found: dict[str, str]) -> tuple[str, ...]:
    """The tasks that refs belong to, by id."""
    return tuple(sorted({name.split("/")[3] for name in found}))


def forget(repository: PrivateRepository, task: str, root: str = REFS) -> None:
    """Delete a task's refs, each only while it stands where it was seen."""
    found = list_refs(repository, task, root)
    _update(repository, [f"delete {ref} {oid}" for ref, oid in found.items()])


def put_away(repository: PrivateRepository, task: str) -> None:
    """Move a task's refs to the trash, all of them or none, each only while it stands where it was seen."""
    lines = []
    for root, place in ((REFS, TRASH), (SAVED, f"{TRASH}-saved")):
        for ref, oid in list_refs(repository, task, root).items():
            lines += [f"update {place}{ref.removeprefix(root)} {oid}", f"delete {ref} {oid}"]
    _update(repository, lines)


def bring_back(repository: PrivateRepository, task: str) -> None:
    """Move a task's refs out of the trash again; none that was made meanwhile is moved."""
    there = list_refs(repository, task)
    lines = []
    for ref, oid in list_refs(repository, task, TRASH).items():
        name = f"{REFS}{ref.removeprefix(TRASH)}"
        lines += [] if name in there else [f"create {name} {oid}", f"delete {ref} {oid}"]
    _update(repository, lines)


def delete_trashed(repository: PrivateRepository, task: str) -> None:
    """Delete what `put_away` moved; objects go with a rebuild."""
    forget(repository, task, TRASH)
    forget(repository, task, f"{TRASH}-saved")


def age_in_trash(repository: PrivateRepository, task: str) -> float | None:
    """Seconds since the last ref of a task came into the trash; None where that is not certain."""
    paths = [repository.path / Path(ref) for ref in list_refs(repository, task, TRASH)]
    try:
        return time.time() - max(path.stat().st_mtime for path in paths)
    except (OSError, ValueError):  # packed, or gone
        return None


def swap(repository: PrivateRepository, ref: str, new: str, expected: str | None) -> None:
    """Move a ref from what it must be now; None: it must not be. Raises `SpecwrightError` when another was faster.

    A ref that is there already is no error.
    """
    try:
        run(repository.where, "update-ref", ref, new, expected or "0" * len(new))
    except GitFailed as error:
        found = repository.oid(ref)
        if found == expected:
            raise  # nobody moved it: the disk is full or fails, or a lock is left
        if found != new:
            sentence = f"{ref} was changed by another meanwhile; this one's tree was not recorded ({error.sentence})"
            raise SpecwrightError(sentence) from error


def _update(repository: PrivateRepository, lines: list[str]) -> None:
    if lines:
        run(repository.where, "update-ref", "--stdin", stdin="".join(f"{line}\n" for line in lines).encode())
