"""`.worktreeinclude`: only what it names and git ignores comes into a slot, as a copy for the user alone."""

from pathlib import Path

import pytest

from git_project import TASK, Project
from specwright.git import included, slots


@pytest.fixture
def with_secrets(project: Project) -> Project:
    project.write(".gitignore", ".env*\n/config/private/\nnode_modules/\n*.big\n")
    project.write(".worktreeinclude", ".env\nconfig/private/*.json\ngreeting.py\nnotes.txt\nnode_modules/\n*.big\n")
    project.commit()
    project.write(".env", "API_KEY=very-secret-value\n")
    project.write(".env.other", "x\n")
    project.write("config/private/a.json", "{}\n")
    project.write("config/private/b.txt", "x\n")
    project.write("notes.txt", "untracked, not ignored\n")
    project.write("node_modules/a.js", "x\n")
    project.write("a.big", "x" * (included.LARGEST + 1))
    return project


def test_only_what_is_matched_and_ignored_is_wanted(with_secrets: Project) -> None:
    assert included.wanted(with_secrets.checkout) == (".env", "config/private/a.json")


def test_nothing_is_wanted_without_the_file(with_secrets: Project) -> None:
    (with_secrets.root / ".worktreeinclude").unlink()
    assert included.wanted(with_secrets.checkout) == ()


def test_files_are_copied_for_the_user_alone_and_never_linked(with_secrets: Project) -> None:
    slot = with_secrets.take()
    (with_secrets.root / ".env").chmod(0o644)
    assert included.copy(with_secrets.checkout, slot.path, (".env", "config/private/a.json")) == (
        ".env",
        "config/private/a.json",
    )
    copy = slot.path / ".env"
    assert copy.stat().st_mode & 0o777 == 0o600
    copy.write_text("changed by the agent")
    assert (with_secrets.root / ".env").read_text() == "API_KEY=very-secret-value\n"
    assert slots.checkpoint(slot, with_secrets.head, slot.repository.ref(TASK, 1), "m", None)
    assert ".env" not in with_secrets.git(
        "ls-tree", "-r", "--name-only", slot.repository.ref(TASK, 1), folder=slot.repository.path
    )
    slots.restore(slot, with_secrets.head)
    assert not copy.exists()


@pytest.mark.parametrize("linked", [".env", "config"])
def test_no_link_is_read_or_written_through(with_secrets: Project, tmp_path: Path, linked: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("theirs")
    slot = with_secrets.take()
    if linked == ".env":
        (with_secrets.root / ".env").unlink()
        (with_secrets.root / ".env").symlink_to(outside / "secret")
        assert ".env" not in included.wanted(with_secrets.checkout)
        assert included.copy(with_secrets.checkout, slot.path, (".env",)) == ()
    else:
        (slot.path / "config").symlink_to(outside)
        assert included.copy(with_secrets.checkout, slot.path, ("config/private/a.json",)) == ()
    assert [path.name for path in outside.iterdir()] == ["secret"]


def test_what_a_commit_holds_stays(with_secrets: Project) -> None:
    slot = with_secrets.take()
    assert included.copy(with_secrets.checkout, slot.path, ("greeting.py",)) == ()
