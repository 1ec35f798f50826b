"""What `--help` says of each verb, without a daemon and without doing anything."""

import re

import pytest

from specwright.cli.app import VERBS
from user import User

WORDS = "lint queue list show log diff wait accept reject revise cancel retry pause resume reorder init trust gc doctor"
PRINTING = WORDS.split()
ALL = ["lsp", *PRINTING, "daemon", "demo"]


def test_the_verbs_are_those_that_work_and_in_their_order(user: User) -> None:
    user.root.mkdir()
    assert re.findall(r"^  ([a-z]+)  ", user.ok("--help").out, re.M) == ALL


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_and_does_nothing_else(user: User, verb: str) -> None:
    user.root.mkdir()
    out = user.ok(verb, "--help").out
    assert out.startswith("Usage: specwright ")
    assert ("--json" in out) == (verb in PRINTING)
    assert not user.state.exists()


@pytest.mark.parametrize("word", ["start", "stop", "status", "run", "install", "uninstall"])
def test_the_daemon_has_its_own_verbs(user: User, word: str) -> None:
    user.root.mkdir()
    assert word in user.ok("daemon", "--help").out
    assert ("--json" in user.ok("daemon", word, "--help").out) == (word == "status")


def test_the_version_is_told(user: User) -> None:
    user.root.mkdir()
    assert re.fullmatch(r"specwright, version \d+\.\d+\.\d+\S*\n", user.ok("--version").out)


@pytest.mark.parametrize(
    "words",
    [("fly",), ("queue",), ("show",), ("wait", "x", "--timeout", "soon"), ("revise", "x"), ("list", "--limit", "x")],
)
def test_wrong_use_is_two_and_says_where_help_is(user: User, words: tuple[str, ...]) -> None:
    user.root.mkdir()
    done = user.type(*words)
    assert (done.code, done.out) == (2, "")
    assert "--help' for help" in done.err
    assert not user.state.exists()
