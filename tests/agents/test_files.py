import os
import socket
import threading
from pathlib import Path

import pytest

from specwright.agents import files
from specwright.agents.files import Denied

OUTSIDE = ["../secret", "/etc/passwd", "~/x", "a/../../secret", "", "a\0b", ".", "x" * 5000]
GIT = [".git", ".git/config", ".GIT/config", ".Git/hooks/x", "a/.git/x", ".git./config", "git~1/config", ".g\u200cit/x"]


@pytest.fixture
def secret(slot: Path) -> Path:
    path = slot.parent / "secret"
    path.write_text("key")
    return path


@pytest.mark.parametrize("path", OUTSIDE + GIT)
def test_no_path_leads_outside_or_into_git(slot: Path, path: str) -> None:
    (slot / ".git").mkdir()
    with pytest.raises(Denied):
        files.read(slot, path)
    with pytest.raises(Denied):
        files.write(slot, path, b"x")


@pytest.mark.parametrize("target", ["../secret", "/etc/passwd", ".git/config", "sub/../../secret", "loop"])
def test_a_link_that_leaves_is_neither_read_nor_written_through(slot: Path, secret: Path, target: str) -> None:
    (slot / "loop").symlink_to(target)
    for use in (files.read, lambda root, path: files.write(root, path, b"x")):
        with pytest.raises(Denied):
            use(slot, "loop")
    assert secret.read_text() == "key"


def test_a_link_to_a_folder_outside_is_not_entered(slot: Path, secret: Path) -> None:
    (slot / "way").symlink_to("..")
    with pytest.raises(Denied, match="leaves the project"):
        files.read(slot, "way/secret")


def test_a_link_inside_is_followed(slot: Path) -> None:
    (slot / "sub").mkdir()
    (slot / "sub" / "up.py").symlink_to("../greeting.py")
    (slot / "there").symlink_to("sub")
    files.write(slot, "there/up.py", b"new")
    assert files.read(slot, "greeting.py") == b"new"
    assert (slot / "sub" / "up.py").is_symlink()


def test_a_link_that_is_swapped_in_meanwhile_never_wins(slot: Path, secret: Path) -> None:
    inner, stop = slot / "inner", threading.Event()
    inner.mkdir()
    (inner / "secret").write_text("mine")
    thread = threading.Thread(target=_swap, args=(inner, slot.parent, stop))
    thread.start()
    seen = {_try(slot, "inner/secret") for _ in range(500)}
    stop.set()
    thread.join()
    assert secret.read_text() == "key"
    assert seen <= {b"mine", None}


def _swap(inner: Path, outside: Path, stop: threading.Event) -> None:
    away = inner.with_name("away")
    while not stop.is_set():
        inner.rename(away)
        inner.symlink_to(outside)
        inner.unlink()
        away.rename(inner)


def _try(slot: Path, path: str) -> bytes | None:
    try:
        files.edit(slot, path, lambda content: b"mine")
        return files.read(slot, path)
    except Denied:
        return None


def test_pipes_devices_and_sockets_are_refused_at_once(slot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(slot)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("sock")
        for name in ("pipe", "sock"):
            with pytest.raises(Denied, match="no regular file"):
                files.read(slot, name)
            with pytest.raises(Denied, match="no regular file"):
                files.write(slot, name, b"x")


def test_a_hard_link_is_replaced_and_not_written_through(slot: Path, secret: Path) -> None:
    (slot / "hard").hardlink_to(secret)
    files.write(slot, "hard", b"new")
    assert secret.read_text() == "key"


def test_a_file_keeps_its_mode_and_leaves_nothing_beside_it(slot: Path) -> None:
    (slot / "run.sh").write_text("old")
    (slot / "run.sh").chmod(0o755)
    files.write(slot, "run.sh", b"new")
    assert (slot / "run.sh").stat().st_mode & 0o777 == 0o755
    assert sorted(path.name for path in slot.iterdir()) == ["greeting.py", "run.sh"]


@pytest.mark.parametrize(("path", "words"), [("no", "does not exist"), ("greeting.py/x", "a file, not a folder")])
def test_what_is_missing_is_said(slot: Path, path: str, words: str) -> None:
    with pytest.raises(Denied, match=words):
        files.read(slot, path)


def test_a_huge_file_is_not_read(slot: Path) -> None:
    with (slot / "huge").open("wb") as file:
        file.truncate(files.READ_LIMIT + 1)
    with pytest.raises(Denied, match="over 16 MiB"):
        files.read(slot, "huge")
