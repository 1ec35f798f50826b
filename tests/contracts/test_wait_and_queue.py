"""`wait`'s exit codes and limit, what queueing twice means, and that a home of its own holds all state."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from user import EDIT, SETTINGS, SPEC, User, bash, script, user_in

ASK = {"tool": "finish", "input": {"summary": "?", "blocked": "Which?"}}


def make(user: User, *rounds: list[dict[str, Any]], settings: str = SETTINGS) -> User:
    return user.make({"a.py": SPEC, "specwright.toml": settings, "script.json": script(*rounds)})


@pytest.mark.parametrize(
    ("turns", "code", "state", "outcome"),
    [
        ([EDIT], 0, "review", "passed"),
        ([bash("echo x > a.py")], 1, "review", "failed"),
        ([ASK], 1, "review", "blocked"),
        ([], 1, "failed", "empty"),
    ],
)
def test_wait_ends_in_review_or_at_an_end(
    user: User, turns: list[dict[str, Any]], code: int, state: str, outcome: str
) -> None:
    make(user, turns, settings=SETTINGS + "[limits]\nrepairs = 0\n")
    [task] = user.queue("a.py")
    done = user.type("wait", task)
    assert (done.code, done.out) == (code, f"{task}  {state}  {outcome}  Say two\n")
    assert user.type("show", task).code == user.type("list").code == 0
    assert user.show(task)["question"] == ("Which?" if outcome == "blocked" else None)


def test_wait_ends_at_its_limit_and_all_must_have_passed(user: User) -> None:
    files = {"a.py": SPEC, "b.md": "## spec! Slow\n- [ ] x\n", "specwright.toml": SETTINGS}
    user.make({**files, "script.json": f'{{"Slow": [[{{"sleep": 600}}]], {script([EDIT])[1:]}'})
    good, slow = user.queue("a.py", "b.md")
    began = time.monotonic()
    done = user.type("wait", good, slow, "--timeout", "2", "--json")
    assert time.monotonic() - began >= 2
    assert done.code == 1
    assert [task["state"] for task in done.json["tasks"]] == ["review", "running"]
    user.ok("cancel", slow)
    assert user.type("wait", good, slow).code == 1
    assert user.type("wait", good).code == 0
    assert user.type("wait", good, "nosuch").code == 2


def queued(user: User, *words: str) -> Sequence[str]:
    return user.queue(*(words or ("a.py",)))


def test_the_same_revision_is_the_same_task_while_it_is_open(project: User) -> None:
    tasks = {*queued(project), *queued(project), *queued(project, "a.py:1", "a.py:2")}
    assert len(tasks) == 1
    project.type("wait", *tasks)
    assert set(queued(project)) == tasks


def test_after_its_end_it_is_a_new_task_on_the_current_base(project: User) -> None:
    first = project.run("a.py")
    project.git("commit", "-q", "--allow-empty", "-m", "Next")
    project.ok("reject", first)
    [second] = queued(project)
    assert second != first
    assert project.show(second)["base"] == project.git("rev-parse", "HEAD").strip()
    assert project.show(first)["base"] == project.git("rev-parse", "HEAD^").strip()


def test_only_errors_refuse(user: User) -> None:
    warned = "# spec! Warned\n# - [ ] x\n# colour: blue\n"
    user.make({"a.py": warned, "b.py": "# spec! Bad\n", "specwright.toml": SETTINGS, "script.json": "{}"})
    severities = {problem["severity"] for problem in user.type("lint", "--json", "a.py").json["problems"]}
    assert "error" not in severities
    done = user.type("queue", "--json", "a.py", "b.py")
    assert [len(done.json["queued"]), len(done.json["refused"]), done.code] == [1, 1, 1]


def test_a_bad_place_refuses_the_request_before_anything_is_queued(project: User) -> None:
    assert project.type("queue", "a.py", "nowhere.py").code == 2
    assert project.ok("list", "--json").json == {"tasks": []}


def test_a_link_to_a_pipe_is_not_waited_for(user: User) -> None:
    user.make({"a.py": SPEC.replace("Say two", "Say two (#abc234)"), "specwright.toml": SETTINGS, "script.json": "{}"})
    os.mkfifo(user.home / "pipe")
    (user.root / "pipe").symlink_to(user.home / "pipe")
    user.git("add", "pipe")
    assert len(user.queue("a.py")) == 1


def test_a_home_holds_all_state(project: User, tmp_path: Path) -> None:
    task = project.run("a.py")
    with user_in(tmp_path / "other") as other:
        other.root.mkdir()
        assert other.type("list", "--json", cwd=project.root).json == {"tasks": []}
        assert other.type("show", task, cwd=project.root).code == 2
        assert other.pid() != project.pid()
    ours = {path.name for path in project.home.iterdir()}
    assert ours == {".gitconfig", "specwright"}
    assert {path.name for path in (project.home / "specwright").iterdir()} == {"state", "cache"}


@pytest.mark.parametrize("second", [SPEC, SPEC.replace("it says", "the file says")])
def test_two_specs_of_one_title_are_two_tasks(user: User, second: str) -> None:
    user.make({"a.py": f"{SPEC}\n{second}", "specwright.toml": SETTINGS, "script.json": script([])})
    tasks = user.queue("a.py")
    user.type("wait", *tasks)
    assert len(set(tasks)) == 2
    assert {user.show(task)["outcome"] for task in tasks} == {"empty"}
