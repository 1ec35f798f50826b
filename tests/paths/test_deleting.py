"""What commands made is deleted whatever they made of it, and nothing else is."""

import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from specwright.paths.deleting import delete


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """What is nobody's to delete."""
    made = tmp_path / "mine"
    (made / "inner").mkdir(parents=True)
    (made / "inner" / "file").write_text("mine")
    made.chmod(0o755)
    return made


def test_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    delete(tmp_path / "nothing")
    delete(tmp_path / "nothing" / "below")


@pytest.mark.parametrize("kind", ["file", "pipe", "link to a folder", "dangling link"])
def test_what_is_no_folder_goes_alone(tmp_path: Path, mine: Path, kind: str) -> None:
    path = tmp_path / "it"
    match kind:
        case "file":
            path.write_text("x")
        case "pipe":
            os.mkfifo(path)
        case "link to a folder":
            path.symlink_to(mine)
        case _:
            path.symlink_to(tmp_path / "nowhere")
    delete(path)
    assert not os.path.lexists(path)
    assert (mine / "inner" / "file").read_text() == "mine"


def test_links_in_it_are_not_followed(tmp_path: Path, mine: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "link").symlink_to(mine)
    (top / "folder").mkdir()
    (top / "folder" / "up").symlink_to("..")
    (top / "folder" / "file").symlink_to(mine / "inner" / "file")
    delete(top)
    assert not top.exists()
    assert (mine / "inner" / "file").read_text() == "mine"
    assert stat.S_IMODE(mine.stat().st_mode) == 0o755


def test_odd_names_and_closed_folders_go(tmp_path: Path) -> None:
    top = tmp_path / "top"
    for name in (b"\xff\xfe", b"new\nline", b"-rf", b"." * 3, b"x" * 255):
        folder = top / os.fsdecode(name)
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
        folder.chmod(0)
    top.chmod(0o500)
    delete(top)
    assert not top.exists()


def test_folders_nested_beyond_any_path_go(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    before = os.open(".", os.O_RDONLY)
    try:
        os.chdir(top)
        for _ in range(6000):
            Path("d" * 10).mkdir()
            Path("file").write_text("x")
            os.chdir("d" * 10)
    finally:
        os.fchdir(before)
        os.close(before)
    delete(top)
    assert not top.exists()


def test_wide_ones_go(tmp_path: Path) -> None:
    top = tmp_path / "top"
    for number in range(3000):
        (top / f"{number % 50}" / f"{number}").mkdir(parents=True)
    delete(top)
    assert not top.exists()


@contextlib.contextmanager
def swapping(top: Path, mine: Path) -> Iterator[None]:
    """Somebody who puts a link to what is mine in the place of each folder that is seen."""
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                for folder in top.iterdir():
                    if not folder.is_symlink():
                        folder.rename(f"{folder}.away")
                        folder.symlink_to(mine)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_link_that_takes_a_folders_place_meanwhile_leads_nowhere(tmp_path: Path, mine: Path) -> None:
    for attempt in range(20):
        top = tmp_path / f"top{attempt}"
        for number in range(100):
            (top / f"{number}" / "a" / "b").mkdir(parents=True)
            (top / f"{number}" / "file").write_text("x")
        with swapping(top, mine):
            delete(top)
    assert (mine / "inner" / "file").read_text() == "mine"
    assert stat.S_IMODE(mine.stat().st_mode) == 0o755
    assert not [path for path in mine.iterdir() if path.name != "inner"]
