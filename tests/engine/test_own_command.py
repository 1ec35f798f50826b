"""Commands of the user's own settings."""

import pytest

from specwright.engine import own_command


async def test_git_variables_are_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/x")
    monkeypatch.setenv("LANG", "C")
    printed, _ = await own_command.run(["sh", "-c", "echo $LANG ${GIT_DIR-none}"])
    assert printed == "C none"


async def test_what_a_failed_command_printed_is_no_secret() -> None:
    printed, done = await own_command.run(["sh", "-c", "echo usage: keys; exit 3"])
    assert (printed, done.exit_code) == ("", 3)
