"""How many slots there are: those too many, broken or lost are put away. What lies in a run's is never deleted here."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from specwright.git import journal, trash
from specwright.git import slot_files as files
from specwright.git.journal import Entry, SlotState
from specwright.git.lock import project_lock
from specwright.git.private import PrivateRepository
from specwright.paths.deleting import delete
from specwright.paths.space import taken
from specwright.processes import working_below

SPARE = 2
"""Slots above the number of runs that may go on at once."""


def shrink(repository: PrivateRepository, running: int) -> tuple[str, ...]:
    """Put idle slots away that are too many for so many runs, those that were idle longest first; their names."""
    known = journal.entries(repository.slots, repository.project)
    return tuple(entry.name for entry in too_many(known, running) if retire(repository, entry.name))


def idle(entries: Iterable[Entry]) -> list[Entry]:
    """Those that no run has, the one that was idle longest first."""
    return sorted((entry for entry in entries if entry.state is SlotState.FREE), key=lambda entry: entry.since)


def too_many(entries: Sequence[Entry], running: int) -> list[Entry]:
    """The idle ones that so many runs at once have no need of."""
    return idle(entries)[: max(0, len(entries) - running - SPARE)]


def retire(repository: PrivateRepository, name: str) -> bool:
    """Put an idle slot away, if it is one still and nobody works in it. Deleting its tree is for later."""
    with project_lock(repository.common_dir):
        if not _is_idle(repository, name):
            return False
        discard(repository, name, keep=False)
        return True


def drop_dependencies(repository: PrivateRepository, name: str) -> bool:
    """Put the dependency folders of an idle slot away; its next run sets them up again."""
    with project_lock(repository.common_dir):
        entry = _is_idle(repository, name)
        if not entry:
            return False
        journal.write(repository.slots, replace(entry, env_key="", kept=""))
        trash.put_parts(repository, entry, files.kept(repository.slots / name))
        return True


def size_of_dependencies(repository: PrivateRepository, name: str) -> int:
    """Bytes of the dependency folders of a slot."""
    return sum(taken(folder) for folder in files.kept(repository.slots / name))


def discard(repository: PrivateRepository, name: str, *, keep: bool) -> None:
    """Put a slot away, under the lock: its tree into the trash, with what becomes of it; then its records.

    The rename costs a run that waits for the lock next to nothing; deleting a tree would take a second.
    """
    path = repository.slots / name
    if path.is_symlink() or path.exists():
        trash.put(repository, path, journal.read(repository.slots, name), holds_work=keep)
    _delete_admin(repository, name)
    journal.forget(repository.slots, name)


def discard_orphans(repository: PrivateRepository) -> None:
    """Put away worktrees with our names, in our folder, that have no record."""
    folder = repository.path / "worktrees"
    for admin in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not (repository.slots / f"{admin.name}.json").exists() and _is_ours(repository, admin.name, certain=True):
            discard(repository, admin.name, keep=True)


def _delete_admin(repository: PrivateRepository, name: str) -> None:
    if _is_ours(repository, name, certain=False):
        delete(repository.path / "worktrees" / name)


def _is_ours(repository: PrivateRepository, name: str, *, certain: bool) -> bool:
    """By its name, and by where it leads; a half-made one leads nowhere yet."""
    if not journal.NAME.fullmatch(name):
        return False
    try:
        target = (repository.path / "worktrees" / name / "gitdir").read_text().strip()
    except (OSError, UnicodeDecodeError):
        target = ""
    return target == str(repository.slots / name / ".git") if target else not certain


def _is_idle(repository: PrivateRepository, name: str) -> Entry | None:
    """The record of a slot that nobody has and no process works in."""
    entry = journal.read(repository.slots, name)
    if entry is None or entry.state is not SlotState.FREE or entry.project != repository.project:
        return None
    return None if working_below(repository.slots / name) else entry
