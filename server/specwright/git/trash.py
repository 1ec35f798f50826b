"""What was put away: trees of slots, each with a record that tells whose it was and whether it may hold work.

A tree without a record is not known to be ours and stays. One that may hold work goes a week after a ref holds it.
"""

import contextlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from specwright.errors import SpecwrightError
from specwright.git import names, refs, trees
from specwright.git import slot_files as files
from specwright.git.journal import Entry
from specwright.git.private import PrivateRepository
from specwright.git.run import LONG_SECONDS, Where, run
from specwright.paths.deleting import delete
from specwright.paths.files import private_folder, write_whole

FOLDER = "trash"
DAYS = 7
"""How long what was put away can still be brought back."""


@dataclass(frozen=True, slots=True)
class Put:
    """One tree, or a part of one, in the trash."""

    name: str
    project: str
    run: str
    """Key of the run that had it; empty where none had."""
    base: str
    holds_work: bool
    since: str

    @property
    def ref(self) -> str:
        """Where its work is kept."""
        return f"{refs.SAVED}/{names.check_task(self.run.partition('/')[0])}/{self.name}"

    @property
    def age(self) -> timedelta:
        """Since it was put away; none where that can't be read."""
        with contextlib.suppress(ValueError):
            return datetime.now(UTC) - datetime.fromisoformat(self.since)
        return timedelta(0)


def put(repository: PrivateRepository, path: Path, entry: Entry | None, *, holds_work: bool) -> None:
    """Move a slot out of the way; deleting it is for later. The caller holds the project's lock, or the slot."""
    place = _record(repository, path.name, entry, holds_work=holds_work)
    _move(path, place)


def put_parts(repository: PrivateRepository, entry: Entry, paths: Iterable[Path]) -> None:
    """Move folders of a slot out of the way that hold no work."""
    found = list(paths)
    if found:
        place = _record(repository, f"{entry.name}-parts", entry, holds_work=False)
        private_folder(place)
        for number, path in enumerate(found):
            _move(path, place / str(number))


def entries(slots: Path, project: str) -> tuple[Put, ...]:
    """What lies in a project's trash and is known to be ours, by name."""
    found = (_read(path) for path in sorted((slots / FOLDER).glob("*.json")))
    return tuple(put for put in found if put is not None and put.project == project)


def unknown(slots: Path, project: str) -> tuple[str, ...]:
    """Names of what lies there without a record."""
    folder = slots / FOLDER
    known = {put.name for put in entries(slots, project)}
    there = {path.name for path in folder.iterdir() if path.suffix != ".json"} if folder.is_dir() else set()
    return tuple(sorted(there - known))


def save(repository: PrivateRepository, put: Put) -> str:
    """Have what a tree holds under a ref, as one commit on its base. Raises `SpecwrightError` where no commit can."""
    if (known := repository.oid(put.ref)) is not None:
        return known
    tree_path = repository.slots / FOLDER / put.name
    if not put.base:
        raise SpecwrightError(f"Nobody knows which commit {tree_path} began at; look at it, and delete it yourself.")
    with tempfile.TemporaryDirectory(dir=repository.slots, prefix="saving-") as folder:
        index = Path(folder) / "index"
        where = Where(tree_path, repository.path, tree_path, settings=repository.settings, index=index)
        run(where, "read-tree", names.check_oid(put.base))
        files.refuse_repositories(where)
        run(where, "add", "-A", seconds=LONG_SECONDS)
        tree = run(where, "write-tree").decode().strip()
    files.refuse_entries(repository, put.base, tree)
    commit = trees.commit_tree(repository, tree, put.base, f"What the slot of {put.run} held\n")
    refs.swap(repository, put.ref, commit, None)
    return commit


def is_safe(repository: PrivateRepository, put: Put) -> bool:
    """Whether a tree may go: it never held work, or a ref holds it and it lay here for a week."""
    if not put.holds_work or not os.path.lexists(repository.slots / FOLDER / put.name):
        return True
    return bool(put.run) and put.age > timedelta(days=DAYS) and repository.oid(put.ref) is not None


def empty(repository: PrivateRepository, put: Put) -> None:
    """Delete one tree and then its record. Raises `SpecwrightError` for one that may still hold the only copy."""
    if not is_safe(repository, put):
        raise SpecwrightError(f"{put.name} may hold work that is nowhere else; it stays in the trash.")
    folder = repository.slots / FOLDER
    delete(folder / put.name)
    if not (folder / put.name).exists():
        (folder / f"{put.name}.json").unlink(missing_ok=True)


def _record(repository: PrivateRepository, name: str, entry: Entry | None, *, holds_work: bool) -> Path:
    """Where it will lie; the record comes first, so that a killed move leaves nothing unknown."""
    folder = private_folder(repository.slots / FOLDER)
    name = f"{name}-{uuid.uuid4().hex[:8]}"
    owner, base = (entry.run, entry.base) if entry else ("", "")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = Put(name, repository.project, owner, base, holds_work, now)
    write_whole(folder / f"{name}.json", json.dumps(asdict(made)).encode())
    return folder / name


def _move(path: Path, place: Path) -> None:
    if not path.is_symlink():
        with contextlib.suppress(OSError):
            path.chmod(0o700)  # a folder that forbids writing can't change its parent
    path.rename(place)


def _read(path: Path) -> Put | None:
    try:
        return Put(**{**json.loads(path.read_bytes()), "name": path.stem})
    except (OSError, ValueError, TypeError):
        return None
