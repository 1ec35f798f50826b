import sys
import threading

import pytest

from specwright.cli import common
from specwright.cli.common import patience


def waits(seconds: float, capsys: pytest.CaptureFixture[str]) -> str:
    with patience("Starting the daemon …"):
        threading.Event().wait(seconds)
    return capsys.readouterr().err


def test_what_takes_long_is_told_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert waits(0.01, capsys) == ""
    monkeypatch.setattr(common, "PATIENCE", 0.01)
    assert waits(0.5, capsys) == "Starting the daemon …\n"


def test_a_pipe_is_told_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(common, "PATIENCE", 0.01)
    assert waits(0.5, capsys) == ""
