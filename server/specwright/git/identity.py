"""Which project a repository is: an id of its own, and whether it was moved or copied since that was given."""

import json
import uuid
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from specwright.paths.files import write_whole
from specwright.paths.places import PRIVATE


class Standing(StrEnum):
    """How a repository stands to the id that lies in it."""

    NEW = "new"
    """There is none, or none that can be read."""
    SAME = "same"
    MOVED = "moved"
    COPIED = "copied"
    """Another repository has this id too, at the place that the id names."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A project's id, and the common git folder that it was given to."""

    project: str
    path: str
    device: int
    inode: int


def read(common_dir: Path) -> Identity | None:
    """What lies in the repository."""
    try:
        found = json.loads((common_dir / PRIVATE / "id").read_text())
        path, device, inode = str(found["path"]), int(found["device"]), int(found["inode"])
        return Identity(str(uuid.UUID(found["project"])), path, device, inode)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def standing(found: Identity | None, common_dir: Path) -> Standing:
    """How the repository stands to it; a place that holds on its path is the same, whatever its device is called."""
    if found is None:
        return Standing.NEW
    if found.path == str(common_dir):
        return Standing.SAME
    other = read(Path(found.path))
    is_twin = other is not None and other.project == found.project and not Path(found.path).samefile(common_dir)
    return Standing.COPIED if is_twin else Standing.MOVED


def write(common_dir: Path, project: str | None = None) -> Identity:
    """Give this repository an id, a new one by default."""
    status = common_dir.stat()
    identity = Identity(project or str(uuid.uuid4()), str(common_dir), status.st_dev, status.st_ino)
    write_whole(common_dir / PRIVATE / "id", json.dumps(asdict(identity)).encode())
    return identity
