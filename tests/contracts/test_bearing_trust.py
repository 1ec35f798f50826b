"""What bears trust is accepted by name alone, and `files:` is kept by each run."""

import pytest

from user import SETTINGS, User, bash, script

CI = ".github/workflows/x.yml"
HEAD = "## spec! Change\n- [ ] it is changed, check: `true`\n"
CHANGE = f"echo 'x = 2' > a.py; mkdir -p .github/workflows; echo 'on: push' > {CI}"
FILES: dict[str, str | bytes] = {"a.py": "x = 1\n", "old.py": "".join(f"old = {n}\n" for n in range(9))}


def ended(user: User, *commands: str, files: str = "", place: str = "SPEC.md", head: str = HEAD) -> str:
    """A task that has ended, whose rounds are these commands; `files` is what its spec says."""
    line = f"- files: {files}\n" if files else ""
    rounds = script(*([bash(command)] for command in commands))
    user.make({**FILES, place: head + line, "specwright.toml": SETTINGS, "script.json": rounds})
    return user.run(place)


def gates(user: User, task: str) -> dict[str, str]:
    return {gate["name"]: gate["result"] for gate in user.show(task)["runs"][-1]["gates"]}


def test_accepting_all_leaves_out_what_bears_trust_and_names_it(user: User) -> None:
    task = ended(user, f"{CHANGE}; ln -s a.py link.py")
    done = user.type("accept", task)
    assert done.code == 1
    assert f"{CI} (CI configuration), link.py (symbolic link)" in done.out
    assert f"specwright accept {task} --file {CI}\n" in done.out
    assert (user.root / "a.py").read_text() == "x = 2\n"
    assert not (user.root / ".github").exists()
    assert "spec!" in (user.root / "SPEC.md").read_text()
    again = user.type("accept", task)
    assert again.code == 1
    assert CI in again.err
    user.ok("accept", task, "--file", CI)
    assert (user.root / CI).read_text() == "on: push\n"
    assert user.show(task)["state"] == "review"
    assert user.ok("reject", "--json", task).json["state"] == "accepted"
    assert not (user.root / "link.py").is_symlink()


def test_a_hunk_that_is_named_is_accepted(user: User) -> None:
    task = ended(user, CHANGE)
    [hunk] = [hunk["id"] for file in user.show(task)["files"] if file["path"] == CI for hunk in file["hunks"]]
    assert user.ok("accept", "--json", task, "--hunk", hunk).json["left_out"] == {}
    assert (user.root / CI).exists()


def test_what_is_left_out_is_shown_first_and_said_in_the_diff(user: User) -> None:
    task = ended(user, CHANGE)
    shown = user.show(task)["files"]
    assert [(file["path"], file["bears"], file["only_by_name"]) for file in shown] == [
        (CI, "CI configuration", True),
        ("a.py", None, False),
    ]
    assert f"{CI}  +1 −0  bears trust: CI configuration; accepted by name alone" in user.ok("show", task).out
    assert user.ok("diff", task).out.startswith(f"bears trust: {CI} (CI configuration)\n\ndiff --git ")
    assert user.ok("diff", task, "--file", "a.py").out.startswith("diff --git ")


def test_what_the_spec_names_is_accepted_with_the_rest(user: User) -> None:
    task = ended(user, CHANGE, files="a.py .github/")
    decided = user.ok("accept", "--json", task).json
    assert (decided["state"], decided["left_out"]) == ("accepted", {})
    assert (user.root / CI).exists()


def test_a_spec_in_a_file_that_bears_trust_names_it(user: User) -> None:
    head = "# spec! Change\n# - [ ] it is changed, check: `true`\nall:\n"
    task = ended(user, "echo 'x = 2' > a.py; printf '\\ttrue\\n' >> Makefile", place="Makefile", head=head)
    assert user.ok("accept", "--json", task).json["state"] == "accepted"
    assert "\ttrue\n" in (user.root / "Makefile").read_text()


def test_rejecting_all_leaves_nothing_out(user: User) -> None:
    task = ended(user, CHANGE)
    assert user.ok("reject", "--json", task).json["state"] == "rejected"
    assert user.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("echo y > new.txt", ["new.txt"]),
        ("rm old.py", ["old.py"]),
        ("mv old.py a_new.py", ["a_new.py", "old.py"]),
        ("chmod +x old.py", ["old.py"]),
    ],
)
def test_a_run_that_changes_what_files_leaves_out_fails(user: User, command: str, paths: list[str]) -> None:
    task = ended(user, f"echo 'x = 2' > a.py; {command}", files="a.py")
    shown = user.show(task)
    assert (shown["outcome"], gates(user, task)["scope"]) == ("failed", "failed")
    assert sorted(finding["path"] for finding in shown["findings"] if finding["rule"] == "out-of-scope") == paths


def test_an_agent_that_puts_it_back_passes(user: User) -> None:
    task = ended(user, "echo 'x = 2' > a.py; echo y > new.txt", "rm new.txt", files="a.py")
    assert (user.show(task)["outcome"], "scope" in gates(user, task)) == ("passed", False)


def test_what_is_beside_the_default_scope_is_only_told(user: User) -> None:
    head = "# spec! Change\n# - [ ] it is changed, check: `true`\nx = 1\n"
    task = ended(user, "sed -i 's/x = 1/x = 2/' b.py; echo y > new.txt", place="b.py", head=head)
    shown = user.show(task)
    assert (shown["outcome"], "scope" in gates(user, task)) == ("passed", False)
    assert [(f["gate"], f["rule"], f["level"], f["path"]) for f in shown["findings"]] == [
        ("specwright", "out-of-scope", "note", "new.txt")
    ]
    assert user.ok("accept", "--json", task).json["state"] == "accepted"


def test_what_silences_a_check_is_told_first(user: User) -> None:
    head = "# spec! Change\n# - [ ] it is changed, check: `true`\nx = 1\n"
    task = ended(user, "sed -i 's/x = 1/x = 2  # noqa/' b.py; echo y > new.txt", place="b.py", head=head)
    first, second = user.show(task)["findings"]
    assert (first["rule"], first["path"], first["line"]) == ("weakened-check", "b.py", 3)
    assert second["rule"] == "out-of-scope"


@pytest.mark.parametrize("command", ["sh ci/check.sh", "./ci/check.sh", "bash -c 'cd . && ./ci/check.sh'"])
def test_the_program_of_a_gate_is_accepted_by_name_alone(user: User, command: str) -> None:
    """A gate runs what the result holds: a change of its program makes it pass."""
    failing = "#!/bin/sh\nfalse\n"
    change = script([bash("echo 'x = 2' > a.py; printf '#!/bin/sh\\ntrue\\n' > ci/check.sh")])
    settings = f'{SETTINGS}[gates.g]\ncommand = "{command}"\n'
    user.make({**FILES, "SPEC.md": HEAD, "ci/check.sh": failing, "specwright.toml": settings, "script.json": change})
    (user.root / "ci/check.sh").chmod(0o755)
    user.git("commit", "-qam", "Let it be run")
    user.ok("trust", "--yes")
    task = user.run("SPEC.md")
    assert gates(user, task)["g"] == "passed"
    assert user.ok("diff", task).out.startswith("bears trust: ci/check.sh (program of a gate)")
    assert "ci/check.sh (program of a gate)" in user.type("accept", task).out
    assert (user.root / "a.py").read_text() == "x = 2\n"
    assert (user.root / "ci/check.sh").read_text() == failing
