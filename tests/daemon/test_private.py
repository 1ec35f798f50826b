"""What the daemon keeps and listens on is its user's alone, whatever the umask; it has no port."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from specwright.errors import SpecwrightError
from specwright.paths.files import private_folder
from specwright.paths.places import places
from user import User

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root makes something another user's")
linux = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads /proc")
CONNECT = """
import os, socket, sys
os.setgid(65534); os.setuid(65534)
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
except OSError as error:
    print(type(error).__name__)
else:
    print("connected")
"""


def open_to_others(top: Path) -> list[str]:
    """What below a folder its group or others may read, write or enter."""
    found = [top, *top.rglob("*")]
    return [str(path.relative_to(top)) for path in found if not path.is_symlink() and path.stat().st_mode & 0o077]


@pytest.fixture
def careless(project: User) -> User:
    """A project with one result, of a user whose umask closes nothing."""
    before = os.umask(0)
    try:
        task = project.run("a.py")
        assert project.show(task)["state"] == "review"
        for verb in (["diff", task], ["log", task], ["pause"], ["resume"], ["gc"]):
            project.ok(*verb)
    finally:
        os.umask(before)
    return project


def test_everything_of_a_user_without_an_umask_is_theirs_alone(careless: User) -> None:
    here = places(careless.environment)
    assert open_to_others(here.state) == []
    names = {path.name for path in here.state.rglob("*")}
    assert names >= {"specwright.db", "daemon.log", "daemon.lock", "runs", "events.jsonl"}
    assert stat.S_IMODE(here.socket.stat().st_mode) == 0o600
    assert stat.S_ISSOCK(here.socket.stat().st_mode)
    for folder in (here.state, here.state.parent, here.socket.parent, *here.slots.iterdir(), here.slots):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    [private] = (careless.root / ".git").glob("specwright")
    assert stat.S_IMODE(private.stat().st_mode) & 0o077 == 0


@linux
def test_it_listens_on_its_socket_alone(project: User) -> None:
    project.run("a.py")
    folder = Path(f"/proc/{project.pid()}")
    links = [str(link.readlink()) for link in (folder / "fd").iterdir()]
    ours = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}
    kinds = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")
    tables = [line.split() for kind in kinds for line in (folder / "net" / kind).read_text().splitlines()[1:]]
    assert not [line for line in tables if line[9] in ours]
    unix = [line.split() for line in (folder / "net" / "unix").read_text().splitlines()[1:]]
    listening = [line[7] for line in unix if line[6] in ours and int(line[3], 16) & 0x10000]
    assert listening == [str(places(project.environment).socket)]


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder that everybody may enter, and that no other test has its socket in."""
    with tempfile.TemporaryDirectory(prefix="specwright-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@as_root
@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_another_user_is_not_let_in(user: User, opened: bool, runtime: Path) -> None:
    """Neither by the folder, nor where its owner opened folder and socket: then by the daemon, without a word."""
    user.environment["XDG_RUNTIME_DIR"] = str(runtime)
    user.ok("daemon", "start")
    path = places(user.environment).socket
    if opened:
        path.parent.chmod(0o755)
        path.chmod(0o666)
    done = subprocess.run([sys.executable, "-c", CONNECT, path], capture_output=True, text=True, check=True)
    path.parent.chmod(0o700)
    assert done.stdout == ("connected\n" if opened else "PermissionError\n")
    if opened:
        assert "refused a client of another user" in (user.state / "daemon.log").read_text()


def test_a_state_folder_that_others_could_enter_is_closed(user: User) -> None:
    user.state.mkdir(parents=True)
    user.state.chmod(0o777)
    user.ok("daemon", "start")
    assert stat.S_IMODE(user.state.stat().st_mode) == 0o700


@as_root
def test_another_users_state_folder_is_not_used(user: User, tmp_path: Path) -> None:
    user.state.mkdir(parents=True)
    os.chown(user.state, 65534, 65534)
    done = user.type("daemon", "start")
    assert (done.code, "belongs to another user (uid 65534)" in done.err) == (3, True), done
    with pytest.raises(SpecwrightError, match="set SPECWRIGHT_HOME to another folder"):
        private_folder(user.state)
    os.chown(user.state, os.getuid(), os.getgid())
