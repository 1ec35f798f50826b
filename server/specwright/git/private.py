"""The private repository of a project: where bases and results live. The user's own is only read from here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from specwright.errors import SpecwrightError
from specwright.git import checkout as checkouts
from specwright.git import identity, making, names
from specwright.git.identity import Standing
from specwright.git.lock import project_lock
from specwright.git.run import LOCAL_FETCH, LONG_SECONDS, GitFailed, Where, attempt, run
from specwright.paths.deleting import delete
from specwright.paths.files import private_folder
from specwright.paths.places import PRIVATE
from specwright.tasks.model import Checkout

REFS = "refs/specwright/tasks"
_CHECKOUT_SETTINGS = r"^core\.(autocrlf|eol|ignorecase|filemode|symlinks|precomposeunicode|excludesfile)$"
"""Settings of the user's that change what a checkout looks like; nothing else of theirs holds in slots."""


@dataclass(frozen=True, slots=True)
class PrivateRepository:
    """One project's; all paths absolute."""

    path: Path
    common_dir: Path
    """The user's common git folder, in which it lies."""
    project: str
    slots: Path
    """The folder of this project's slots."""
    settings: tuple[str, ...] = ()
    """`name=value` of the user's settings that hold in slots."""

    @property
    def where(self) -> Where:
        """For commands on refs and objects."""
        return Where(self.path, self.path)

    def ref(self, task: str, number: int | Literal["base"]) -> str:
        """The ref of a task's base or of one of its runs."""
        return f"{REFS}/{names.check_task(task)}/{number}"

    def result(self, task: str, number: int) -> str | None:
        """The commit under a run's ref; None where it has none."""
        return self.oid(self.ref(task, number))

    def oid(self, ref: str) -> str | None:
        """What a full ref name stands for."""
        answer = attempt(self.where, "rev-parse", "--quiet", "--verify", ref)
        return answer.out.decode().strip() if answer.code == 0 else None


def gone(common_dir: Path) -> SpecwrightError | None:
    """What is said of a project that was moved or deleted, for its tasks name the old place; None where it is there."""
    if common_dir.is_dir():
        return None
    return SpecwrightError(f"The repository {common_dir} is gone; put it back and try again, or queue where it is now.")


def private_repository(checkout: Checkout, slots_folder: Path) -> PrivateRepository:
    """The private repository of a checkout's project, made where it is missing. Raises `SpecwrightError`."""
    common_dir = Path(checkout.common_dir).resolve()
    if missing := gone(common_dir):
        raise missing
    path = common_dir / PRIVATE / making.NAME
    found = identity.read(common_dir)
    if identity.standing(found, common_dir) is not Standing.SAME or not (path / "HEAD").is_file():
        with project_lock(common_dir):
            found = _settle(common_dir, path, slots_folder)
    making.keep_config(common_dir, path)
    if found is None:
        raise AssertionError("a settled project has an id")
    slots = private_folder(slots_folder.resolve() / found.project)
    return PrivateRepository(path, common_dir, found.project, slots, _settings(checkout))


def bring(repository: PrivateRepository, checkout: Checkout, oid: str, task: str) -> None:
    """Have a commit of the user's in the private repository, held by the task's base ref.

    Raises `SpecwrightError` where the commit is not there, or not whole, in the user's repository.
    """
    ref = repository.ref(task, "base")
    if repository.oid(ref) == names.check_oid(oid):
        return
    with project_lock(repository.common_dir):
        making.tidy(repository.common_dir)
        making.copy_info(repository.common_dir, repository.path)
        if _is_partial(repository.common_dir):
            _bring_from_partial(repository, checkout, oid)
        try:
            _bring(repository, oid, ref)
        except GitFailed as error:
            if attempt(checkouts.where(checkout), "cat-file", "-e", f"{oid}^{{commit}}").code != 0:
                raise SpecwrightError(
                    f"The commit {oid[:12]} that this task starts from is gone from {checkout.root}: it was rewritten "
                    "or its branch deleted, and git cleaned up. Queue the spec again; it starts from HEAD then."
                ) from error
            making.rebuild(repository.common_dir)
            _bring(repository, oid, ref)


def rebuild(repository: PrivateRepository) -> None:
    """Make it anew, with all refs and slots. Raises `SpecwrightError`, and changes nothing, if it can't."""
    with project_lock(repository.common_dir):
        making.rebuild(repository.common_dir)


def _settle(common_dir: Path, path: Path, slots_folder: Path) -> identity.Identity:
    """Under the lock, where another may have settled it meanwhile."""
    making.tidy(common_dir)
    found = identity.read(common_dir)
    standing = identity.standing(found, common_dir)
    if not path.is_dir():
        making.make(common_dir)
    elif standing is Standing.COPIED:
        _strip(path)
    elif standing is Standing.MOVED and found is not None:
        _follow(path, Path(found.path), slots_folder / found.project)
    if found is None or standing is Standing.COPIED:
        return identity.write(common_dir)
    return identity.write(common_dir, found.project) if standing is Standing.MOVED else found


def _strip(path: Path) -> None:
    """A copied repository keeps the objects alone: tasks and slots stay with the original."""
    delete(path / "worktrees")
    where = Where(path, path)
    out = run(where, "for-each-ref", "--format=delete %(refname)", "refs/specwright")
    run(where, "update-ref", "--stdin", stdin=out)


def _follow(path: Path, old: Path, slots: Path) -> None:
    """Tell the slots of a moved repository where it is now; git would write to wherever a swapped `.git` leads."""
    admins = old / PRIVATE / making.NAME / "worktrees"
    folders = [str(slot) for slot in sorted(slots.glob("sw-*")) if making.is_our_git_file(slot, admins / slot.name)]
    if folders:
        run(Where(path, path), "worktree", "repair", *folders)


def _settings(checkout: Checkout) -> tuple[str, ...]:
    answer = attempt(checkouts.where(checkout), "config", "-z", "--get-regexp", _CHECKOUT_SETTINGS)
    pairs = (entry.partition("\n") for entry in answer.out.decode(errors="surrogateescape").split("\0") if entry)
    last = {name: value if separator else "true" for name, separator, value in pairs}
    return tuple(f"{name}={value}" for name, value in last.items())


def _bring(repository: PrivateRepository, oid: str, ref: str) -> None:
    if not _lacks(repository.where, oid):  # a killed fetch leaves commits and trees without their files
        run(repository.where, "update-ref", ref, oid)
        return
    options = ("-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
    source = str(repository.common_dir)
    run(repository.where, "fetch", *options, "--", source, f"+{oid}:{ref}", env=LOCAL_FETCH, seconds=LONG_SECONDS)


def _is_partial(common_dir: Path) -> bool:
    return any((common_dir / "objects" / "pack").glob("*.promisor"))


def _bring_from_partial(repository: PrivateRepository, checkout: Checkout, oid: str) -> None:
    """Nothing is fetched from the user's remote for them."""
    if _lacks(checkouts.where(checkout), oid):
        raise SpecwrightError(
            f"Some files of {oid[:12]} were never fetched into {checkout.root} (a partial clone); "
            "check this commit out once, then try again."
        )
    if attempt(repository.where, "cat-file", "-e", oid).code == 0 and _lacks(repository.where, oid):
        making.rebuild(repository.common_dir)


def _lacks(where: Where, oid: str) -> bool:
    words: tuple[str, ...] = ("rev-list", "--objects", "--no-walk", "--missing=print", oid)
    answer = attempt(where, *words)
    return answer.code != 0 or any(line.startswith(b"?") for line in answer.out.splitlines())
