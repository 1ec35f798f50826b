"""What is asked before it runs: nothing of a trusted branch, each check in a partial sandbox, a base that we made."""

import json
from typing import Any

import pytest

from specwright.sandbox import landlock
from user import SETTINGS, User, script, write

GATE = SETTINGS + '[gates.g]\ncommand = "sh check.sh"\n'
FILES = {
    "a.py": "# spec! A (#b2c3d4)\n# - [ ] it is there, check: `test -f one.txt`\n",
    "b.py": "# spec! B\n# - [ ] it is there, check: `test -f one.txt`\n",
    "c.py": "# spec! C\n# - [ ] it is there, check: `test -s one.txt`\n",
    "d.py": "# spec! D\n# - [ ] it is there, check: `test -f one.txt`\n# - after: #b2c3d4\n",
    "check.sh": "true\n",
    "script.json": script([write("one.txt", "1\n")]),
}


def project_of(user: User, config: str, settings: str = GATE) -> User:
    (user.home / "specwright").mkdir(exist_ok=True)
    (user.home / "specwright" / "config.toml").write_text(config)
    return user.make({**FILES, "specwright.toml": settings})


def ended(user: User, place: str) -> tuple[str, str]:
    """The state of a task that was queued, once it is over or waits; and what it waits for or came to."""
    [task] = user.queue(place)
    user.type("wait", task, "--timeout", "2")
    found = user.show(task)
    return found["state"], ",".join(found["reasons"]) or found["outcome"]


def test_commands_of_a_trusted_branch_run_unasked_and_what_is_changed_does_not(user: User) -> None:
    project = project_of(user, 'trusted = ["origin/main", "main"]\n')
    project.ok("trust", "--yes")  # to folders that the tools of this machine need
    project.put({"check.sh": "true # newer\n"})
    project.git("commit", "-qam", "Change what runs, where it is looked at")
    project.git("checkout", "-qb", "feature")
    shown = project.ok("trust")
    assert "unchanged from main, which your own settings trust" in shown.out
    assert project.ok("trust", "--json").json["branch"] == "main"
    assert ended(project, "a.py") == ("review", "passed")

    project.put({"check.sh": "echo other\n"})
    project.git("commit", "-qam", "Change what runs")
    assert ended(project, "b.py") == ("waiting", "trust")
    asked = project.type("trust", "--json")
    assert (asked.code, asked.json["branch"], asked.json["agreed"]) == (1, None, False)


def test_a_project_that_names_its_own_branch_is_asked_about_and_told(user: User) -> None:
    project = project_of(user, "", 'trusted = ["main"]\n' + GATE)
    assert "'trusted' counts only in your own config.toml" in project.ok("queue", "a.py").err
    assert ended(project, "b.py") == ("waiting", "trust")


def test_a_base_that_specwright_made_is_no_branchs(user: User) -> None:
    project = project_of(user, 'trusted = ["main"]\n')
    project.ok("trust", "--yes")
    project.put({"check.sh": "true # newer\n"})
    project.git("commit", "-qam", "Change what runs, where it is looked at")
    [first], [second] = project.queue("a.py"), project.queue("d.py")
    project.ok("wait", first, "--timeout", "20")
    assert project.show(second)["reasons"] == ["after"]
    project.ok("accept", first)
    project.type("wait", second, "--timeout", "2")
    assert project.show(second)["reasons"] == ["trust"]
    asked = project.type("trust", "--json")  # though HEAD is as it was: the base is not
    assert (asked.code, asked.json["branch"], asked.json["agreed"]) == (1, None, False)
    project.ok("trust", "--yes")
    project.type("wait", second, "--timeout", "20")
    assert project.show(second)["outcome"] == "empty"  # it ran, and what it writes was accepted before


@pytest.mark.skipif(bool(landlock.missing()), reason="no partial sandbox works here")
def test_each_check_is_asked_about_once_in_a_partial_sandbox(user: User) -> None:
    project = project_of(user, '[sandbox]\nmode = "partial"\n', SETTINGS)
    project.ok("trust", "--yes")
    assert ended(project, "a.py") == ("waiting", "trust")
    assert "  check: test -f one.txt\n" in project.type("trust").out
    project.ok("trust", "--yes")
    assert ended(project, "a.py") == ("review", "passed")
    assert ended(project, "b.py") == ("review", "passed")
    assert ended(project, "c.py") == ("waiting", "trust")
    shown: Any = json.loads(project.type("trust", "--json").out)
    assert (shown["checks"], shown["agreed"]) == (["test -s one.txt"], False)


def test_the_same_check_is_not_asked_about_in_a_full_sandbox(user: User) -> None:
    project = project_of(user, '[sandbox]\nmode = "full"\n', SETTINGS)
    assert ended(project, "a.py") == ("review", "passed")


def test_what_another_branch_holds_is_asked_about_wherever_the_checkout_stands(user: User) -> None:
    project = project_of(user, "")
    project.ok("trust", "--yes")
    project.git("checkout", "-qb", "other")
    project.put({"check.sh": "echo of the other branch\n"})
    project.git("commit", "-qam", "Change what runs")
    [task] = project.queue("a.py")
    assert project.show(task)["reasons"] == ["trust"]
    project.git("checkout", "-q", "main")
    assert ended(project, "b.py") == ("review", "passed")  # the queue was looked at again
    assert project.show(task)["reasons"] == ["trust"]
    other = project.git("rev-parse", "other")[:12]
    assert f", from commit {other}: check.sh with other content\n" in project.type("trust").out
    project.ok("trust", "--yes")
    project.type("wait", task, "--timeout", "20")
    assert project.show(task)["outcome"] == "passed"
