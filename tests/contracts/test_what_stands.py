"""Accepting never harms what a person has in the checkout, and puts in nothing that was rejected."""

from collections.abc import Callable
from pathlib import Path

import pytest

from user import SETTINGS, User, bash, script

LINES = "".join(f"{number}\n" for number in range(1, 31))
LONG = "line of text here\n" * 277_000
SPEC = "# spec! Change\n# - [ ] it is changed, check: `true`\n"
BOTH_ENDS = "sed -i -e '3s/.*/three/' -e '25s/.*/more/' f.txt"
Edit = Callable[[Path], object]


def changed(user: User, before: bytes | str, command: str) -> str:
    """A task in review: the command has changed `f.txt`."""
    user.make({"a.py": SPEC, "f.txt": before, "specwright.toml": SETTINGS, "script.json": script([bash(command)])})
    return user.run("a.py:1")


def states(user: User, task: str) -> list[str]:
    return [hunk["state"] for file in user.show(task)["files"] for hunk in file["hunks"]]


def prepend(path: Path) -> None:
    path.write_bytes(b"mine\n" + path.read_bytes())


@pytest.mark.parametrize(
    ("before", "command", "edit"),
    [
        (b"a\n" * 5000 + b"\0", "echo more >> f.txt", prepend),
        (LONG, "head -c 200000 f.txt > g; cat g >> f.txt; rm g", prepend),
        ("gr\u00fcn\n", r"printf 'gr\374n\n' > f.txt", prepend),
        (LINES, "rm f.txt", lambda path: path.write_bytes(b"gr\xfcn\n")),
        (b"\0\1", r"printf '\0\2' > f.txt", prepend),
        (LINES, f"mv f.txt g.txt; {BOTH_ENDS.replace('f.txt', 'g.txt')}", prepend),
    ],
    ids=["NUL after 8000 bytes", "grown over the limit", "no longer UTF-8", "deleted", "binary", "renamed"],
)
def test_a_file_that_is_taken_whole_is_left_alone_once_edited(
    user: User, before: bytes | str, command: str, edit: Edit
) -> None:
    task = changed(user, before, command)
    path = user.root / "f.txt"
    edit(path)
    mine = path.read_bytes()
    assert states(user, task)[0] == "conflict"
    done = user.type("accept", "--json", task)
    assert (done.code, done.json["hunks"], done.json["written"]) == (1, [], [])
    assert path.read_bytes() == mine


@pytest.mark.parametrize(
    ("before", "command", "after"),
    [
        ("gr\u00fcn\n", r"printf 'gr\374n\n' > f.txt", b"gr\xfcn\n"),
        (b"a\n" * 5000 + b"\0", "echo more >> f.txt", b"a\n" * 5000 + b"\0more\n"),
    ],
)
def test_a_file_that_is_no_text_is_put_in_by_its_bytes(
    user: User, before: bytes | str, command: str, after: bytes
) -> None:
    task = changed(user, before, command)
    assert user.ok("accept", "--json", task).json["state"] == "accepted"
    assert (user.root / "f.txt").read_bytes() == after


def test_a_rename_that_was_killed_half_way_is_finished(user: User) -> None:
    task = changed(user, LINES, f"mv f.txt g.txt; chmod +x g.txt; {BOTH_ENDS.replace('f.txt', 'g.txt')}")
    assert states(user, task) == ["pending"] * 4
    after = LINES.replace("\n3\n", "\nthree\n").replace("\n25\n", "\nmore\n")
    (user.root / "g.txt").write_text(after)
    accepted = user.ok("accept", "--json", task, "--file", "g.txt")  # by name: it becomes a program
    assert accepted.json["state"] == "accepted"
    assert (user.root / "g.txt").read_text() == after
    assert (user.root / "g.txt").stat().st_mode & 0o100
    assert not (user.root / "f.txt").exists()


def test_what_was_taken_by_hand_counts_as_accepted(user: User) -> None:
    task = changed(user, b"\0\1", r"printf '\0\2' > f.txt")
    (user.root / "f.txt").write_bytes(b"\0\2")
    assert user.ok("accept", "--json", task).json["hunks"] == ["1.1"]


def test_the_mode_brings_no_rejected_text_along(user: User) -> None:
    task = changed(user, LINES, f"chmod +x f.txt; {BOTH_ENDS}")
    user.ok("reject", task, "--hunk", "1.3")
    user.ok("accept", task, "--hunk", "1.1")
    path = user.root / "f.txt"
    assert path.stat().st_mode & 0o100
    assert path.read_text() == LINES
    user.ok("accept", task, "--file", "f.txt")  # by name: it becomes a program
    assert states(user, task) == ["accepted", "accepted", "rejected"]
    assert path.read_text() == LINES.replace("\n3\n", "\nthree\n", 1)


@pytest.mark.parametrize(
    "command", ["sed -i 's/$/\\r/; 3s/.*/three\\r/' f.txt", f"mv f.txt g.txt; {BOTH_ENDS[:-5]}g.txt"]
)
@pytest.mark.parametrize("reject", [True, False])
def test_a_hunk_that_brings_others_along_is_refused_without_them(user: User, command: str, reject: bool) -> None:
    task = changed(user, LINES, command)
    if reject:
        user.ok("reject", task, "--hunk", "1.2")
    done = user.type("accept", task, "--hunk", "1.1")
    assert done.code == 1
    assert "1.1 takes the file whole, and 1.2" in done.err
    assert user.git("status", "--porcelain") == ""


def test_a_spec_that_was_written_on_is_not_lost_to_its_result(user: User) -> None:
    user.make({"specwright.toml": SETTINGS, "script.json": script([bash("echo 'x = 1' > new.py; echo z > z.txt")])})
    user.put({"new.py": SPEC})
    task = user.run("new.py:1")
    longer = SPEC.replace("\n", "\n# An hour of work.\n", 1)
    user.put({"new.py": longer})
    assert user.type("accept", "--json", task).json["conflicts"] == ["1.1"]
    assert ((user.root / "new.py").read_text(), (user.root / "z.txt").read_text()) == (longer, "z\n")
    user.put({"new.py": SPEC})
    assert user.ok("accept", "--json", task).json["state"] == "accepted"
    assert (user.root / "new.py").read_text() == "x = 1\n"


def test_what_is_accepted_is_what_the_gates_saw_wherever_the_ref_stands_now(user: User) -> None:
    task = changed(user, LINES, BOTH_ENDS)
    repository = f"--git-dir={user.root / '.git' / 'specwright' / 'repo.git'}"
    seen, ref = user.show(task)["head"], f"refs/specwright/tasks/{task}/1"
    user.git(repository, "read-tree", seen)
    evil = user.git(repository, "hash-object", "-w", "--stdin", input="evil\n").strip()
    user.git(repository, "update-index", "--cacheinfo", f"100644,{evil},f.txt")
    tree = user.git(repository, "write-tree").strip()
    user.git(repository, "update-ref", ref, user.git(repository, "commit-tree", "-m", "x", tree).strip())
    assert "evil" not in user.ok("diff", task).out
    assert user.ok("accept", "--json", task).json["state"] == "accepted"
    assert (user.root / "f.txt").read_text() == LINES.replace("\n3\n", "\nthree\n", 1).replace("\n25\n", "\nmore\n")
