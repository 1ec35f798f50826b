import pytest

from git_project import Project
from specwright.errors import WrongUse
from specwright.git import trees
from specwright.git.run import GitFailed
from specwright.git.trees import Clean, Conflict, FileChange


def saved(project: Project, **contents: str | bytes | None) -> str:
    """A result with these files; None deletes. `_` in a name stands for a space, `__` for a dot."""
    slot = project.take()
    for key, content in contents.items():
        path = slot.path / key.replace("__", ".").replace("_", " ")
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return project.save(slot)


def test_added_changed_deleted_and_binary_files_are_told(project: Project) -> None:
    result = saved(project, greeting__py="a\nb\n", new__py="1\n2\n3\n", image=b"\0\1")
    assert trees.changed(project.repository, project.head, result) == (
        FileChange("greeting.py", None, ("100644", "100644"), 2, 2, binary=False),
        FileChange("image", None, ("000000", "100644"), 0, 0, binary=True),
        FileChange("new.py", None, ("000000", "100644"), 3, 0, binary=False),
    )


def test_rename_names_both_paths(project: Project) -> None:
    slot = project.take()
    (slot.path / "docs" / "read me.md").rename(slot.path / "moved\ttab.md".replace("\t", " "))
    (change,) = trees.changed(project.repository, project.head, project.save(slot))
    assert (change.path, change.old_path, change.added) == ("moved tab.md", "docs/read me.md", 0)


def test_changes_of_mode_and_kind_are_told(project: Project) -> None:
    slot = project.take()
    (slot.path / "greeting.py").chmod(0o755)
    (slot.path / "docs" / "read me.md").unlink()
    (slot.path / "docs" / "read me.md").symlink_to("../greeting.py")
    modes = {c.path: c.modes for c in trees.changed(project.repository, project.head, project.save(slot))}
    assert modes == {"greeting.py": ("100644", "100755"), "docs/read me.md": ("100644", "120000")}


def test_text_and_bytes_of_a_file(project: Project) -> None:
    result = saved(project, crlf="a\r\nb", binary=b"\0", latin=b"\xff", giant="x" * (trees.TEXT_LIMIT + 1))
    here = project.repository
    assert trees.text(here, result, "crlf") == "a\r\nb"
    assert [trees.text(here, result, name) for name in ("binary", "latin", "giant", "none", "docs")] == [None] * 5
    assert trees.blob(here, result, "binary") == b"\0"
    assert trees.blob(here, result, "none") is None


def test_giant_file_is_not_read(project: Project) -> None:
    result = saved(project, giant=b"\0" * (trees.BLOB_LIMIT + 1))
    with pytest.raises(trees.TooLarge, match="over 50 MB"):
        trees.blob(project.repository, result, "giant")


def test_unified_diff_applies_in_the_checkout(project: Project) -> None:
    result = saved(project, greeting__py="changed\n", image=b"\0\1\2")
    (project.root.parent / "patch").write_bytes(trees.unified_diff(project.repository, project.head, result))
    project.git("apply", str(project.root.parent / "patch"))
    assert project.write("x", "").parent.joinpath("image").read_bytes() == b"\0\1\2"
    only = trees.unified_diff(project.repository, project.head, result, ["greeting.py"])
    assert b"image" not in only


@pytest.mark.parametrize("path", ["--output=/tmp/x", "../x", ":(top)x", "/etc/passwd"])
def test_path_of_a_model_is_no_option(project: Project, path: str) -> None:
    with pytest.raises(WrongUse):
        trees.unified_diff(project.repository, project.head, project.head, [path])


def test_merge_is_on_the_base_that_is_named(project: Project) -> None:
    base = project.head
    mine = saved(project, greeting__py="mine\n")
    project.write("docs/read me.md", "theirs\n")
    theirs = project.commit()
    project.take("other/1", base=theirs)
    merged = trees.merge_tree(project.repository, base, theirs, mine)
    assert isinstance(merged, Clean)
    commit = trees.commit_tree(project.repository, merged.tree, theirs, "Merge")
    assert trees.text(project.repository, commit, "greeting.py") == "mine\n"
    assert trees.text(project.repository, commit, "docs/read me.md") == "theirs\n"


def test_merge_from_a_snapshot_lands_no_uncommitted_line(project: Project) -> None:
    snapshot = saved(project, greeting__py="uncommitted\n")
    slot = project.take()
    (slot.path / "new.py").write_text("new\n")
    result = trees.commit_tree(slot.repository, trees.tree_of(slot.repository, project.save(slot, 2)), snapshot, "Run")
    merged = trees.merge_tree(slot.repository, snapshot, project.head, result)
    assert isinstance(merged, Clean)
    commit = trees.commit_tree(slot.repository, merged.tree, project.head, "Merge")
    assert [change.path for change in trees.changed(slot.repository, project.head, commit)] == ["new.py"]


def test_conflict_names_its_paths_and_moves_nothing(project: Project) -> None:
    base = project.head
    mine = saved(project, greeting__py="mine\n")
    project.write("greeting.py", "theirs\n")
    theirs = project.commit()
    project.take("other/1", base=theirs)
    before = project.everything()
    assert trees.merge_tree(project.repository, base, theirs, mine) == Conflict(("greeting.py",))
    assert project.everything() == before


def test_message_of_a_model_is_only_a_message(project: Project) -> None:
    tree = trees.tree_of(project.repository, project.head)
    message = "--amend\n\n$(id)\n-F /etc/passwd\n"
    commit = trees.commit_tree(project.repository, tree, project.head, message)
    shown = project.git(f"--git-dir={project.repository.path}", "log", "-1", "--format=%B", commit)
    assert shown == message.strip()


def test_that_git_fails_is_not_taken_for_an_absent_file(project: Project) -> None:
    here = project.take().repository
    for read in (trees.blob, trees.text):
        with pytest.raises(GitFailed):
            read(here, "1" * 40, "greeting.py")


def test_words_that_stand_in_a_commit_are_told(project: Project) -> None:
    commit = saved(project, a="x = 'first-word-is-long'\n", b="- second.*word\n", data=b"\0 binary-word\n")
    words = [
        "first-word-is-long",
        "first-word",
        "second.*word",
        "secondXword",
        "binary-word",
        "-e",
        "gr\udcfcn",
        "third",
    ]
    assert trees.held(project.repository, commit, words) == {"first-word-is-long", "first-word", "second.*word"}
    assert trees.held(project.repository, commit, []) == frozenset()
    assert trees.held(project.repository, commit, ["nowhere"]) == frozenset()
    assert trees.held(project.repository, project.head, words) == frozenset()
