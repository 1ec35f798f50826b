"""A key goes to a daemon of one's own alone."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from specwright.api.client import connect
from specwright.errors import SpecwrightError
from specwright.paths.places import Places, places
from user import User

FAKE = Path(__file__).parent.parent / "fake_daemon.py"
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root makes something another user's")


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    made = User(tmp_path)
    with tempfile.TemporaryDirectory(prefix="specwright-") as runtime:  # a socket folder that no other test uses
        made.environment["XDG_RUNTIME_DIR"] = runtime
        yield made


@contextmanager
def listening(user: User, kind: str) -> Iterator[tuple[Places, subprocess.Popen[bytes]]]:
    with subprocess.Popen([sys.executable, str(FAKE), kind], env=user.environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"listening\n"
        try:
            yield places(user.environment), process
        finally:
            process.kill()


@as_root
async def test_nothing_is_said_to_another_users_process(user: User) -> None:
    with listening(user, "foreign") as (here, process):
        with pytest.raises(SpecwrightError, match=rf"another user \(uid 65534, pid {process.pid}\) listens on"):
            await connect(here, "cli")
        assert process.stdout
        assert process.stdout.readline() == b"b''\n"


async def test_a_folder_that_others_may_enter_is_not_used(user: User) -> None:
    with listening(user, "another") as (here, _):
        here.socket.parent.chmod(0o755)
        with pytest.raises(SpecwrightError, match="is open to other users; `chmod 700 "):
            await connect(here, "cli")


@as_root
async def test_another_users_folder_is_not_used(user: User) -> None:
    with listening(user, "another") as (here, _):
        os.chown(here.socket.parent, 65534, 65534)
        with pytest.raises(SpecwrightError, match="belongs to another user, who may listen there"):
            await connect(here, "cli")


def test_a_daemon_does_not_listen_in_such_a_folder(user: User) -> None:
    folder = places(user.environment).socket.parent
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    done = user.type("daemon", "run", cwd=user.home)
    assert (done.code, "is open to other users" in done.err) == (3, True), done
