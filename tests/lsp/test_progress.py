"""A running task in an editor: a progress bar where it shows some, and one message when the task needs a person."""

import asyncio
import os
import signal
import time
from itertools import pairwise
from typing import Any

import attrs
import pytest
from lsprotocol import types as t

from lsp.conftest import BOTH, Start
from lsp.editor import VSCODE, Editor, until
from user import User, bash, script

WINDOW = t.WindowClientCapabilities(work_done_progress=True, show_message=t.ShowMessageRequestClientCapabilities())
SHOWS = attrs.evolve(VSCODE, window=WINDOW)
READY = "'Say two' is ready for review."


class Bars:
    """What an editor is asked to show."""

    def __init__(self, editor: Editor) -> None:
        self.created: list[Any] = []
        self.told: list[tuple[float, Any, Any]] = []
        editor._on(t.WINDOW_WORK_DONE_PROGRESS_CREATE, lambda params: self.created.append(params.token))
        editor._on(t.PROGRESS, self._take)

    def _take(self, params: t.ProgressParams) -> None:
        self.told.append((time.monotonic(), params.token, params.value))

    def kinds(self) -> list[str]:
        return [_of(value, "kind") for _, _, value in self.told]

    def texts(self) -> list[str]:
        return [_of(value, "message") for _, _, value in self.told if _of(value, "kind") == "report"]

    def gaps(self) -> list[float]:
        """Seconds between two reports."""
        at = [when for when, _, value in self.told if _of(value, "kind") == "report"]
        return [later - earlier for earlier, later in pairwise(at)]


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else getattr(value, name)


@pytest.fixture
def slow(project: User) -> User:
    """An agent of some turns, some of them quick."""
    turns = [*[bash("true")] * 3, {"sleep": 3}, *BOTH]
    project.put({"script.json": script(turns)})
    return project


async def watching(start: Start, capabilities: t.ClientCapabilities = SHOWS) -> tuple[Editor, Bars]:
    editor = await start(capabilities)
    bars = Bars(editor)
    editor.open("a.py")
    return editor, bars


async def begin(editor: Editor) -> str:
    """Queue the spec without waiting for its result."""
    task = str((await editor.do("Queue as task"))["task"])
    await editor.said("Nothing will check this")
    return task


async def test_a_running_task_has_a_bar_from_its_start_to_its_end(slow: User, start: Start) -> None:
    editor, bars = await watching(start)
    await begin(editor)
    await until(lambda: "end" in bars.kinds(), lambda: bars.told)
    await editor.said(READY)
    assert len(bars.created) == 1
    assert {token for _, token, _ in bars.told} == set(bars.created)
    assert (bars.kinds()[0], bars.kinds()[-1]) == ("begin", "end")
    assert _of(bars.told[0][2], "title") == "Specwright: Say two"
    assert not _of(bars.told[0][2], "cancellable")
    assert any(text.startswith("agent, turn ") for text in bars.texts()), bars.texts()
    assert min(bars.gaps()) > 0.9


async def test_nothing_is_shown_where_the_editor_shows_no_progress(slow: User, start: Start) -> None:
    editor, bars = await watching(start, VSCODE)
    await begin(editor)
    await editor.said(READY)
    assert (bars.created, bars.told) == ([], [])


async def test_a_bar_ends_when_the_daemon_goes_away(slow: User, start: Start) -> None:
    slow.put({"script.json": script([{"sleep": 60}])})
    editor, bars = await watching(start)
    task = await begin(editor)
    await until(bars.texts, lambda: bars.told)
    os.kill(int((slow.state / "daemon.lock").read_text()), signal.SIGKILL)
    await until(lambda: "end" in bars.kinds(), lambda: bars.told)
    await until(lambda: bars.kinds().count("begin") == 2, lambda: bars.told)
    await asyncio.to_thread(slow.ok, "cancel", task)
    await until(lambda: bars.kinds().count("end") == 2, lambda: bars.told)


async def test_one_window_tells_once_also_after_kill_9(slow: User, start: Start) -> None:
    editor, _ = await watching(start)
    other = await start(VSCODE)
    other.open("a.py")
    await begin(editor)
    said = lambda: [m.message for window in (editor, other) for m in window.client.messages]  # noqa: E731
    await until(slow.told, said)
    before = len(editor.status)
    os.kill(int((slow.state / "daemon.lock").read_text()), signal.SIGKILL)
    await until(lambda: len(editor.status) > before)
    await asyncio.sleep(4)
    assert said() == [READY]


async def test_a_window_that_comes_later_tells_what_still_holds(slow: User, start: Start) -> None:
    task = await asyncio.to_thread(slow.run, "a.py")
    editor = await start(VSCODE)
    await editor.said(READY)
    await asyncio.to_thread(slow.ok, "reject", task)
