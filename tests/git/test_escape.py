"""What an agent may try from its slot: nothing that it leaves there is run or followed by our git."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from git_project import TASK, Alarm, Project
from specwright.errors import SpecwrightError
from specwright.git import slots, trees
from specwright.git.slots import Slot, Tampered

Settings = Callable[[], str]


def evil_repository(folder: Path, settings: str) -> None:
    """A repository whose settings run the alarm at the next status."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / ".gitattributes").write_text("* filter=evil diff=evil\n")
    (folder / "a").write_text("one\n")
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
    subprocess.run(["git", "-C", folder, "commit", "-qm", "x"], check=True)
    with (folder / ".git" / "config").open("a") as file:
        file.write(settings)
    (folder / "a").write_text("two\n")


def swap_content(slot: Slot) -> None:
    (slot.path / ".git").write_text("gitdir: ./evil/.git\n")


def swap_for_folder(slot: Slot) -> None:
    (slot.path / ".git").unlink()
    (slot.path / "evil" / ".git").rename(slot.path / ".git")


def swap_for_link(slot: Slot) -> None:
    (slot.path / ".git").rename(slot.path / "true")
    (slot.path / ".git").symlink_to("true")


def swap_for_hard_link(slot: Slot) -> None:
    os.link(slot.path / ".git", slot.path / "twin")


def swap_for_pipe(slot: Slot) -> None:
    (slot.path / ".git").unlink()
    os.mkfifo(slot.path / ".git")


def swap_for_nothing(slot: Slot) -> None:
    (slot.path / ".git").unlink()


SWAPS = [swap_content, swap_for_folder, swap_for_link, swap_for_hard_link, swap_for_pipe, swap_for_nothing]


@pytest.mark.parametrize("swap", SWAPS)
def test_swapped_git_file_is_detected_and_nothing_of_it_runs(
    project: Project, alarm: Alarm, hostile_settings: Settings, swap: Callable[[Slot], None]
) -> None:
    slot = project.take()
    evil_repository(slot.path / "evil", hostile_settings())
    swap(slot)
    for use in (lambda: project.save(slot), lambda: slots.restore(slot, project.head), lambda: project.take()):
        with pytest.raises(Tampered, match="was changed by what ran there"):
            use()
    assert alarm.is_silent


@pytest.mark.parametrize("swap", SWAPS)
def test_swapped_slot_is_put_away_with_its_work(
    project: Project, alarm: Alarm, hostile_settings: Settings, swap: Callable[[Slot], None]
) -> None:
    slot = project.take()
    evil_repository(slot.path / "evil", hostile_settings())
    swap(slot)
    slots.release(slot)
    assert not slot.path.exists()
    (kept,) = (path for path in (slot.repository.slots / "trash").iterdir() if path.suffix != ".json")
    assert (kept / "greeting.py").is_file()
    assert project.take(f"{TASK}/2").name != slot.name
    assert alarm.is_silent


def test_swapped_git_file_leads_no_repair_of_a_moved_project_elsewhere(project: Project, tmp_path: Path) -> None:
    slot = project.take()
    project.git("worktree", "add", "-q", "--detach", str(tmp_path / "users"))
    users = project.root / ".git" / "worktrees" / "users" / "gitdir"
    before = users.read_text()
    moved = Project(project.root.rename(tmp_path / "moved"), project.slots)
    (slot.path / ".git").write_text(f"gitdir: {moved.root}/.git/worktrees/users\n")
    assert moved.take(f"{TASK}/2").path != slot.path
    assert (moved.root / ".git" / "worktrees" / "users" / "gitdir").read_text() == before


@pytest.fixture
def with_submodule(project: Project) -> Project:
    part = project.root.parent / "part"
    subprocess.run(["git", "clone", "-q", project.root, part], check=True)
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(part), "part")
    project.commit("Add a part")
    return project


def test_submodule_is_an_empty_folder_and_stays_what_it_was(with_submodule: Project) -> None:
    slot = with_submodule.take()
    assert list((slot.path / "part").iterdir()) == []
    (slot.path / "greeting.py").write_text("changed\n")
    changed = trees.changed(slot.repository, with_submodule.head, with_submodule.save(slot))
    assert [change.path for change in changed] == ["greeting.py"]


def test_repository_in_a_submodules_folder_never_runs_and_is_gone_for_the_next(
    with_submodule: Project, alarm: Alarm, hostile_settings: Settings
) -> None:
    slot = with_submodule.take()
    evil_repository(slot.path / "part", hostile_settings())
    with pytest.raises(SpecwrightError, match="part is a repository of its own"):
        with_submodule.save(slot)
    slots.release(slot)
    again = with_submodule.take(f"{TASK}/2")
    assert alarm.is_silent
    assert again.path == slot.path
    assert list((again.path / "part").iterdir()) == []


@pytest.mark.parametrize("planted", ["folder", "link"])
def test_restore_empties_a_submodules_folder_and_follows_no_link(with_submodule: Project, planted: str) -> None:
    slot = with_submodule.take()
    outside = with_submodule.root.parent / "outside"
    outside.mkdir()
    (outside / "keep").write_text("")
    (slot.path / "part").rmdir()
    if planted == "link":
        (slot.path / "part").symlink_to(outside)
    else:
        (slot.path / "part" / "left").mkdir(parents=True)
    slots.restore(slot, with_submodule.head)
    assert list((slot.path / "part").iterdir()) == []
    assert (outside / "keep").exists()


@pytest.mark.parametrize("name", ["inner", "a/b/inner", "greeting/.GIT"])
def test_nested_repository_is_flagged_not_committed(project: Project, name: str) -> None:
    slot = project.take()
    if name.endswith(".GIT"):
        (slot.path / name).mkdir(parents=True)
        (slot.path / name / "config").write_text("x")
    else:
        evil_repository(slot.path / name, "")
    with pytest.raises(SpecwrightError, match=r"can't (be part of a result|hold it)"):
        project.save(slot)
    assert slot.repository.result(TASK, 1) is None


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("x", "/etc/passwd"), ("x", ".."), ("x", "../other"), ("a/x", "../../other"), ("a/x", "b/../../.."),
        ("x", "docs/../.."), ("x", "docs/.."), ("x", "//etc"), ("a/x", "./../../y"),
    ],
)  # fmt: skip
def test_link_that_may_leave_the_tree_is_refused(project: Project, path: str, target: str) -> None:
    slot = project.take()
    (slot.path / path).parent.mkdir(exist_ok=True)
    (slot.path / path).symlink_to(target)
    with pytest.raises(SpecwrightError, match=f"{path} is a link that leads out"):
        project.save(slot)


@pytest.mark.parametrize(("path", "target"), [("x", "docs/read me.md"), ("a/x", ".."), ("a/b/x", "../../docs")])
def test_link_inside_the_tree_is_a_result(project: Project, path: str, target: str) -> None:
    slot = project.take()
    (slot.path / path).parent.mkdir(parents=True, exist_ok=True)
    (slot.path / path).symlink_to(target)
    assert trees.blob(slot.repository, project.save(slot), path) == target.encode()


def test_outside_of_a_link_for_a_folder_is_never_written_or_deleted(project: Project) -> None:
    outside = project.root.parent / "outside"
    outside.mkdir()
    (outside / "read me.md").write_text("mine\n")
    slot = project.take()
    (slot.path / "docs" / "read me.md").unlink()
    (slot.path / "docs").rmdir()
    (slot.path / "docs").symlink_to(outside)
    slots.restore(slot, project.head)
    assert (outside / "read me.md").read_text() == "mine\n"
    assert not (slot.path / "docs").is_symlink()


@pytest.mark.parametrize("name", ["line\nbreak", "bell\a", "-rf"])
def test_name_that_harms_whoever_prints_or_uses_it_is_refused(project: Project, name: str) -> None:
    slot = project.take()
    (slot.path / name).write_text("x")
    with pytest.raises(SpecwrightError, match="can't hold it"):
        project.save(slot)


def test_attributes_of_the_tree_run_no_filter_of_the_users(
    project: Project, own_home: Path, alarm: Alarm, hostile_settings: Settings
) -> None:
    with (own_home / ".gitconfig").open("a") as file:
        file.write(hostile_settings())
    slot = project.take()
    (slot.path / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    (slot.path / "greeting.py").write_text("changed\n")
    result = project.save(slot)
    trees.unified_diff(slot.repository, project.head, result)
    trees.merge_tree(slot.repository, project.head, result, result)
    slots.restore(slot, result)
    assert alarm.is_silent
    assert trees.text(slot.repository, result, "greeting.py") == "changed\n"
