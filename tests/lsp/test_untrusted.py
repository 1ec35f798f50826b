"""A folder that the editor calls not trusted: specs are checked, and whatever is asked, no daemon hears of it."""

from typing import Any

import pytest
from pygls.exceptions import JsonRpcException

from lsp.editor import VSCODE, Editor
from user import User


@pytest.mark.parametrize("options", [None, {}, {"trusted": True}, {"trusted": "no"}])
async def test_an_editor_that_says_nothing_is_served_as_ever(project: User, options: dict[str, Any] | None) -> None:
    editor = Editor(project)
    editor.options = options
    await editor.start(VSCODE)
    editor.open("a.py")
    await editor.queue()
    await editor.leave()


async def test_without_trust_specs_are_checked_and_nothing_else_is_done(project: User) -> None:
    editor = Editor(project)
    editor.options, editor.joins = {"trusted": False}, False
    await editor.start(VSCODE)
    editor.open("a.py")
    editor.open("b.py", "# spec! Without a criterion\n")
    await editor.until_shown("criterion", path="b.py")

    assert await editor.do("Queue as task") is None
    assert "then try again" in await editor.said("You don't trust this folder")
    for name, argument in {"trust": {"agree": "0f3a"}, "resume": {}, "accept": {"task": "k7f3qa"}}.items():
        assert await editor.run(name, **argument) is None
        await editor.said("You don't trust this folder")
    with pytest.raises(JsonRpcException, match="You don't trust this folder"):
        await editor.ask("tasks")

    editor.type((0, 0), (0, 0), "# one more line\n")
    editor.save()
    assert (editor.status, list(project.state.glob("*.db"))) == ([], [])
    assert project.type("daemon", "status").code == 1
    await editor.leave()
