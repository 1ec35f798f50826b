"""A secret that an agent writes fails the result, and stands in no file of ours; what is none fails nothing."""

import codecs
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from leaks import keys
from user import EDIT, SETTINGS, SPEC, User, bash, script, write

DICE = random.Random(0)  # noqa: S311 - the same keys each time
KEY = keys.text(("gh", "p_", (keys.ALNUM, 36)), DICE)
PEM = keys.private_key(DICE)
VALUE = keys.word(DICE, keys.ALNUM, 24)


def made(user: User, *turns: dict[str, Any]) -> str:
    """The id of a task whose agent did this, in a project with a copied ignored file."""
    files = {"a.py": SPEC, "specwright.toml": SETTINGS, ".gitignore": ".env\nscript.json\n", ".worktreeinclude": ".env"}
    user.make(files)
    user.put({".env": f"DATABASE_KEY={VALUE}\n", "script.json": script([*turns, EDIT])})
    user.ok("trust", "--yes")
    return user.run("a.py:1")


def told(text: str, path: str) -> dict[str, Any]:
    """A turn that writes a text which the script, a file of the user's, does not hold: the store keeps a copy of it."""
    turned = codecs.encode(text, "rot13")
    return bash(f"tr A-Za-z N-ZA-Mn-za-m <<'END' | tee {path}\n{turned}END\n")


def files_with(folder: Path, *secrets: str) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return [path for path in found if any(secret.encode() in path.read_bytes() for secret in secrets)]


def test_a_secret_in_a_result_fails_it_and_is_told_nowhere(user: User) -> None:
    task = made(
        user,
        told(f"key = '{KEY}'\nother = '{VALUE}'\n", "config.py"),
        told(PEM, "key.pem"),
        bash("cat .env config.py"),
    )
    shown = user.show(task)
    [gate] = [gate for gate in shown["runs"][-1]["gates"] if gate["name"] == "secrets"]
    assert (shown["outcome"], gate["result"]) == ("failed", "failed")
    places = {(finding["path"], finding["line"]) for finding in shown["findings"] if finding["gate"] == "secrets"}
    assert places == {("config.py", 1), ("config.py", 2), ("key.pem", 1)}
    secrets = KEY, VALUE, *PEM.splitlines()[1:3]
    for words in (["show", task], ["show", "--json", task], ["log", task], ["log", "--json", task], ["diff", task]):
        printed = user.type(*words).out
        assert printed
        assert not any(secret in printed for secret in secrets), words
    diff = user.ok("diff", task)
    assert "+key = '[secret: GitHub token]'\n+other = '[secret: known value]'\n" in diff.out
    assert "A secret is masked here" in diff.err
    user.type("daemon", "stop")
    assert files_with(user.state, *secrets) == []


def test_hashes_of_a_lock_file_fail_nothing_and_stay_in_the_diff(user: User) -> None:
    digest = keys.word(DICE, keys.HEX, 64)
    lock = f'name = "thing"\nhash = "sha256:{digest}"\ntoken-hash = "{digest}"\n'
    task = made(user, write("thing.lock", lock))
    shown = user.show(task)
    assert shown["outcome"] == "passed"
    assert "secrets" not in [gate["name"] for gate in shown["runs"][-1]["gates"]]
    diff = user.ok("diff", task)
    assert f'+hash = "sha256:{digest}"\n' in diff.out
    assert diff.err == ""


def test_a_claim_is_kept_without_its_secret(user: User) -> None:
    made(user, {"tool": "finish", "input": {"summary": f"The keys are {KEY} and {VALUE}."}})
    with closing(sqlite3.connect(user.state / "specwright.db")) as store:
        [(claim,)] = store.execute("SELECT claim FROM run").fetchall()
    assert claim == "The keys are [secret: GitHub token] and [secret: known value]."


@pytest.mark.parametrize("beside", ["\\0", "\\377\\0\\1"])
def test_a_key_in_a_file_that_is_no_text_fails_the_result(user: User, beside: str) -> None:
    task = made(user, told(f"{KEY}\n", "notes.bin"), bash(f"printf '{beside}' >> notes.bin"))
    assert user.show(task)["outcome"] == "failed"


def test_a_key_behind_megabytes_fails_the_result(user: User) -> None:
    padding = "yes 'a line of a long file' | head -c 5500000 > long.txt; cat key.txt >> long.txt; rm key.txt"
    task = made(user, told(f"{KEY}\n", "key.txt"), bash(padding))
    assert user.show(task)["outcome"] == "failed"


def test_a_value_that_the_user_changes_meanwhile_is_none_of_the_results(user: User) -> None:
    files = {"a.py": SPEC, "specwright.toml": SETTINGS, ".gitignore": ".env\nscript.json\n", ".worktreeinclude": ".env"}
    user.make(files)
    user.put({".env": f"DATABASE_KEY={VALUE}\n", "script.json": script([bash("cp .env taken; sleep 3"), EDIT])})
    user.ok("trust", "--yes")
    [task] = user.queue("a.py:1")
    while user.show(task)["state"] == "queued" or not [*(user.state / "runs").rglob("events*")]:
        time.sleep(0.05)
    time.sleep(1)
    (user.root / ".env").write_text("DATABASE_KEY=another-value-of-it\n")
    user.type("wait", task, "--timeout", "30")
    assert user.show(task)["outcome"] == "failed"
