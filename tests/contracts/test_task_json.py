"""The shapes of `queue`, `list` and `show` with `--json`: exact keys, types, times, ids and positions."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from user import EDIT, SETTINGS, SPEC, User, script, user_in, write

LINE_KEYS = {"task", "title", "path", "line", "state", "outcome", "reasons", "question", "base", "head"}
VIEW_KEYS = LINE_KEYS | {"runs", "criteria", "files", "detail", "sandbox", "findings", "spec"}
RUN_KEYS = {"run", "agent", "outcome", "reason", "tokens", "cost_usd", "started", "ended", "gates"}
TOKEN_KEYS = {"input", "cache_read", "cache_write", "output"}
GATE_KEYS = {"name", "result", "reason", "duration_s", "findings", "log"}
HUNK_KEYS = {"id", "state", "old_start", "old_lines", "new_start", "new_lines"}
OID = re.compile(r"[0-9a-f]{40}")
TASK = re.compile(r"[a-hjkmnp-tv-z][a-hjkmnp-tv-z0-9]{5}")
LONG = "".join(f"line {number}\n" for number in range(1, 41))
GATE = '[gates.lines]\ncommand = ["sh", "-c", "grep -q two a.py"]\n[gates.docs]\ncommand = "true"\npaths = ["*.md"]\n'
CHANGE = (
    r"sed -i -e '1d' -e '20s/.*/changed\nand more/' -e '40a\last' long.txt; printf 'new' > src/new.txt; rm src/gone.txt"
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the commands print about one task that passed, one that was refused, and the first one's run."""
    with user_in(tmp_path_factory.mktemp("shapes")) as user:
        user.make(
            {
                "a.py": f"{SPEC}\n\n# spec! Refused\n# - must: TBD\n",
                "long.txt": LONG,
                "src/gone.txt": "gone\n",
                "specwright.toml": SETTINGS + GATE,
                "script.json": script([EDIT, {"tool": "bash", "input": {"command": CHANGE}}]),
            }
        )
        user.ok("trust", "--yes")
        queued = user.type("queue", "--json", "a.py")
        [task] = [entry["task"] for entry in queued.json["queued"]]
        waited = user.ok("wait", task, "--timeout", "50", "--json").json
        listed = user.ok("list", "--json", cwd=user.root / "src").json
        elsewhere = user.ok("show", "--json", task, cwd=user.home).json
        yield {"user": user, "queued": queued, "list": listed, "show": elsewhere, "wait": waited}


def test_queue_names_what_was_queued_and_refused(seen: dict[str, Any]) -> None:
    found = seen["queued"]
    assert found.code == 1
    [queued], [refused] = found.json["queued"], found.json["refused"]
    assert set(found.json) == {"queued", "refused", "without"}
    assert TASK.fullmatch(queued.pop("task"))
    assert queued == {"title": "Say two", "path": "a.py", "line": 1, "new": True}
    assert {key: refused[key] for key in ("path", "line")} == {"path": "a.py", "line": 6}
    errors = {problem["code"] for problem in refused["problems"] if problem["severity"] == "error"}
    assert errors == {"SPEC101", "SPEC108"}


def test_no_file_is_changed_by_it(seen: dict[str, Any]) -> None:
    assert seen["user"].git("status", "--porcelain", "--ignored") == ""


def test_list_has_the_task_without_its_parts(seen: dict[str, Any]) -> None:
    [task] = seen["list"]["tasks"]
    assert set(seen["list"]) == {"tasks"}
    assert set(task) == LINE_KEYS
    assert task == {key: seen["show"][key] for key in LINE_KEYS}


def test_show_has_the_whole_task_wherever_it_is_asked(seen: dict[str, Any]) -> None:
    task = seen["show"]
    assert set(task) == VIEW_KEYS
    assert (task["title"], task["path"], task["line"]) == ("Say two", "a.py", 1)
    assert (task["state"], task["outcome"], task["reasons"], task["question"]) == ("review", "passed", [], None)


def test_wait_tells_state_and_outcome(seen: dict[str, Any]) -> None:
    assert seen["wait"] == {"tasks": [{key: seen["show"][key] for key in ("task", "state", "outcome")}]}


def test_base_and_head_are_full_ids(seen: dict[str, Any]) -> None:
    assert seen["show"]["base"] == seen["user"].git("rev-parse", "HEAD").strip()
    assert OID.fullmatch(seen["show"]["head"])


def test_a_run_has_its_figures(seen: dict[str, Any]) -> None:
    [run] = seen["show"]["runs"]
    assert set(run) == RUN_KEYS
    assert run["run"] == f"{seen['show']['task']}/1"
    assert (run["agent"], run["outcome"], run["reason"], run["cost_usd"]) == ("scripted", "passed", None, 0.0)
    assert run["tokens"] == dict.fromkeys(TOKEN_KEYS, 0)


def test_times_are_in_utc(seen: dict[str, Any]) -> None:
    [run] = seen["show"]["runs"]
    started, ended = (datetime.fromisoformat(run[key]) for key in ("started", "ended"))
    assert all(time.utcoffset() is not None and time.tzinfo == UTC for time in (started, ended))
    assert started < ended <= datetime.now(UTC)


def test_gates_tell_results_and_new_findings(seen: dict[str, Any]) -> None:
    gates = seen["show"]["runs"][0]["gates"]
    assert all(set(gate) == GATE_KEYS and isinstance(gate["duration_s"], float) for gate in gates)
    told = [(gate["name"], gate["result"], gate["findings"]) for gate in gates]
    assert told == [("lines", "passed", 0), ("docs", "skipped", 0), ("criterion:AC1", "passed", 0)]
    assert [bool(gate["reason"]) for gate in gates] == [False, True, False]


def test_a_criterion_has_its_evidence(seen: dict[str, Any]) -> None:
    assert seen["show"]["criteria"] == [{"text": "it says two", "evidence": "check", "result": "passed"}]


def hunks(task: Any) -> dict[str, list[tuple[int, int, int, int]]]:
    keys = ("old_start", "old_lines", "new_start", "new_lines")
    return {file["path"]: [tuple(hunk[key] for key in keys) for hunk in file["hunks"]] for file in task["files"]}


def positions(diff: str) -> list[tuple[int, int, int, int]]:
    """The positions of a diff without context."""
    found = re.findall(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", diff, re.M)
    return [(int(a), int(b or 1), int(c), int(d or 1)) for a, b, c, d in found]


def test_hunks_stand_where_a_unified_diff_has_them(seen: dict[str, Any]) -> None:
    user, task = seen["user"], seen["show"]
    repository = user.root / ".git" / "specwright" / "repo.git"
    for path, found in hunks(task).items():
        words = ("diff", "-U0", task["base"], task["head"], "--", path)
        assert found == positions(user.git(f"--git-dir={repository}", *words)), path
    assert sorted(hunks(task)) == ["a.py", "long.txt", "src/gone.txt", "src/new.txt"]
    assert len(hunks(task)["long.txt"]) == 3


def test_files_count_lines_and_hunks_have_ids_of_their_own(seen: dict[str, Any]) -> None:
    files = sorted(seen["show"]["files"], key=lambda file: file["path"])
    assert [(file["added"], file["removed"]) for file in files] == [(1, 1), (3, 2), (0, 1), (1, 0)]
    every = [hunk for file in files for hunk in file["hunks"]]
    assert all(set(hunk) == HUNK_KEYS and hunk["state"] == "pending" for hunk in every)
    assert len({hunk["id"] for hunk in every}) == len(every) == 6


def test_what_is_not_known_yet_is_null(user: User) -> None:
    user.make({"SPEC.md": "## spec! A\n- [ ] x\n- [ ] y, check: manual\n", "specwright.toml": SETTINGS + GATE})
    user.put({"script.json": script([write("b.txt", "b\n")])})
    [task] = user.queue("SPEC.md")
    view = user.show(task)
    assert {key: view[key] for key in ("outcome", "question", "head")} == dict.fromkeys(("outcome", "question", "head"))
    assert (view["state"], view["reasons"], view["runs"], view["files"]) == ("waiting", ["trust"], [], [])
    assert [(entry["evidence"], entry["result"]) for entry in view["criteria"]] == [(None, None), ("manual", None)]


def test_newest_first_and_a_run_that_goes_on(user: User) -> None:
    user.make({"a.md": "## spec! A\n- [ ] x\n\n## spec! B\n- [ ] x\n", "specwright.toml": SETTINGS})
    user.put({"script.json": script([{"sleep": 600}])})
    tasks = [*user.queue("a.md:1"), *user.queue("a.md:5")]
    assert [line["task"] for line in user.ok("list", "--json").json["tasks"]] == tasks[::-1]
    user.type("wait", tasks[0], "--timeout", "1")
    [run] = user.show(tasks[0])["runs"]
    assert (run["ended"], run["outcome"], run["reason"]) == (None, None, None)
    assert len(user.ok("list", "--json", "--limit", "1").json["tasks"]) == 1
    for task in tasks:
        assert user.ok("cancel", "--json", task).json["state"] == "cancelled"
