"""A task that comes `after:` another keeps the commit that its run began at, whatever becomes of HEAD meanwhile."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from user import SETTINGS, User, user_in, write

FIRST = "# spec! First\n# - [ ] it is done, check: `true`\n"
SECOND = "# spec! Second\n# - after: First\n# - [ ] it is done, check: `true`\n"
SCRIPT = {
    "First": [[write("first.txt", "1\n")]],
    "Second": [[write("second.txt", "2\n"), {"sleep": 4}]],
}


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with user_in(tmp_path) as made:
        files = {"a.py": FIRST, "b.py": SECOND, "specwright.toml": SETTINGS, "script.json": json.dumps(SCRIPT)}
        yield made.make(files)


def until(user: User, task: str, sign: str) -> None:
    events = user.state / "runs" / task / "1" / "events.jsonl"
    for _ in range(1500):
        if events.exists() and sign in events.read_text():
            return
        time.sleep(0.02)
    raise AssertionError(sign)


def test_what_is_committed_while_a_run_was_killed_is_not_taken_back(user: User) -> None:
    first, second = user.queue("a.py", "b.py")
    user.type("wait", first, "--timeout", "50")
    user.ok("accept", first)
    until(user, second, '"checkpoint"')
    os.kill(user.pid(), signal.SIGKILL)
    user.put({"mine.txt": "the user's own\n"})
    user.git("add", "mine.txt")
    user.git("commit", "-qm", "Mine")
    user.type("wait", second, "--timeout", "50")
    changed = {file["path"] for file in user.show(second)["files"]}
    assert changed == {"second.txt"}
