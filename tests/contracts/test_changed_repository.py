"""What the user does to the repository while tasks wait: each time a sentence, and the rest goes on."""

import shutil
import time
from pathlib import Path

import pytest

from user import EDIT, SETTINGS, SPEC, User, script

HELD = {"specwright.toml": f'{SETTINGS}[gates.x]\ncommand = "true"\n'}
"""Nobody has agreed to this gate: what is queued waits."""


@pytest.fixture
def waiting(project: User) -> str:
    """A task that waits for consent."""
    project.put(HELD)
    project.git("commit", "-qam", "Add a gate")
    [task] = project.queue("a.py")
    assert project.show(task)["state"] == "waiting"
    return task


def goes_on(user: User, task: str) -> None:
    user.ok("trust", "--yes")
    user.ok("wait", task)
    assert user.show(task)["outcome"] == "passed"


def clean_up(user: User) -> None:
    """As git does by itself after some weeks."""
    user.git("reflog", "expire", "--expire=now", "--all")
    user.git("gc", "-q", "--prune=now")


def test_a_repository_that_was_deleted_ends_its_task_and_no_other(project: User, waiting: str) -> None:
    project.ok("trust", "--yes")
    project.ok("wait", waiting)
    project.put({"late.md": "## spec! Late\n- [ ] x, check: `true`\n", "script.json": script([{"sleep": 600}])})
    project.git("add", "-A")
    project.git("commit", "-qm", "Add a spec")
    [late] = project.queue("late.md")
    project.ok("daemon", "stop")
    shutil.rmtree(project.root)
    project.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": script([EDIT])}, "elsewhere")
    [good] = project.queue("a.py")
    project.ok("wait", good)
    assert project.show(good)["outcome"] == "passed"
    view = project.show(late)
    assert view["state"] == "failed"
    assert "is gone" in view["detail"]


@pytest.mark.parametrize("deleted", [False, True])
def test_a_commit_that_no_branch_has_any_more_stays_the_base(project: User, waiting: str, deleted: bool) -> None:
    if deleted:
        project.git("checkout", "-q", "-b", "other")
        project.git("branch", "-qD", "main")
    project.git("commit", "-q", "--amend", "-m", "Add a gate, amended")
    goes_on(project, waiting)


def test_a_base_that_git_has_cleaned_up_is_named(project: User, waiting: str) -> None:
    base = project.git("rev-parse", "HEAD").strip()
    project.git("commit", "-q", "--amend", "-m", "Add a gate, amended")
    clean_up(project)
    project.ok("trust", "--yes")
    project.type("wait", waiting)
    view = project.show(waiting)
    assert view["state"] == "failed"
    for part in (f"The commit {base[:12]} that this task starts from is gone", "Queue the spec again"):
        assert part in view["detail"]
    [again] = project.queue("a.py")
    goes_on(project, again)


def test_the_base_of_a_run_that_has_begun_is_kept_whatever_becomes_of_its_branch(project: User) -> None:
    project.put({"script.json": script([{"sleep": 4}, EDIT])})
    project.git("commit", "-qam", "Take time")
    [task] = project.queue("a.py")
    private = project.root / ".git" / "specwright" / "repo.git"
    end = time.monotonic() + 30
    while not list((private / "refs" / "specwright" / "tasks" / task).glob("base")):
        assert time.monotonic() < end
        time.sleep(0.05)
    project.git("commit", "-q", "--amend", "-m", "Take time, amended")
    clean_up(project)
    project.ok("wait", task)
    assert project.show(task)["outcome"] == "passed"
    project.ok("accept", task)
    assert "'two'" in (project.root / "a.py").read_text()


def test_a_repository_that_was_moved_away_and_put_back_goes_on(project: User, waiting: str) -> None:
    project.root.rename(away := Path(f"{project.root}-away"))
    project.type("daemon", "stop", cwd=project.home)
    project.ok("daemon", "start", cwd=project.home)
    away.rename(project.root)
    goes_on(project, waiting)
