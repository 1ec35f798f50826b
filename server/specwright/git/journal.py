"""The record beside each slot: whose it is and what state it is in. What has no record is not ours."""

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from specwright.paths.files import write_whole

NAME = re.compile(r"sw-[0-9a-f]{8}")


class SlotState(StrEnum):
    """Where a slot stands."""

    ADDING = "adding"
    """Being made, under the project's lock: seen by another, its maker is dead."""
    FREE = "free"
    PREPARING = "preparing"
    """Given to a run, being reset."""
    BUSY = "busy"
    """A run's; what lies in it is kept."""
    BROKEN = "broken"
    """Not to be used again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One slot's record."""

    name: str
    project: str
    common_dir: str
    state: SlotState
    run: str = ""
    """Key of the run that has it: `task/number`."""
    epoch: int = 0
    base: str = ""
    env_key: str = ""
    """Of the set-up that its kept folders were made by; empty where none was."""
    kept: str = ""
    """Digest of the kept folders right after that."""
    pid: int = 0
    boot_id: str = ""
    since: str = ""


def write(folder: Path, entry: Entry) -> Entry:
    """Record a slot, durably, by this process and now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = replace(entry, pid=os.getpid(), boot_id=_boot_id(), since=now)
    write_whole(folder / f"{entry.name}.json", json.dumps(asdict(entry)).encode())
    return entry


def read(folder: Path, name: str) -> Entry | None:
    """One slot's record; None where there is none that can be read."""
    try:
        found = json.loads((folder / f"{name}.json").read_bytes())
        return Entry(**{**found, "name": name, "state": SlotState(found["state"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def entries(folder: Path, project: str) -> tuple[Entry, ...]:
    """Every record of a project, by name."""
    names = sorted(path.stem for path in folder.glob("sw-*.json") if NAME.fullmatch(path.stem))
    found = (read(folder, name) for name in names)
    return tuple(entry for entry in found if entry is not None and entry.project == project)


def forget(folder: Path, name: str) -> None:
    """Delete a record."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def is_written_by_the_living(entry: Entry) -> bool:
    """Whether the process that wrote it may still be at work; a zombie is not."""
    try:
        status = Path(f"/proc/{entry.pid}/stat").read_text()
    except OSError:
        return False
    return entry.boot_id == _boot_id() and status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
