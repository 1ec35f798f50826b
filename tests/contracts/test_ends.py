"""Runs that do not come to their end by themselves: what their agents made is kept, and their slots are free again."""

import json
import time
from pathlib import Path

import pytest

from user import SETTINGS, User, bash, write

SPEC = "## spec! {}\n- [ ] it is done, check: `true`\n"
GOOD = write("good.txt", "good\n")
NESTED = bash("git init -q sub && touch sub/x")
SCRIPT = {
    "Cancelled": [[GOOD, {"sleep": 600}]],
    "Half": [[bash("echo half > half.txt; sleep 100")]],
    "Errored": [[GOOD, NESTED]],
}
DEADLINE = 50.0


def busy(user: User) -> list[str]:
    """The runs that have a slot."""
    records = (user.home / "specwright" / "cache").rglob("sw-*.json")
    return [found["run"] for found in map(json.loads, (path.read_text() for path in records)) if found["run"]]


def until_there(folder: Path, pattern: str, holds: str) -> None:
    end = time.monotonic() + DEADLINE
    while not any(holds in path.read_text() for path in folder.rglob(pattern) if path.is_file()):
        assert time.monotonic() < end, f"no {pattern} holds {holds}"
        time.sleep(0.05)


@pytest.fixture
def user(user: User) -> User:
    specs = {f"{title}.md": SPEC.format(title) for title in SCRIPT}
    return user.make({**specs, "specwright.toml": SETTINGS, "script.json": json.dumps(SCRIPT)})


def cancelled(user: User) -> str:
    [task] = user.queue("Cancelled.md")
    until_there(user.state / "runs" / task, "events.jsonl", '"checkpoint"')
    user.ok("cancel", task)
    return task


def errored(user: User) -> str:
    return user.run("Errored.md")


def check_kept(user: User, task: str, path: str) -> None:
    assert user.show(task)["head"]
    assert f"+++ b/{path}" in user.ok("diff", task).out


def test_no_end_of_a_run_keeps_its_slot(user: User) -> None:
    for end, state in ((cancelled, "cancelled"), (errored, "failed")):
        for task in [end(user) for _ in range(3)]:
            check_kept(user, task, "good.txt")
            assert user.show(task)["state"] == state
    assert busy(user) == []
    assert len(list((user.home / "specwright" / "cache").rglob("sw-*.json"))) == 1


def test_a_turn_that_was_cancelled_in_its_midst_is_kept(user: User) -> None:
    [task] = user.queue("Half.md")
    until_there(user.home / "specwright" / "cache", "half.txt", "half")
    user.ok("cancel", task)
    check_kept(user, task, "half.txt")


def test_a_slot_whose_run_is_over_is_freed_at_the_next_start(user: User) -> None:
    task = errored(user)
    user.ok("daemon", "stop")
    [record] = (user.home / "specwright" / "cache").rglob("sw-*.json")
    left = json.loads(record.read_text())
    record.write_text(json.dumps({**left, "state": "busy", "run": f"{task}/1"}))
    assert busy(user)
    user.ok("list")
    until_there(record.parent, record.name, '"free"')
