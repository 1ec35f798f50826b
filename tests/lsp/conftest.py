"""A window without a server; a project with a user, and windows of real servers on it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as t

from lsp.editor import VSCODE, Editor
from lsp.stage import Stage
from user import SETTINGS, User, script, user_in

Start = Callable[..., Awaitable[Editor]]
TEXT = "# spec! Say two\n# - [ ] it says two, check: `grep -q two a.py`\nx = 'one'\n\n\n\n\ny = 'one'\n"


def edit(old: str, new: str, path: str = "a.py") -> dict[str, Any]:
    """A turn that changes a text."""
    return {"tool": "edit", "input": {"path": path, "old": old, "new": new}}


BOTH = [edit("x = 'one'", "x = 'two'"), edit("y = 'one'", "y = 'two'")]


@pytest.fixture
async def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "project")


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    """One who queued before, and was told then what is told once."""
    with user_in(tmp_path) as made:
        made.state.mkdir(0o700, parents=True)
        (made.state / "told").mkdir()
        (made.state / "told" / "reboot").touch()
        yield made


@pytest.fixture
def project(user: User) -> User:
    """A spec in `a.py`, for which the agent changes two places."""
    return user.make({"a.py": TEXT, "b.py": "b = 1\n", "specwright.toml": SETTINGS, "script.json": script(BOTH)})


@pytest.fixture
async def start(user: User) -> AsyncIterator[Start]:
    """Starts editors; all of them leave in the end."""
    started: list[Editor] = []

    async def one(capabilities: t.ClientCapabilities = VSCODE, encoding: str | None = None) -> Editor:
        started.append(Editor(user))
        return await started[-1].start(capabilities, encoding)

    yield one
    for editor in started:
        await editor.leave()


@pytest.fixture
async def editor(project: User, start: Start) -> Editor:
    """A window that holds `a.py`."""
    made = await start()
    made.open("a.py")
    return made


@pytest.fixture
async def reviewed(editor: Editor) -> tuple[Editor, str]:
    """The same with a result whose two hunks wait, and its task."""
    task = await editor.queue()
    await editor.until_shown("2: ", "7: ", code="hunk")
    return editor, task
