import os
import re
from pathlib import Path

import pytest

from specwright.paths.files import TEXT_LIMIT
from specwright.paths.scan import files, has


def found(folder: Path) -> list[str]:
    paths = [file.full for file in files(str(folder)) if has(file.full, re.compile(b"spec!"))]
    return [os.path.relpath(path, folder) for path in paths]


def put(folder: Path, *names: str, data: bytes = b"# spec! x\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def test_files_with_the_word_come_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b.py", "a/z.md", "a/a b.py", ".specs/one.md", ".github/two.md", "-rf")
    put(tmp_path, "none.py", data=b"# nothing\n")
    assert found(tmp_path) == ["-rf", "b.py", ".github/two.md", ".specs/one.md", "a/a b.py", "a/z.md"]


def test_what_was_made_or_fetched_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "node_modules/x", "a/build/x", ".venv/x", "__pycache__/x")
    assert found(tmp_path) == []


def test_no_link_pipe_binary_or_giant_is_read(tmp_path: Path) -> None:
    put(tmp_path, "real")
    put(tmp_path, "binary", data=b"spec!\0")
    put(tmp_path, "giant", data=b"spec!" + b"x" * TEXT_LIMIT)
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == ["real"]


@pytest.mark.parametrize(
    ("top", "names"),
    [
        ("", ["a/build/x", "a/build/.hidden/x", "node_modules/y"]),
        ("a/build", ["x", ".hidden/x"]),
        ("node_modules", ["y"]),
        ("gone", ["z"]),
    ],
)
def test_in_a_checkout_git_says_what_was_made(tmp_path: Path, top: str, names: list[str]) -> None:
    put(tmp_path, "a/build/x", "a/build/.hidden/x", "a/build/x.log", "node_modules/y", "gone/z", ".git/x", "a/b.ipynb")
    put(tmp_path, ".gitignore", data=b"*.log\ngone/\n")
    assert found(tmp_path / top) == names
