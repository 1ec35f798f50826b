import pytest

from specwright.errors import WrongUse
from specwright.git import names


@pytest.mark.parametrize("oid", ["a" * 40, "0123456789abcdef" * 4])
def test_full_ids_pass(oid: str) -> None:
    assert names.check_oid(oid) == oid


@pytest.mark.parametrize("oid", ["", "a" * 39, "a" * 41, "A" * 40, "a" * 40 + "\n", "HEAD", "--output=x"])
def test_anything_else_is_no_id(oid: str) -> None:
    with pytest.raises(WrongUse):
        names.check_oid(oid)


@pytest.mark.parametrize("task", ["", "k", "K7F3QA", "k7/f3", "../x", "k7f3qa\n", "-k7f3", "k" * 33, "k7.lock"])
def test_anything_else_is_no_task(task: str) -> None:
    with pytest.raises(WrongUse):
        names.check_task(task)


@pytest.mark.parametrize("path", ["a", "a b/c", "ü", "a/-x", ".github/x", ".gitignore", "a.git", ".git2", "git~"])
def test_paths_of_a_tree_pass(path: str) -> None:
    assert names.check_relative_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "", "/a", "-a", ":a", "a//b", "a/", "./a", "a/..", "..", "a\nb", "a\0b", "a\x7f", ".git", "a/.git/config",
        ".GIT", ".git ", ".git.", ".git . .", "git~1", "GIT~2", ".g\u200cit", ".git\ufeff", ".git::$INDEX_ALLOCATION",
    ],
)  # fmt: skip
def test_paths_that_leave_mislead_or_reach_git_are_refused(path: str) -> None:
    with pytest.raises(WrongUse):
        names.check_relative_path(path)
