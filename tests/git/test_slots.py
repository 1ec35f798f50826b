import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from git_project import TASK, Project
from specwright.errors import SpecwrightError, WrongUse
from specwright.git import environment, journal, pool, slots, trees
from specwright.git.run import run
from specwright.git.slots import Slot


def files(slot: Slot) -> set[str]:
    return {str(path.relative_to(slot.path)) for path in slot.path.rglob("*") if path.is_file()}


def test_slot_is_clean_and_at_base_before_the_agent_starts(project: Project) -> None:
    project.write(".gitignore", "*.out\n")
    project.commit()
    first = project.take()
    (first.path / "greeting.py").unlink()
    (first.path / "left" / "behind").mkdir(parents=True)
    (first.path / "left" / "over.py").write_text("")
    project.git("init", "-q", str(first.path / "nested"))
    (first.path / "nested" / "over.py").write_text("")
    (first.path / "ignored.out").write_text("")
    slots.release(first)
    project.write("greeting.py", "next\n")
    base = project.commit()
    second = project.take(f"{TASK}/2")
    assert second.path == first.path  # reused, not made anew
    assert files(second) == {".git", ".gitignore", "greeting.py", "docs/read me.md"}
    assert (second.path / "greeting.py").read_text() == "next\n"
    assert run(second.where, "rev-parse", "HEAD").decode().strip() == base
    assert run(second.where, "status", "--porcelain", "--ignored") == b""


def test_slot_is_reused_not_recreated(project: Project) -> None:
    first = project.take()
    before = (first.path / "greeting.py").stat()
    slots.release(first)
    project.write("another.py", "x\n")
    project.commit()
    again = project.take(f"{TASK}/2")
    assert (again.path / "another.py").is_file()
    assert again.path == first.path
    after = (again.path / "greeting.py").stat()
    assert (after.st_ino, after.st_ctime_ns) == (before.st_ino, before.st_ctime_ns)


def test_run_gets_its_own_slot_back_as_it_left_it(project: Project) -> None:
    slot = project.take()
    (slot.path / "half.py").write_text("half\n")
    assert project.take(f"{TASK}/2").path != slot.path
    assert (project.take().path / "half.py").read_text() == "half\n"


def test_slot_moves_to_another_base(project: Project) -> None:
    slots.release(project.take())
    project.write("later.py", "later\n")
    project.commit()
    assert "later.py" in files(project.take(f"{TASK}/2"))


def test_checkpoint_is_one_commit_on_base(project: Project) -> None:
    slot = project.take()
    (slot.path / "a.py").write_text("1\n")
    first = project.save(slot)
    (slot.path / "a.py").write_text("2\n")
    second = project.save(slot, expected=first)
    assert slot.repository.result(TASK, 1) == second
    assert project.git(f"--git-dir={slot.repository.path}", "rev-list", second, f"^{project.head}") == second
    assert project.save(slot, expected=second) == second  # the same tree is the same commit


def test_checkpoint_does_not_take_a_ref_from_another(project: Project) -> None:
    slot = project.take()
    first = project.save(slot)
    (slot.path / "a.py").write_text("1\n")
    with pytest.raises(SpecwrightError, match="changed by another"):
        project.save(slot, expected="1" * 40)
    assert slot.repository.result(TASK, 1) == first


def test_restore_goes_back_to_a_checkpoint_and_nothing_beside_it_stays(project: Project) -> None:
    slot = project.take()
    (slot.path / "a.py").write_text("1\n")
    saved = project.save(slot)
    (slot.path / "a.py").write_text("2\n")
    (slot.path / "b.py").write_text("x")
    for name in ("node_modules", ".venv", "sub/node_modules"):
        (slot.path / name).mkdir(parents=True)
        (slot.path / name / "x.js").write_text("x")
    slots.restore(slot, saved)
    assert files(slot) == {".git", "greeting.py", "docs/read me.md", "a.py"}
    assert (slot.path / "a.py").read_text() == "1\n"


def test_dependencies_are_no_part_of_a_result(project: Project) -> None:
    slot = project.take()
    for name in (".venv", "sub/node_modules"):
        (slot.path / name).mkdir(parents=True)
        (slot.path / name / "x").write_text("x")
    assert trees.changed(slot.repository, project.head, project.save(slot)) == ()


def key_of(slot: Slot, *setup: str) -> str:
    return environment.key(slot.repository, run(slot.where, "rev-parse", "HEAD").decode().strip(), setup, {})


def set_up(slot: Slot) -> str:
    """Make dependencies as set-up does."""
    key = key_of(slot, "make", "deps")
    assert not slot.ready_for(key)
    (slot.path / ".venv").mkdir()
    (slot.path / ".venv" / "lib.py").write_text("good\n")
    slot.mark_ready(key)
    return key


def test_untouched_dependencies_serve_the_next_run(project: Project) -> None:
    slot = project.take()
    key = set_up(slot)
    slots.release(slot)
    again = project.take(f"{TASK}/2")
    assert again.ready_for(key)
    assert (again.path / ".venv" / "lib.py").exists()


def test_asking_for_another_environment_deletes_nothing(project: Project) -> None:
    slot = project.take()
    set_up(slot)
    assert not slot.ready_for("another")
    assert slot.has_dependencies()
    slot.drop_dependencies()
    assert not (slot.path / ".venv").exists()


def change_dependencies(slot: Slot, change: str) -> None:
    """As an agent may."""
    if change == "beside":
        (slot.path / "sub" / "node_modules").mkdir(parents=True)
    elif change == "added":
        (slot.path / ".venv" / "sitecustomize.py").symlink_to("lib.py")
    elif change == "moded":
        (slot.path / ".venv" / "lib.py").chmod(0o755)
    else:
        (slot.path / ".venv" / "lib.py").write_text("evil\n")


CHANGES = ["poisoned", "added", "moded", "beside"]


@pytest.mark.parametrize("change", CHANGES)
def test_dependencies_that_an_agent_changed_are_gone_when_gates_begin(project: Project, change: str) -> None:
    slot = project.take()
    key = set_up(slot)
    slots.restore(slot, project.head)
    assert slot.has_dependencies()
    change_dependencies(slot, change)
    assert not slot.has_dependencies()
    slots.restore(slot, project.head)
    assert files(slot) == {".git", "greeting.py", "docs/read me.md"}
    assert not slot.ready_for(key)


@pytest.mark.parametrize("change", CHANGES)
def test_dependencies_that_a_run_changed_are_dropped(project: Project, change: str) -> None:
    slot = project.take()
    key = set_up(slot)
    change_dependencies(slot, change)
    slots.release(slot)
    again = project.take(f"{TASK}/2")
    assert not (again.path / ".venv").exists()
    assert not again.ready_for(key)


def test_link_for_a_dependency_folder_is_dropped_and_not_followed(project: Project, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "keep").write_text("")
    slot = project.take()
    (slot.path / ".venv").symlink_to(tmp_path / "mine")
    slots.release(slot)
    assert not (project.take(f"{TASK}/2").path / ".venv").is_symlink()
    assert (tmp_path / "mine" / "keep").exists()


@pytest.mark.parametrize(("name", "matters"), [("requirements-dev.txt", True), ("a/uv.lock", True), ("a.py", False)])
def test_set_up_depends_on_manifests(project: Project, name: str, matters: bool) -> None:
    slot = project.take()
    key = key_of(slot, "setup")
    slots.release(slot)
    project.write(name, "x\n")
    project.commit()
    after = project.take(f"{TASK}/2")
    assert (key_of(after, "setup") != key) is matters
    assert key_of(after, "another") != key


def test_folders_without_permissions_are_cleared(project: Project) -> None:
    slot = project.take()
    (slot.path / ".venv" / "locked").mkdir(parents=True)
    (slot.path / ".venv" / "locked" / "x").write_text("")
    (slot.path / ".venv" / "locked").chmod(0)
    slots.release(slot)
    assert not (project.take(f"{TASK}/2").path / ".venv").exists()


@pytest.mark.parametrize("base", ["HEAD", "main", "-rf", "", "0" * 39, "G" * 40])
def test_only_a_full_id_is_a_base(project: Project, base: str) -> None:
    repository = project.take().repository
    with pytest.raises(WrongUse, match="not a full commit id"):
        slots.take(repository, "x/1", 1, base)


def test_release_of_a_slot_without_a_record_does_nothing(project: Project) -> None:
    slot = project.take()
    journal.forget(slot.repository.slots, slot.name)
    slots.release(slot)
    assert slot.path.is_dir()


def test_line_ends_of_the_users_settings_hold_in_slots(project: Project) -> None:
    project.git("config", "core.autocrlf", "true")
    slot = project.take()
    assert (slot.path / "greeting.py").read_bytes().startswith(b"def greet():\r\n")
    assert trees.changed(slot.repository, project.head, project.save(slot)) == ()


@contextmanager
def process_in(folder: Path) -> Iterator[None]:
    with subprocess.Popen(["sleep", "600"], cwd=folder) as process:
        try:
            yield
        finally:
            process.kill()


def test_slot_in_which_a_process_works_is_not_used_again(project: Project) -> None:
    slot = project.take()
    with process_in(slot.path):
        slots.release(slot)
        assert project.take(f"{TASK}/2").path != slot.path
        slots.repair(slot.repository)
        assert (slot.path / "greeting.py").is_file()
    slots.repair(slot.repository)
    assert not slot.path.exists()


def test_idle_slot_in_which_a_process_works_is_not_put_away(project: Project) -> None:
    slot = project.take()
    slots.release(slot)
    with process_in(slot.path):
        assert not pool.retire(slot.repository, slot.name)
        assert not pool.drop_dependencies(slot.repository, slot.name)
    assert pool.retire(slot.repository, slot.name)
