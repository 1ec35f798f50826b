"""`diff` is what `git apply` takes; `accept` and `reject` decide what they name, and nothing else."""

import subprocess
from pathlib import Path

from user import SETTINGS, User, bash, script

LINES = "".join(f"{number}\n" for number in range(1, 31))
TREE: dict[str, str | bytes] = {
    "SPEC.md": "## spec! Change\n- [ ] it is changed, check: `true`\n",
    "lines.txt": LINES,
    "gone.txt": "gone\n",
    "old name.txt": LINES,
    "other.txt": LINES.replace("7", "seven"),
    "run.sh": "echo\n",
    "data.bin": b"\0\1\2",
    "crlf.txt": b"a\r\nb\r\n",
    "open.txt": "no newline",
}
TEXT = r"sed -i -e '2s/.*/two/' -e '29s/.*/nine/' lines.txt"
EVERYTHING = "; ".join(
    [
        TEXT,
        r"mkdir deep; echo new > $'deep/n\303\244w.txt'; : > empty.txt",
        "rm gone.txt",
        "mv 'old name.txt' deep.txt",
        "mv other.txt moved.txt; sed -i '5s/.*/five/' moved.txt",
        "chmod +x run.sh",
        r"printf '\0\5' > data.bin; printf '\0\6' > other.bin",
        r"printf 'a\r\nB\r\n' > crlf.txt",
        "printf 'still none' > open.txt; printf more >> lines.txt",
    ]
)
"""New, deleted, renamed, of another mode, binary, other line ends, no final newline."""
LINK = "ln -s lines.txt link.txt"


def changed(user: User, command: str) -> str:
    """A task in review whose change a command made."""
    user.make({**TREE, "specwright.toml": SETTINGS, "script.json": script([bash(command)])})
    task = user.run("SPEC.md")
    assert user.show(task)["outcome"] == "passed"
    return task


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file with its executable bit and its content; a link with its target."""
    files = (path for path in folder.rglob("*") if ".git" not in path.parts and (path.is_symlink() or path.is_file()))
    return {str(path.relative_to(folder)): state(path) for path in files}


def state(path: Path) -> tuple[int, bytes]:
    if path.is_symlink():
        return -1, bytes(path.readlink())
    return path.stat().st_mode & 0o100, path.read_bytes()


def test_a_diff_applies_to_its_base(user: User, tmp_path: Path) -> None:
    task = changed(user, f"{EVERYTHING}; {LINK}")
    clone = tmp_path / "clone"
    user.git("clone", "-q", str(user.root), str(clone))
    patch = subprocess.run(
        ["specwright", "diff", task], cwd=user.root, env=user.environment, capture_output=True, check=True
    ).stdout
    subprocess.run(["git", "apply", "--index"], cwd=clone, env=user.environment, input=patch, check=True)
    head = user.show(task)["head"]
    repository = user.root / ".git" / "specwright" / "repo.git"
    assert user.git("write-tree", cwd=clone) == user.git(f"--git-dir={repository}", "rev-parse", f"{head}^{{tree}}")


def test_what_is_accepted_is_what_the_run_made(user: User, tmp_path: Path) -> None:
    task = changed(user, EVERYTHING)
    before = user.git("rev-parse", "HEAD"), user.git("for-each-ref")
    done = user.type("accept", "--json", task)
    assert (done.code, done.json["left_out"]) == (1, {"run.sh": "executable bit"})
    decided = user.ok("accept", "--json", task, "--file", "run.sh").json
    assert (decided["state"], decided["conflicts"], decided["in_editor"]) == ("accepted", [], [])
    landed = tree(user.root)
    checkout = tmp_path / "wanted"
    user.git("clone", "-q", str(user.root / ".git" / "specwright" / "repo.git"), str(checkout))
    user.git("fetch", "-q", "origin", f"refs/specwright/tasks/{task}/1", cwd=checkout)
    user.git("checkout", "-q", "FETCH_HEAD", cwd=checkout)
    wanted = tree(checkout)
    wanted["SPEC.md"] = (0, b"")
    assert landed == wanted
    assert (user.git("rev-parse", "HEAD"), user.git("for-each-ref")) == before


def test_a_link_is_left_to_the_person(user: User) -> None:
    task = changed(user, LINK)
    done = user.type("accept", "--json", task, "--file", "link.txt")
    assert done.code == 1
    assert done.json["conflicts"] == ["1.1"]
    assert not (user.root / "link.txt").is_symlink()


def test_a_diff_of_some_files(user: User) -> None:
    task = changed(user, "echo a > a.txt; echo b > b.txt")
    assert "a.txt" not in user.ok("diff", task, "--file", "b.txt").out
    assert set(user.ok("diff", "--json", task).json) == {"task", "diff"}
    assert user.type("diff", task, "--file", "../x").code == 2


def states(user: User, task: str) -> dict[str, str]:
    return {hunk["id"]: hunk["state"] for file in user.show(task)["files"] for hunk in file["hunks"]}


def test_hunks_and_files_are_decided_by_name(user: User) -> None:
    task = changed(user, f"{TEXT}; rm gone.txt; echo a > a.txt")
    assert list(states(user, task)) == ["1.2", "1.1", "1.3", "1.4"]  # what is deleted comes first
    user.ok("reject", task, "--hunk", "1.4")
    user.ok("accept", task, "--file", "a.txt", "--hunk", "1.3")
    assert states(user, task) == {"1.1": "accepted", "1.2": "pending", "1.3": "accepted", "1.4": "rejected"}
    assert (user.root / "lines.txt").read_text() == LINES.replace("\n2\n", "\ntwo\n", 1)
    decided = user.ok("reject", "--json", task).json
    assert (decided["state"], decided["hunks"]) == ("accepted", ["1.2"])
    assert "spec!" in (user.root / "SPEC.md").read_text()


def test_a_rejected_task_changes_nothing(user: User) -> None:
    task = changed(user, TEXT)
    assert user.ok("reject", "--json", task).json["state"] == "rejected"
    assert user.git("status", "--porcelain") == ""
    assert user.type("accept", task).code == 1


def test_a_conflict_exits_with_one_and_the_rest_is_put_in(user: User) -> None:
    task = changed(user, TEXT)
    (user.root / "lines.txt").write_text(LINES.replace("\n2\n", "\nmine\n", 1))
    done = user.type("accept", "--json", task)
    assert (done.code, done.json["hunks"], done.json["conflicts"]) == (1, ["1.2"], ["1.1"])
    assert (user.root / "lines.txt").read_text() == LINES.replace("\n2\n", "\nmine\n", 1).replace("\n29\n", "\nnine\n")
    assert states(user, task) == {"1.1": "conflict", "1.2": "accepted"}


def test_an_unknown_name_is_wrong_use_and_decides_nothing(user: User) -> None:
    task = changed(user, TEXT)
    for words in (("accept", "--hunk", "9.9"), ("reject", "--file", "nowhere"), ("accept", "--x")):
        assert user.type(words[0], task, *words[1:]).code == 2
    assert set(states(user, task).values()) == {"pending"}
