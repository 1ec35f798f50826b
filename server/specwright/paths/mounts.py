"""Which file system a folder lies on, and whether files that must be locked and flushed are safe there."""

import re
from dataclasses import dataclass
from pathlib import Path

from specwright.errors import SpecwrightError

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = re.compile(
    r"(fuse\.)?(nfs\d?|cifs|smb\d?|smbfs|ncpfs?|9p|afs|ceph|glusterfs|lustre|beegfs|davfs\d?|sshfs|rclone|s3fs|gcsfuse"
    r"|goofys|google-drive-ocamlfuse|onedriver|drvfs)"
)
"""Types whose locks or flushes don't hold, or hold on one machine only; Windows drives under WSL are among them."""
SIGNS = {
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".tmp.drivedownload": "Google Drive",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
}
"""What the programs that copy a folder to a cloud leave at its top."""
NAMES = re.compile(r"CloudStorage|Mobile Documents|Dropbox|OneDrive( - .+)?|Google Drive|iCloudDrive|pCloudDrive")
"""Folders that are copied to a cloud by their name."""
_ESCAPE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One mounted file system."""

    point: Path
    kind: str


def mount_of(path: Path, mounts: Path = MOUNTS) -> Mount | None:
    """The file system that a path lies on, whether it is there or not; None where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    real = path.resolve()
    holding = [mount for mount in map(_mount, lines) if mount and real.is_relative_to(mount.point)]
    # of several at one place the last one covers the others
    return max(reversed(holding), key=lambda mount: len(mount.point.parts), default=None)


def trouble(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Why no store and no repository may lie here, as the end of a sentence; None where they may."""
    mount = mount_of(path, mounts)
    if mount and NETWORK.fullmatch(mount.kind):
        return f"lies on a network file system ({mount.kind} at {mount.point}), where locks and flushes do not hold"
    real = path.resolve()
    for folder in (real, *real.parents):
        named = folder.name if NAMES.fullmatch(folder.name) else None
        cloud = next((name for sign, name in SIGNS.items() if (folder / sign).exists()), named)
        if cloud:
            return f"lies in a folder that is copied to a cloud ({cloud}, {folder}), which replaces files in use"
    return None


def need_local(state: Path, mounts: Path = MOUNTS) -> None:
    """Raises `SpecwrightError` with the cure where the store would not be safe."""
    if found := trouble(state, mounts):
        raise SpecwrightError(
            f"{state} {found}: the store would be damaged. Set SPECWRIGHT_HOME to a folder on a disk of this machine."
        )


def _mount(line: str) -> Mount | None:
    left, separator, right = line.partition(" - ")
    fields = left.split(" ")
    if not separator or len(fields) < 5:
        return None
    return Mount(Path(_ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4])), right.split(" ")[0])
