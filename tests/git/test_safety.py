"""What people are promised about their repository: real git, one promise a test."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from git_project import TASK, Alarm, Project
from specwright.errors import SpecwrightError, WrongUse
from specwright.git import checkout, private, refs, slots, trees

Settings = Callable[[], str]


def life(project: Project) -> str:
    """Everything that a task does with git, short of a verdict; the result's commit."""
    slot = project.take()
    (slot.path / "greeting.py").write_text("changed\n")
    (slot.path / "new file.py").write_text("new\n")
    result = project.save(slot)
    trees.changed(slot.repository, project.head, result)
    trees.unified_diff(slot.repository, project.head, result)
    trees.merge_tree(slot.repository, project.head, project.head, result)
    slots.restore(slot, result)
    slots.release(slot)
    slots.repair(slot.repository)
    private.rebuild(slot.repository)
    checkout.dirty_paths(project.checkout)
    checkout.tracked_files(project.checkout)
    return result


def test_user_git_folder_is_byte_identical_until_a_verdict(project: Project) -> None:
    project.git("gc", "-q")
    os.utime(project.root / "greeting.py", (1, 1))  # a plain status would write the index now
    before = project.everything()
    life(project)
    assert project.everything() == before
    assert sorted(path.name for path in (project.root / ".git" / "specwright").iterdir()) == ["id", "lock", "repo.git"]


def test_dirty_and_staged_files_are_kept(project: Project) -> None:
    project.write("greeting.py", "my own edit\n")
    project.write("docs/read me.md", "staged\n")
    project.git("add", "docs")
    before = project.everything()
    life(project)
    assert project.everything() == before
    assert checkout.dirty_paths(project.checkout) == ("docs/read me.md", "greeting.py")


def test_untracked_and_ignored_files_are_kept_and_not_copied(project: Project) -> None:
    project.write(".gitignore", "*.secret\n")
    project.commit()
    project.write("key.secret", "k")
    project.write("draft.py", "mine\n")
    slot = project.take()
    assert not (slot.path / "key.secret").exists()
    assert not (slot.path / "draft.py").exists()
    slots.release(slot)
    assert (project.root / "draft.py").read_text() == "mine\n"


def test_stash_and_uncommitted_lines_never_enter_a_result(project: Project) -> None:
    project.write("greeting.py", "uncommitted line\n")
    project.git("stash", "-q")
    project.write("greeting.py", "another one\n")
    result = life(project)
    repository = project.repository
    assert trees.text(repository, project.head, "greeting.py") == 'def greet():\n    return "hello"\n'
    assert b"another one" not in trees.unified_diff(repository, project.head, result)
    assert project.git("stash", "list")


def test_hooks_of_the_user_do_not_run_on_our_commands(
    project: Project, alarm: Alarm, hostile_settings: Settings
) -> None:
    project.write(".gitattributes", "* diff=evil merge=evil\n*.py filter=evil\n")
    project.commit()
    with (project.root / ".git" / "config").open("a") as file:
        file.write(hostile_settings())
    project.git("status")
    assert not alarm.is_silent  # it does ring under plain git
    alarm.rung.unlink()
    for hooked in (project.root / ".git", project.repository.path):  # in ours by what ran in a slot
        shutil.copytree(alarm.program.parent / "hooks", hooked / "hooks", dirs_exist_ok=True)
    project.write("greeting.py", "dirty\n")
    life(project)
    assert alarm.is_silent


def test_file_watcher_of_the_user_is_not_started_by_reading(project: Project, alarm: Alarm) -> None:
    project.git("config", "core.fsmonitor", str(alarm.program))
    project.write("greeting.py", "dirty\n")
    assert checkout.dirty_paths(project.checkout) == ("greeting.py",)
    assert "greeting.py" in checkout.tracked_files(project.checkout)
    assert alarm.is_silent
    project.git("status")
    assert not alarm.is_silent


def test_hooks_and_settings_planted_in_the_private_repository_do_not_run(
    project: Project, alarm: Alarm, hostile_settings: Settings
) -> None:
    project.write(".gitattributes", "* filter=evil diff=evil merge=evil\n")
    project.commit()
    path = project.repository.path
    shutil.copytree(alarm.program.parent / "hooks", path / "hooks")
    with (path / "config").open("a") as file:
        file.write(hostile_settings())
    slot = project.take()
    (slot.path / "greeting.py").write_text("changed\n")
    result = project.save(slot)
    trees.unified_diff(slot.repository, project.head, result)
    slots.restore(slot, result)
    slots.release(slot)
    assert alarm.is_silent


def test_settings_in_a_private_repository_that_came_with_a_copy_do_not_run(
    project: Project, tmp_path: Path, alarm: Alarm, hostile_settings: Settings
) -> None:
    project.write(".gitattributes", "* filter=evil\n")
    project.commit()
    with (project.repository.path / "config").open("a") as file:
        file.write(hostile_settings())
    shutil.copytree(project.root, tmp_path / "copy", symlinks=True)
    copy = Project(tmp_path / "copy", project.slots)
    (copy.take().path / "greeting.py").write_text("changed\n")
    assert alarm.is_silent


def test_branch_of_the_same_name_is_untouched(project: Project) -> None:
    for name in (f"refs/heads/{TASK}", f"refs/heads/specwright/tasks/{TASK}/1", f"refs/specwright/tasks/{TASK}/1"):
        project.git("update-ref", name, "HEAD")
    before = project.git("for-each-ref")
    result = life(project)
    assert project.git("for-each-ref") == before
    assert project.repository.result(TASK, 1) == result
    refs.forget(project.repository, TASK)
    assert project.git("for-each-ref") == before


def test_nothing_of_ours_shows_in_the_users_views(project: Project) -> None:
    life(project)
    assert project.git("worktree", "list").count("\n") == 0
    assert "specwright" not in project.git("log", "--all", "--format=%an %D")
    assert project.git("status", "--porcelain", "--ignored") == ""
    project.git("fsck", "--strict")


@pytest.mark.parametrize(
    "name", ["with space", "line\nbreak", "-rf", "--output=x", "naïve", "a'b\"c$(id)", "tab\there"]
)
def test_odd_file_names_come_through(project: Project, name: str) -> None:
    project.write(f"{name}/{name}.txt", "odd\n")
    project.write(name + ".top", "odd\n")
    base = project.commit()
    slot = project.take()
    assert (slot.path / name / f"{name}.txt").read_text() == "odd\n"
    (slot.path / "greeting.py").write_text("changed\n")
    changed = trees.changed(slot.repository, base, project.save(slot))
    assert [change.path for change in changed] == ["greeting.py"]
    assert set(checkout.tracked_files(project.checkout)) >= {f"{name}/{name}.txt", f"{name}.top"}


@pytest.mark.parametrize("name", ["with space", "-rf", "a'b\"c$(id)", "naïve"])
def test_odd_folder_names_work(tmp_path: Path, project: Project, name: str) -> None:
    moved = Project(project.root.rename(tmp_path / name), tmp_path / f"{name} slots")
    assert moved.take().path.joinpath("greeting.py").is_file()


def test_folder_name_with_a_line_break_is_refused_with_a_sentence(tmp_path: Path, project: Project) -> None:
    moved = project.root.rename(tmp_path / "line\nbreak")
    with pytest.raises(SpecwrightError, match="line break"):
        checkout.find(moved)


def test_git_environment_of_the_parent_never_reaches_git(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    other = project.root.parent / "other"
    project.git("clone", "-q", str(project.root), str(other))
    before = dict(Project(other, other).everything())
    for name, value in {
        "GIT_DIR": other / ".git", "GIT_WORK_TREE": other, "GIT_INDEX_FILE": other / ".git" / "index",
        "GIT_OBJECT_DIRECTORY": other / ".git" / "objects", "GIT_COMMON_DIR": other / ".git",
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.worktree", "GIT_CONFIG_VALUE_0": other,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    slot = project.take()
    (slot.path / "greeting.py").write_text("changed\n")
    project.save(slot)
    assert project.checkout.root == str(project.root)
    assert Project(other, other).everything() == before


def test_no_identity_is_needed(project: Project, own_home: Path) -> None:
    (own_home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    assert trees.text(project.repository, life(project), "new file.py") == "new\n"


def test_user_settings_for_signing_and_templates_do_not_hold(project: Project, own_home: Path, alarm: Alarm) -> None:
    template = own_home / "template" / "hooks"
    template.mkdir(parents=True)
    shutil.copy(alarm.program, template / "post-checkout")
    with (own_home / ".gitconfig").open("a") as file:
        file.write(f"[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = {alarm.program}\n")
        file.write(f"[init]\n\ttemplateDir = {template.parent}\n")
    life(project)
    assert alarm.is_silent
    assert not (project.repository.path / "hooks").exists()


def test_address_with_a_token_is_never_copied(project: Project) -> None:
    project.git("remote", "add", "origin", "https://user:TOKEN@example.org/x.git")
    project.take()
    texts = [path.read_bytes() for path in project.repository.path.rglob("*") if path.is_file()]
    assert not [text for text in texts if b"TOKEN" in text]


def test_base_and_result_survive_the_users_gc_prune_now(project: Project) -> None:
    project.git("checkout", "-qb", "side")
    project.write("side.py", "side\n")
    base = project.commit()
    slot = project.take()
    (slot.path / "greeting.py").write_text("changed\n")
    result = project.save(slot, base=base)
    project.git("checkout", "-q", "main")
    project.git("branch", "-qD", "side")
    project.git("reflog", "expire", "--all", "--expire=now")
    project.git("gc", "-q", "--prune=now")
    project.git("cat-file", "-e", base, fails=True)
    assert trees.text(slot.repository, base, "side.py") == "side\n"
    assert trees.text(slot.repository, result, "greeting.py") == "changed\n"


def test_twelve_concurrent_slots_all_come_up(project: Project) -> None:
    project.take()
    bases = {f"task{number}/1": project.write("n", str(number)) and project.commit() for number in range(12)}
    with ThreadPoolExecutor(12) as pool:
        taken = list(pool.map(project.take, bases.keys(), bases.values()))
    assert len({slot.path for slot in taken}) == 12
    assert [(slot.path / "n").read_text() for slot in taken] == [str(number) for number in range(12)]


def test_a_ref_that_can_not_be_written_is_not_told_as_changed_by_another(project: Project) -> None:
    slot = project.take()
    ref = slot.repository.ref(TASK, 1)
    project.save(slot)
    kept = slot.repository.oid(ref)
    (slot.repository.path / f"{ref}.lock").touch()
    with pytest.raises(SpecwrightError, match="update-ref failed") as told:
        refs.swap(slot.repository, ref, project.head, kept)
    assert "by another" not in told.value.sentence.split("(")[0]


def test_two_writers_of_one_ref_exactly_one_wins(project: Project) -> None:
    slot = project.take()
    repository, ref = slot.repository, slot.repository.ref(TASK, 1)
    tree = trees.tree_of(repository, project.head)
    commits = [trees.commit_tree(repository, tree, project.head, str(number)) for number in range(2)]
    refs.swap(repository, ref, commits[0], None)
    with pytest.raises(SpecwrightError, match="changed by another"):
        refs.swap(repository, ref, commits[1], None)
    refs.swap(repository, ref, commits[0], None)  # done already is as good as done
    assert repository.oid(ref) == commits[0]


@pytest.mark.parametrize("name", ["-d", "--stdin", "a\ndelete refs/heads/main", "../../heads/main", "HEAD", ""])
def test_branch_name_from_a_model_cannot_be_an_option(project: Project, name: str) -> None:
    repository = project.take().repository
    before = project.git("for-each-ref"), refs.list_refs(repository)
    ways: list[Callable[[], object]] = [
        lambda: repository.ref(name, 1),
        lambda: private.bring(repository, project.checkout, project.head, name),
        lambda: private.bring(repository, project.checkout, name, TASK),
        lambda: slots.take(repository, f"{TASK}/2", 1, name),
        lambda: trees.commit_tree(repository, name, None, "message"),
        lambda: trees.merge_tree(repository, project.head, name, project.head),
        lambda: refs.put_away(repository, name),
        lambda: refs.forget(repository, name),
    ]
    for way in ways:
        with pytest.raises(WrongUse, match="is not a"):
            way()
    assert (project.git("for-each-ref"), refs.list_refs(repository)) == before


def test_missing_slot_directory_never_runs_git_elsewhere(project: Project) -> None:
    slot = project.take()
    where = slot.where
    shutil.rmtree(slot.path)
    before = project.everything()
    with pytest.raises(SpecwrightError, match="gone"):
        slots.restore(slot, project.head)
    with pytest.raises(SpecwrightError, match="git is not run elsewhere"):
        slots.run(where, "clean", "-ffdxq")
    assert project.everything() == before


def test_moved_project_keeps_its_slots_and_copied_one_gets_its_own(project: Project) -> None:
    slot = project.take()
    (slot.path / "work.py").write_text("work\n")
    result = project.save(slot)
    copy = Project(project.root.parent / "copy", project.slots)
    shutil.copytree(project.root, copy.root, symlinks=True)
    assert copy.repository.project != project.repository.project
    assert refs.list_refs(copy.repository) == {}
    assert copy.take().path.parent != slot.path.parent
    moved = Project(project.root.rename(project.root.parent / "moved"), project.slots)
    again = moved.take()
    assert (again.path, (again.path / "work.py").read_text()) == (slot.path, "work\n")
    assert moved.repository.result(TASK, 1) == result
    assert moved.save(again, expected=result) == result


def test_copy_at_the_place_of_a_moved_original_is_told_apart(project: Project) -> None:
    project.take()
    original = Project(project.root.rename(project.root.parent / "moved"), project.slots)
    shutil.copytree(original.root, project.root, symlinks=True)
    assert original.repository.project != project.repository.project


def test_removed_repository_is_said(project: Project) -> None:
    here = project.checkout
    shutil.rmtree(project.root)
    with pytest.raises(SpecwrightError, match="is gone"):
        private.private_repository(here, project.slots)
