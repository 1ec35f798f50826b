import os
import re
from pathlib import Path

import pytest

from specwright.errors import SpecwrightError, WrongUse
from specwright.paths.files import TEXT_LIMIT, checkout_root, private_folder, read_text, write_whole


@pytest.mark.parametrize("text", ["", "a\r\nb\rc\n", "ä\u2028\f no end"])
def test_text_is_read_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "a b").write_bytes(text.encode())
    assert read_text(tmp_path / "a b") == text


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"a\0b", "NUL bytes"), (b"ok \xff", "not UTF-8 (byte 3)"), (b"x" * (TEXT_LIMIT + 1), "over 1 MB")],
)
def test_what_is_no_text_is_refused_with_a_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(WrongUse, match=re.escape(words)):
        read_text(tmp_path / "f")


def test_folder_missing_file_and_pipe_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("", "is a folder"), ("none", "does not exist"), ("pipe", "name a text file")):
        with pytest.raises(WrongUse, match=words):
            read_text(tmp_path / name)


def test_limit_can_be_lifted(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * (TEXT_LIMIT + 1))
    assert len(read_text(tmp_path / "f", None)) == TEXT_LIMIT + 1


def test_new_file_is_private_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    for name, mode in (("new", None), ("named", 0o644)):
        write_whole(tmp_path / name, b"1", mode)
    (tmp_path / "old").write_bytes(b"before")
    (tmp_path / "old").chmod(0o755)
    write_whole(tmp_path / "old", b"after", 0o600)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"new": 0o600, "named": 0o644, "old": 0o755}
    assert (tmp_path / "old").read_bytes() == b"after"


def test_replacing_never_writes_into_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"before")
    os.link(tmp_path / "f", tmp_path / "twin")
    write_whole(tmp_path / "f", b"after")
    assert (tmp_path / "twin").read_bytes() == b"before"


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()  # a file can't replace a folder
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "f", b"after")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_long_name_is_written_whole_too(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 255), b"1")
    assert (tmp_path / ("n" * 255)).read_bytes() == b"1"


def test_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "a" / "b")
    assert made.stat().st_mode & 0o777 == 0o700
    assert private_folder(made) == made
    made.chmod(0o755)
    assert (private_folder(made).stat().st_mode & 0o777, (tmp_path / "a").stat().st_mode & 0o777) == (0o700, 0o700)


def test_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpecwrightError, match="can't be made"):
        private_folder(tmp_path / "file" / "below")


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_checkout_is_found_upwards(tmp_path: Path, kind: str) -> None:
    inner = tmp_path / "top" / "a" / "b"
    inner.mkdir(parents=True)
    git = tmp_path / "top" / ".git"
    git.mkdir() if kind == "folder" else git.write_text("gitdir: elsewhere\n")
    assert checkout_root(inner) == tmp_path / "top"
    assert checkout_root(tmp_path) is None
