"""What a script means: rounds and runs, titles, turns, and where its path leads."""

import json
from typing import Any

import pytest

from user import SETTINGS, User, bash, script, write

SPEC = "## spec! Make files\n- [ ] they are made, check: `test -f done.txt`\n"
ROUNDS = [[write(f"{number}.txt", "x\n")] for number in range(1, 5)]


def make(user: User, text: str, *, repairs: int = 0, settings: str = SETTINGS) -> User:
    limits = f"[limits]\nrepairs = {repairs}\n"
    return user.make({"SPEC.md": SPEC, "specwright.toml": settings + limits, "script.json": text})


def made(user: User, task: str) -> list[str]:
    """The files that the task's change holds."""
    return [file["path"] for file in user.show(task)["files"]]


def test_each_repair_round_and_each_later_run_takes_the_next_list(user: User) -> None:
    task = make(user, script(*ROUNDS), repairs=1).run("SPEC.md")
    assert made(user, task) == ["1.txt", "2.txt"]
    user.ok("revise", task, "-m", "More.")
    user.type("wait", task)
    assert made(user, task) == ["1.txt", "2.txt", "3.txt", "4.txt"]
    assert [run["outcome"] for run in user.show(task)["runs"]] == ["failed", "failed"]


def test_a_round_without_a_list_is_finished(user: User) -> None:
    task = make(user, script(*ROUNDS[:1]), repairs=2).run("SPEC.md")
    view = user.show(task)
    assert (view["outcome"], made(user, task)) == ("failed", ["1.txt"])
    assert view["runs"][0]["reason"] is None


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (script([write("star.txt", "x")], title="*"), ["star.txt"]),
        (script([write("own.txt", "x")], title="Make files")[:-1] + ', "*": [[]]}', ["own.txt"]),
        (script([write("other.txt", "x")], title="Another"), []),
    ],
    ids=["star", "title", "neither"],
)
def test_the_title_comes_before_the_star(user: User, text: str, files: list[str]) -> None:
    assert made(user, make(user, text).run("SPEC.md")) == files


def test_turns_say_sleep_and_use_the_tools(user: User) -> None:
    finish = {"tool": "finish", "input": {"summary": "Made."}}
    turns: list[dict[str, Any]] = [
        {"say": "I begin."},
        {"sleep": 0.1},
        bash("echo one > a.txt"),
        {"tool": "edit", "input": {"path": "a.txt", "old": "one", "new": "two"}},
        {"tool": "read", "input": {"path": "a.txt"}},
        {"tool": "grep", "input": {"pattern": "two"}},
        {"tool": "glob", "input": {"pattern": "*.txt"}},
        {"tool": "read", "input": {"path": "../../outside"}},
        bash("touch done.txt"),
        finish,
        write("behind.txt", "never"),
    ]
    task = make(user, script(turns)).run("SPEC.md")
    events = [json.loads(line) for line in user.ok("log", "--json", task).out.splitlines()]
    results = [(event["name"], event["ok"]) for event in events if event["event"] == "tool_result"]
    assert made(user, task) == ["a.txt", "done.txt"]
    names = ["bash", "edit", "read", "grep", "glob", "read", "bash", "finish"]
    assert results == [(name, number != 5) for number, name in enumerate(names)]
    assert "I begin." in [event.get("text") for event in events]


def test_a_path_counts_from_the_root_and_the_script_is_taken_at_queueing(user: User) -> None:
    settings = SETTINGS.replace("script.json", "tools/play.json")
    make(user, "not this one", settings=settings)
    user.put({"tools/play.json": script([{"sleep": 2}, write("done.txt", "x")]), "src/SPEC.md": SPEC})
    [task] = [entry["task"] for entry in user.ok("queue", "--json", "SPEC.md", cwd=user.root / "src").json["queued"]]
    user.put({"tools/play.json": "{}"})
    assert user.ok("wait", task).code == 0
    assert made(user, task) == ["done.txt"]
