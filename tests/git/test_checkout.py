"""The user's checkout in every state that it may be in: found, read, or refused with a sentence."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from git_project import TASK, Project, make
from specwright.errors import SpecwrightError, WrongUse
from specwright.git import checkout, trees

FORMATS = [(), ("--object-format=sha256",)]


def refused(path: Path, words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        checkout.find(path)


@pytest.mark.parametrize("inner", ["", "docs", "docs/read me.md", "docs/new file.md"])
def test_checkout_is_found_from_what_lies_in_it(project: Project, inner: str) -> None:
    found = checkout.find(project.root / inner)
    assert (found.root, found.git_dir, found.common_dir) == (str(project.root), *[str(project.root / ".git")] * 2)


def test_what_is_no_checkout_is_refused(project: Project, tmp_path: Path) -> None:
    refused(tmp_path, "not in a git repository; run git init")
    refused(project.root / ".git", r"lies inside a \.git folder")
    refused(project.root / ".git" / "refs", r"lies inside a \.git folder")
    refused(tmp_path / "none" / "at" / "all", "does not exist")


def test_bare_repository_is_refused(project: Project, tmp_path: Path) -> None:
    project.git("clone", "-q", "--bare", str(project.root), str(tmp_path / "bare"))
    refused(tmp_path / "bare", "is a bare repository; go to a checkout")


def test_slot_is_no_project(project: Project) -> None:
    refused(project.take().path, "slot of Specwright's own")


def test_unborn_repository_is_refused_with_what_to_do(unborn: Project) -> None:
    with pytest.raises(WrongUse, match="no commit yet; make the first one"):
        checkout.head(unborn.checkout)


@pytest.mark.parametrize("options", FORMATS)
@pytest.mark.parametrize("packed", [False, True])
def test_head_is_read_loose_packed_and_detached(tmp_path: Path, options: tuple[str, ...], packed: bool) -> None:
    project = make(tmp_path / "p", tmp_path / "slots", *options)
    project.write("a", "1")
    first = project.commit()
    project.git("update-ref", "refs/heads/xmain", "HEAD")
    project.write("a", "2")
    second = project.commit()
    if packed:
        project.git("pack-refs", "--all")
    assert project.head == second
    project.git("checkout", "-q", "--detach", first)
    assert project.head == first
    assert project.take().path.joinpath("a").read_text() == "1"


def test_head_through_a_symbolic_branch_is_followed(project: Project) -> None:
    project.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    project.git("symbolic-ref", "HEAD", "refs/heads/alias")
    assert project.head == project.git("rev-parse", "HEAD")


def test_detached_head_is_a_base(project: Project) -> None:
    project.git("checkout", "-q", "--detach")
    project.write("greeting.py", "detached\n")
    base = project.commit()
    assert project.take(base=base).path.joinpath("greeting.py").read_text() == "detached\n"


def test_linked_worktree_is_a_checkout_of_the_same_project(project: Project, tmp_path: Path) -> None:
    project.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    linked = Project(tmp_path / "linked", project.slots)
    linked.write("greeting.py", "linked\n")
    base = linked.commit()
    assert linked.checkout.common_dir == project.checkout.common_dir
    assert (linked.head, project.head == base) == (base, False)
    assert linked.take().path.joinpath("greeting.py").read_text() == "linked\n"
    assert linked.repository.path == project.repository.path
    project.git("worktree", "remove", "--force", str(linked.root))
    assert project.take(f"{TASK}/1", base=base).path.joinpath("greeting.py").read_text() == "linked\n"


def stop_amid(project: Project, verb: str) -> None:
    """Leave a merge, rebase, … of conflicting changes unfinished."""
    project.git("checkout", "-qb", "side")
    project.write("greeting.py", "theirs\n")
    project.commit()
    project.git("checkout", "-q", "main")
    project.write("greeting.py", "ours\n")
    project.commit()
    words = {"revert": ("revert", "--no-edit", "HEAD~1"), "bisect": ("bisect", "start")}
    project.git(*words.get(verb, (verb, "side")), fails=True)


@pytest.mark.parametrize("verb", ["merge", "rebase", "cherry-pick", "revert", "bisect"])
def test_what_is_in_progress_is_told(project: Project, verb: str) -> None:
    assert checkout.state_problem(project.checkout) is None
    stop_amid(project, verb)
    said = checkout.state_problem(project.checkout)
    assert said is not None
    assert verb in said.lower()
    before = project.everything()
    assert project.take().path.is_dir()
    assert project.everything() == before


def test_shallow_clone_works_before_and_after_it_is_deepened(project: Project, tmp_path: Path) -> None:
    for number in range(3):
        project.write("a", str(number))
        project.commit()
    project.git("clone", "-q", "--depth=1", f"file://{project.root}", str(tmp_path / "shallow"))
    shallow = Project(tmp_path / "shallow", project.slots)
    slot = shallow.take()
    (slot.path / "a").write_text("changed")
    assert len(trees.changed(slot.repository, shallow.head, shallow.save(slot))) == 1
    shallow.git("fetch", "-q", "--depth=2")
    shallow.write("b", "new")
    base = shallow.commit()
    assert shallow.take("other/1", base=base).path.joinpath("b").exists()


def test_partial_clone_without_the_blobs_is_refused_with_a_cure(project: Project, tmp_path: Path) -> None:
    old = project.head
    project.write("greeting.py", "newer\n")
    project.commit()
    project.git("config", "uploadpack.allowFilter", "true")
    project.git("clone", "-q", "--filter=blob:none", f"file://{project.root}", str(tmp_path / "partial"))
    partial = Project(tmp_path / "partial", project.slots)
    assert partial.take().path.joinpath("greeting.py").read_text() == "newer\n"
    with pytest.raises(SpecwrightError, match=r"partial clone.*check this commit out once"):
        partial.take("other/1", base=old)
    partial.git("checkout", "-q", old)
    assert partial.take("other/1", base=old).path.joinpath("greeting.py").read_text() != "newer\n"


def fake_git(folder: Path, version: str) -> Path:
    program = folder / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho 'git version {version}'\n")
    program.chmod(0o755)
    return program.parent


@pytest.mark.parametrize(
    ("version", "words"),
    [("2.37.9", "needs git 2.38 or newer"), ("1.8", "needs git 2.38"), ("2.38.0", "None"), ("10.1 (Apple)", "None")],
)
def test_git_that_is_too_old_is_told(tmp_path: Path, version: str, words: str) -> None:
    script = "from specwright.git.checkout import version_problem as v; print(v())"
    env = {"PATH": str(fake_git(tmp_path, version))}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert words in said.stdout


def test_missing_git_is_told(tmp_path: Path) -> None:
    script = "from specwright.git.checkout import version_problem as v; print(v())"
    said = subprocess.run([sys.executable, "-c", script], env={"PATH": "bin:."}, cwd=fake_git(tmp_path, "9").parent,
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert "git is not installed" in said.stdout


def test_changed_and_tracked_paths_are_said_as_they_are(project: Project) -> None:
    project.write(".gitignore", "ignored\n")
    for name in ("a\nb", "ü", "-x"):
        project.write(name, "1\n")
    project.commit()
    for name in ("a\nb", "ü", "-x", "new", "ignored"):
        project.write(name, "2\n")
    assert set(checkout.dirty_paths(project.checkout)) == {"a\nb", "ü", "-x"}
    assert set(checkout.tracked_files(project.checkout)) == {
        ".gitignore", "a\nb", "ü", "-x", "new", "greeting.py", "docs/read me.md",
    }  # fmt: skip


def test_text_of_a_commit_is_none_for_what_is_no_text(project: Project) -> None:
    (project.root / "binary").write_bytes(b"a\0b")
    (project.root / "latin").write_bytes(b"\xff")
    project.write("giant", "x" * (checkout.TEXT_LIMIT + 1))
    base = project.commit()
    here = project.checkout
    assert checkout.changed_text(here, "docs/read me.md", base) == "# Read me\n"
    assert [checkout.changed_text(here, name, base) for name in ("binary", "latin", "giant", "none", "docs")] == [
        None
    ] * 5


@pytest.mark.parametrize(("path", "expected"), [("docs/read me.md", False), ("docs", False), ("docs/*.md", True)])
def test_what_was_not_there_at_a_commit_is_new(project: Project, path: str, expected: bool) -> None:
    assert checkout.is_new(project.checkout, path, project.head) is expected
    assert not checkout.is_new(project.checkout, path, "1" * 40)  # nobody knows


def test_what_was_found_once_is_looked_at_again_when_it_changes(project: Project) -> None:
    inner = project.root / "inner"
    inner.mkdir()
    assert checkout.find(inner) == checkout.find(inner)
    subprocess.run(["git", "init", "-q"], cwd=inner, check=True)
    assert checkout.find(inner).root == str(inner)
    shutil.rmtree(inner / ".git")
    assert checkout.find(inner).root == str(project.root)
    subprocess.run(["git", "config", "core.bare", "true"], cwd=inner, check=True)
    refused(inner, "bare")
    shutil.rmtree(project.root / ".git")
    refused(inner, "not in a git repository")
