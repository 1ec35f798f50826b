"""A run that goes on where no sandbox works any more waits for one; it does not fail, and spends nothing."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from user import SETTINGS, User, write

SPEC = "# spec! Two\n# - [ ] it is done, check: `test -f two.txt`\n"
SCRIPT = {"*": [[write("one.txt", "1\n"), {"sleep": 3}, write("two.txt", "2\n")]]}


def until(user: User, task: str, sign: str) -> None:
    events = user.state / "runs" / task / "1" / "events.jsonl"
    for _ in range(1500):
        if events.exists() and sign in events.read_text():
            return
        time.sleep(0.02)
    raise AssertionError(sign)


@pytest.mark.parametrize(("mode", "reason"), [("full", "sandbox"), ("auto", "trust")])
def test_a_run_of_a_killed_daemon_waits_until_a_sandbox_works_again(
    user: User, tmp_path: Path, mode: str, reason: str
) -> None:
    user.root.rmdir()
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS, "script.json": json.dumps(SCRIPT)})
    [task] = user.queue("a.py")
    until(user, task, '"checkpoint"')
    os.kill(user.pid(), signal.SIGKILL)
    (broken := tmp_path / "bin").mkdir()
    (broken / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (broken / "bwrap").chmod(0o755)
    path = user.environment["PATH"]
    user.environment["PATH"] = f"{broken}:{path}"
    (user.home / "specwright").mkdir(exist_ok=True)
    (config := user.home / "specwright" / "config.toml").write_text(f'[sandbox]\nmode = "{mode}"\n')
    user.type("wait", task, "--timeout", "6")
    held = user.show(task)
    assert (held["state"], held["reasons"]) == ("waiting", [reason])
    config.unlink()
    user.environment["PATH"] = path
    user.ok("daemon", "stop")
    assert user.ok("wait", task, "--timeout", "50").out == f"{task}  review  passed  Two\n"
