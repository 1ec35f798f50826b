from pathlib import Path

import pytest

from specwright.paths import space


def test_room_is_asked_of_the_disk_that_a_folder_will_lie_on(tmp_path: Path) -> None:
    assert space.free_space_too_low(tmp_path / "not" / "there" / "yet") is None
    said = space.free_space_too_low(tmp_path / "not" / "there" / "yet", 10**18)
    assert said is not None
    assert "are needed to begin" in said
    assert "specwright gc" in said


def test_what_is_taken_counts_files_of_one_name_where_that_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100_000)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    (tmp_path / "c").write_bytes(b"x" * 50_000)
    (tmp_path / "link").symlink_to("/usr")
    assert space.taken(tmp_path) >= 250_000
    assert 50_000 <= space.taken(tmp_path, unshared=True) < 100_000
    assert space.taken(tmp_path / "gone") == 0


@pytest.mark.parametrize(("size", "said"), [(0, "0 MB"), (34_600_000, "35 MB"), (1_240_000_000, "1.2 GB")])
def test_sizes_are_said_shortly(size: int, said: str) -> None:
    assert space.shown(size) == said
