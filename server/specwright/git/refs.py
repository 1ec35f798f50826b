"""Refs of tasks in the private repository: changed by compare-and-swap, and only ours."""

from specwright.errors import SpecwrightError
from specwright.git import names
from specwright.git.private import REFS, PrivateRepository
from specwright.git.run import GitFailed, run


def list_refs(repository: PrivateRepository, task: str | None = None) -> dict[str, str]:
    """Full ref names of a task, or of all tasks, with the commits that they stand for."""
    prefix = f"{REFS}/{names.check_task(task)}/" if task else f"{REFS}/"
    out = run(repository.where, "for-each-ref", "--format=%(refname) %(objectname)", prefix)
    return dict(line.split(" ") for line in out.decode().splitlines())


def forget(repository: PrivateRepository, task: str) -> None:
    """Delete a task's refs, each only while it stands where it was seen."""
    found = list_refs(repository, task)
    lines = "".join(f"delete {ref} {oid}\n" for ref, oid in found.items())
    if lines:
        run(repository.where, "update-ref", "--stdin", stdin=lines.encode())


def swap(repository: PrivateRepository, ref: str, new: str, expected: str | None) -> None:
    """Move a ref from what it must be now; None: it must not be. Raises `SpecwrightError` when another was faster.

    A ref that is there already is no error.
    """
    try:
        run(repository.where, "update-ref", ref, new, expected or "0" * len(new))
    except GitFailed as error:
        if repository.oid(ref) != new:
            sentence = f"{ref} was changed by another meanwhile; this one's tree was not recorded ({error.sentence})"
            raise SpecwrightError(sentence) from error
