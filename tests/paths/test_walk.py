import os
import re
from pathlib import Path

import pytest

from specwright.paths.files import TEXT_LIMIT
from specwright.paths.walk import text_files, walk


def found(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in text_files(folder, re.compile(b"spec!"))]


def put(folder: Path, *names: str, data: bytes = b"# spec! x\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def test_files_with_the_word_come_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b.py", "a/z.md", "a/a b.py", ".specs/one.md", ".github/two.md", "-rf")
    put(tmp_path, "none.py", data=b"# nothing\n")
    assert found(tmp_path) == ["-rf", "b.py", ".github/two.md", ".specs/one.md", "a/a b.py", "a/z.md"]


def test_what_was_made_or_fetched_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, ".git/x", "node_modules/x", "a/build/x", ".venv/x", "__pycache__/x")
    assert found(tmp_path) == []


def test_no_link_pipe_binary_or_giant_is_read(tmp_path: Path) -> None:
    put(tmp_path, "real")
    put(tmp_path, "binary", data=b"spec!\0")
    put(tmp_path, "giant", data=b"spec!" + b"x" * TEXT_LIMIT)
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == ["real"]


def test_a_walk_yields_what_pythons_own_does(tmp_path: Path) -> None:
    put(tmp_path, "a", "b/c", "b/d/e", "f/g", "b/.hidden/h")
    (tmp_path / "nowhere").symlink_to("x")
    assert sorted(walk(tmp_path)) == sorted(os.walk(tmp_path))
    pruned = [folders.clear() or top for top, folders, _ in walk(tmp_path)]
    assert pruned == [str(tmp_path)]


@pytest.mark.parametrize("target", ["link", "a", "/root/closed", "\udcff"])
def test_a_link_is_a_file_of_its_folder_and_hides_nothing_wherever_it_leads(tmp_path: Path, target: str) -> None:
    put(tmp_path, "a/b")
    (tmp_path / "link").symlink_to(target)
    assert list(walk(tmp_path)) == [(str(tmp_path), ["a"], ["link"]), (str(tmp_path / "a"), [], ["b"])]
