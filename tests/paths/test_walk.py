import os
from pathlib import Path

import pytest

from specwright.paths.walk import walk


def put(folder: Path, *names: str, data: bytes = b"# spec! x\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


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
