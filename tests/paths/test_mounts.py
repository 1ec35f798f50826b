"""File systems on which a store is not safe are known by the mount table, and clouds by what their programs leave."""

from pathlib import Path

import pytest

from specwright.errors import SpecwrightError
from specwright.paths.mounts import mount_of, need_local, trouble

TABLE = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:40 / /home rw - ext4 /dev/vdb rw
31 30 0:41 / /home/me/far\\040away rw,nosuid master:2 - {kind} server:/export rw,vers=4.2
32 22 0:42 / /twice rw - ext4 /dev/vdc rw
33 32 0:43 / /twice rw - nfs server:/x rw
not a line
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(TABLE.format(kind="nfs4"))
    return path


@pytest.mark.parametrize(
    ("path", "point", "kind"),
    [
        ("/var/x", "/", "ext4"),
        ("/home/me", "/home", "ext4"),
        ("/home/me/far away", "/home/me/far away", "nfs4"),
        ("/home/me/far away/not/there", "/home/me/far away", "nfs4"),
        ("/home/me/far awayish", "/home", "ext4"),
        ("/twice/x", "/twice", "nfs"),
    ],
)
def test_the_innermost_mount_holds_a_path(table: Path, path: str, point: str, kind: str) -> None:
    found = mount_of(Path(path), table)
    assert found is not None
    assert (str(found.point), found.kind) == (point, kind)


KINDS = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "fuse.rclone", "fuse.davfs2", "ceph", "fuse.s3fs"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_is_refused_on_a_network_file_system(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(TABLE.format(kind=kind))
    with pytest.raises(SpecwrightError) as told:
        need_local(Path("/home/me/far away/state"), table)
    assert f"network file system ({kind} at /home/me/far away)" in told.value.sentence
    assert "Set SPECWRIGHT_HOME to a folder on a disk of this machine" in told.value.sentence


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "fuse.fuseblk", "apfs", "virtiofs"]
)
def test_a_disk_of_this_machine_is_good(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(TABLE.format(kind=kind))
    need_local(Path("/home/me/far away/state"), table)


def test_a_link_to_a_network_file_system_is_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "far")
    table = tmp_path / "mountinfo"
    table.write_text(f"1 1 0:1 / / rw - ext4 x rw\n2 1 0:2 / {(tmp_path / 'far').resolve()} rw - nfs x rw\n")
    assert trouble(tmp_path / "state", table)
    assert trouble(tmp_path, table) is None


@pytest.mark.parametrize(("sign", "cloud"), [(".dropbox.cache", "Dropbox"), (".stfolder", "Syncthing")])
def test_a_folder_that_is_copied_to_a_cloud_is_known_by_its_sign(
    table: Path, tmp_path: Path, sign: str, cloud: str
) -> None:
    (tmp_path / sign).mkdir()
    assert cloud in (trouble(tmp_path / "deep" / "state", table) or "")


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive", "OneDrive - Company", "CloudStorage"])
def test_a_folder_that_is_copied_to_a_cloud_is_known_by_its_name(table: Path, tmp_path: Path, name: str) -> None:
    assert "copied to a cloud" in (trouble(tmp_path / name / "state", table) or "")
    assert trouble(tmp_path / f"My {name}" / "state", table) is None


def test_where_the_system_does_not_tell_nothing_is_refused(tmp_path: Path) -> None:
    assert mount_of(tmp_path, tmp_path / "no such file") is None
    assert trouble(tmp_path, tmp_path / "no such file") is None
