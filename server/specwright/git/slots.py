"""Slots: detached worktrees of the private repository, reset rather than remade. One run has one at a time."""

import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from specwright.errors import SpecwrightError
from specwright.git import journal, making, names, pool, private, refs, trash, trees
from specwright.git import slot_files as files
from specwright.git.journal import Entry, SlotState
from specwright.git.lock import project_lock
from specwright.git.private import PrivateRepository
from specwright.git.run import LONG_SECONDS, Where, run
from specwright.processes import working_below

_KEPT = tuple(word for name in making.KEPT_FOLDERS for word in ("-e", name))
_TRIES = 3


class Tampered(SpecwrightError):
    """A slot's `.git` file is not what we wrote: whoever works there tried to lead our git elsewhere."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot; absolute paths."""

    path: Path
    name: str
    git_dir: Path
    """Its admin folder in the private repository."""
    repository: PrivateRepository

    @property
    def where(self) -> Where:
        """For commands on its index and tree. Raises `Tampered`, so git is never led elsewhere."""
        check_untouched(self)
        return Where(self.path, self.git_dir, self.path, settings=self.repository.settings)

    def ready_for(self, key: str) -> bool:
        """Whether set-up was done here for this environment."""
        return _entry(self).env_key == key

    def drop_dependencies(self) -> None:
        """Put away what an earlier set-up left."""
        trash.put_parts(self.repository, _entry(self), files.kept(self.path))

    def has_dependencies(self) -> bool:
        """Whether set-up was done here, and its folders are still exactly as it left them."""
        entry = _entry(self)
        return bool(entry.env_key) and files.digest_of_kept(self.path) == entry.kept

    def mark_ready(self, key: str) -> None:
        """Note that set-up was done for this environment, and what its folders look like."""
        kept = files.digest_of_kept(self.path)
        journal.write(self.repository.slots, replace(_entry(self), env_key=key, kept=kept))


def take(repository: PrivateRepository, run: str, epoch: int, base: str, env_key: str = "") -> Slot:
    """The run's slot as it left it; for a run without one, a free or new one, clean and at the base.

    Of the free ones that is preferred whose set-up was done for this environment.
    Raises `SpecwrightError`, and `Tampered` when the run's own slot was led elsewhere.
    """
    names.check_oid(base)
    for remaining in reversed(range(_TRIES)):
        entry = _claim(repository, (run, epoch, base), env_key)
        slot = _slot(repository, entry.name)
        try:
            check_untouched(slot)
            if entry.state is SlotState.PREPARING:
                _prepare(slot, entry, base)
            return slot
        except SpecwrightError:
            with project_lock(repository.common_dir):
                pool.discard(repository, entry.name, keep=entry.state is SlotState.BUSY)
            if entry.state is SlotState.BUSY or not remaining:
                raise
    raise AssertionError("the last try returns or raises")


def restore(slot: Slot, commit: str) -> None:
    """Make tree and index those of a commit and remove all else; HEAD stays at the base.

    Of dependencies only those stay that are as set-up left them: what an agent put there is in no diff.
    """
    where = slot.where
    files.unlock(slot.git_dir)
    entry = _without_changed_dependencies(slot, _entry(slot))
    journal.write(slot.repository.slots, entry)
    run(where, "read-tree", "--reset", "-u", names.check_oid(commit), seconds=LONG_SECONDS)
    _clean(where, entry)


def checkpoint(slot: Slot, base: str, ref: str, message: str, expected: str | None) -> str:
    """The tree as one commit on the base, under a ref that must stand at `expected`; the commit.

    Raises `Tampered`, and `SpecwrightError` for what no commit may hold.
    """
    where = slot.where
    files.unlock(slot.git_dir)
    files.refuse_repositories(where)
    run(where, "add", "-A", seconds=LONG_SECONDS)
    tree = run(where, "write-tree").decode().strip()
    files.refuse_entries(slot.repository, base, tree)
    commit = trees.commit_tree(slot.repository, tree, base, message)
    refs.swap(slot.repository, ref, commit, expected)
    return commit


def ignored(slot: Slot, but: Collection[str] = ()) -> tuple[str, ...]:
    """What lies in a slot that no commit takes along, since git ignores it; dependency folders and `but` aside."""
    words = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    found = [os.fsdecode(name) for name in run(slot.where, *words).split(b"\0") if name]
    kept = set(making.KEPT_FOLDERS)
    return tuple(name for name in found if name not in but and name.rstrip("/").rpartition("/")[2] not in kept)


def of_run(repository: PrivateRepository, run: str) -> Slot | None:
    """The slot that a run has, as it left it; None where it has none."""
    found = [entry for entry in journal.entries(repository.slots, repository.project) if entry.run == run]
    return _slot(repository, found[0].name) if found else None


def holders(folder: Path) -> frozenset[str]:
    """Keys of the runs that have a slot in any project; `folder` is the one for the slots of all."""
    projects = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    return frozenset(entry.run for path in projects for entry in journal.entries(path, path.name) if entry.run)


def release_others(repository: PrivateRepository, runs: frozenset[str]) -> None:
    """Give back what dead processes took for runs that are none of these; a rehearsal may be at work meanwhile."""
    for entry in journal.entries(repository.slots, repository.project):
        if entry.run and entry.run not in runs and not journal.is_written_by_the_living(entry):
            release(_slot(repository, entry.name))


def release(slot: Slot) -> None:
    """Give a slot back; what lies in it is gone with the next run.

    One that was led elsewhere, or in which a process is still at work, is not used again.
    """
    entry = journal.read(slot.repository.slots, slot.name)
    if entry is None:
        return
    try:
        check_untouched(slot)
        state = SlotState.BROKEN if working_below(slot.path) else SlotState.FREE
        journal.write(slot.repository.slots, replace(entry, state=state, run="", epoch=0))
    except SpecwrightError:
        with project_lock(slot.repository.common_dir):
            pool.discard(slot.repository, slot.name, keep=True)


def put_away(slot: Slot) -> None:
    """Keep what lies in a slot for good, since no commit can hold it; the slot is not used again."""
    with project_lock(slot.repository.common_dir):
        pool.discard(slot.repository, slot.name, keep=True)


def repair(repository: PrivateRepository) -> None:
    """Mend what killed commands left. Work of runs is kept; what is not ours is never touched."""
    with project_lock(repository.common_dir):
        making.tidy(repository.common_dir)
        for entry in journal.entries(repository.slots, repository.project):
            _mend(repository, entry)
        pool.discard_orphans(repository)
        if not making.healthy(repository.path):
            making.rebuild(repository.common_dir)


def check_untouched(slot: Slot) -> None:
    """Raises `Tampered` unless the slot's `.git` file is the one that we made, and `SpecwrightError` if it is gone."""
    if missing := private.gone(slot.repository.common_dir):
        raise missing
    if not slot.path.is_dir() or not slot.git_dir.is_dir():
        raise SpecwrightError(f"The slot {slot.path} is gone; retry the task.")
    if not making.is_our_git_file(slot.path, slot.git_dir):
        raise Tampered(f"The .git file of {slot.path} was changed by what ran there; the run is ended.")


def _slot(repository: PrivateRepository, name: str) -> Slot:
    return Slot(repository.slots / name, name, repository.path / "worktrees" / name, repository)


def _entry(slot: Slot) -> Entry:
    found = journal.read(slot.repository.slots, slot.name)
    if found is None:
        raise SpecwrightError(f"The record of the slot {slot.path} is gone; retry the task.")
    return found


def _claim(repository: PrivateRepository, start: tuple[str, int, str], env_key: str) -> Entry:
    """Under the lock, the record of a slot that is now this run's: busy when it was before, else preparing."""
    run, epoch, base = start
    with project_lock(repository.common_dir):
        known = [
            entry for entry in journal.entries(repository.slots, repository.project) if _is_here(repository, entry)
        ]
        mine = [entry for entry in known if entry.run == run]
        if mine:
            return journal.write(repository.slots, replace(mine[0], epoch=epoch))
        free = [entry for entry in known if entry.state is SlotState.FREE]
        # what set-up costs is more than what a reset does
        fits = min(free, key=lambda entry: (entry.env_key != env_key, entry.base != base), default=None)
        claimed = replace(fits or _add(repository, base), state=SlotState.PREPARING, run=run, epoch=epoch, base=base)
        return journal.write(repository.slots, claimed)


def _is_here(repository: PrivateRepository, entry: Entry) -> bool:
    """Whether a slot can be used; what a killed maker left, or somebody deleted, is cleared away."""
    slot = _slot(repository, entry.name)
    usable = entry.state in {SlotState.FREE, SlotState.PREPARING, SlotState.BUSY}
    if usable and slot.path.is_dir() and slot.git_dir.is_dir():
        return True
    if entry.common_dir == str(repository.common_dir) and not working_below(slot.path):
        pool.discard(repository, entry.name, keep=entry.state is SlotState.BUSY)
    return False


def _add(repository: PrivateRepository, base: str) -> Entry:
    name = f"sw-{secrets.token_hex(4)}"
    entry = Entry(name, repository.project, str(repository.common_dir), SlotState.ADDING)
    journal.write(repository.slots, entry)
    slot = _slot(repository, name)
    try:
        run(repository.where, "worktree", "add", "-q", "--detach", "--no-checkout", str(slot.path), base)
        check_untouched(slot)
        if not making.whole_worktree(slot.git_dir):
            raise SpecwrightError(f"The slot {slot.path} was only half made; try again.")
    except BaseException:
        pool.discard(repository, name, keep=False)
        raise
    return entry


def _prepare(slot: Slot, entry: Entry, base: str) -> None:
    """Reset, clean and check; only then it is busy."""
    files.unlock(slot.git_dir)
    entry = _without_changed_dependencies(slot, entry)
    where = slot.where
    run(where, "reset", "-q", "--hard", base, seconds=LONG_SECONDS)
    _clean(where, entry)
    left = run(where, "status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all").split(b"\0")[0]
    if left or run(where, "rev-parse", "--verify", "HEAD").decode().strip() != base:
        what = left[3:].decode(errors="replace") or "HEAD"
        raise SpecwrightError(
            f"A fresh checkout of {base[:12]} differs from it at {what}; if that is its line ends, "
            "commit git add --renormalize . and try again."
        )
    journal.write(slot.repository.slots, replace(entry, state=SlotState.BUSY))


def _without_changed_dependencies(slot: Slot, entry: Entry) -> Entry:
    """The record of what is in the slot now: folders that are not as set-up left them are deleted."""
    if files.digest_of_kept(slot.path) == entry.kept:
        return entry
    trash.put_parts(slot.repository, entry, files.kept(slot.path))
    return replace(entry, env_key="", kept="")


def _clean(where: Where, entry: Entry) -> None:
    """Remove what is not tracked, ignored or not; what set-up made stays."""
    files.empty_links(where)
    run(where, "clean", "-ffdxq", *(_KEPT if entry.kept else ()), seconds=LONG_SECONDS)


def _mend(repository: PrivateRepository, entry: Entry) -> None:
    slot = _slot(repository, entry.name)
    if not _is_here(repository, entry):
        return
    if entry.state is SlotState.FREE and not making.is_our_git_file(slot.path, slot.git_dir):
        pool.discard(repository, entry.name, keep=False)
    if entry.state is SlotState.PREPARING and not journal.is_written_by_the_living(entry):
        journal.write(repository.slots, replace(entry, state=SlotState.FREE, run="", epoch=0))
