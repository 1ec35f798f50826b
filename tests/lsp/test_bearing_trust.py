"""In an editor, what bears trust is left out of "Accept all", and accepted at its own change."""

import pytest

from lsp.conftest import BOTH, TEXT, Start
from lsp.editor import Editor
from lsp.stage import Stage, file, mark, result
from lsp.test_review import Reviewed, stands, until_stands
from user import SETTINGS, User, script

MAKE, MADE = "all:\n\ttrue\n", "all:\n\tfalse\n"
FILES: dict[str, str | bytes] = {"a.py": TEXT, "Makefile": MAKE, "specwright.toml": SETTINGS}


@pytest.fixture
async def bearing(user: User, start: Start) -> Reviewed:
    """A window that holds both files of a result, one of which bears trust."""
    turn = {"tool": "bash", "input": {"command": "sed -i s/true/false/ Makefile"}}
    user.make({**FILES, "script.json": script([*BOTH, turn])})
    editor = await start()
    editor.open("a.py")
    editor.open("Makefile", language="makefile")
    task = await editor.queue()
    await editor.until_shown("2: ", "7: ", code="hunk")
    await editor.until_shown("1: ", code="hunk", path="Makefile")
    return editor, task


async def accept_all(editor: Editor) -> str:
    await editor.do("Accept all")
    return await editor.said("Left out", "Makefile (package or build file)", "at its own change")


async def test_accepting_all_leaves_it_out_and_says_so(bearing: Reviewed) -> None:
    editor, task = bearing
    assert "bears trust (package or build file)" in editor.shown("hunk", "Makefile")[0]
    await accept_all(editor)
    assert (editor.text("Makefile"), "y = 'two'" in editor.text()) == (MAKE, True)
    assert "spec!" in editor.text()
    editor.save()
    await until_stands(editor, task, "review", "pending", "accepted", "accepted")


async def test_it_is_accepted_at_its_own_hunk_and_undo_makes_it_pending(bearing: Reviewed) -> None:
    editor, task = bearing
    await editor.do("Accept this hunk", 1, "Makefile")
    assert editor.text("Makefile") == MADE
    await editor.until_shown(code="hunk", path="Makefile")
    editor.undo("Makefile")
    [shown] = await editor.until_shown("1: ", code="hunk", path="Makefile")
    assert "(undone)" in shown
    editor.save("Makefile")
    assert (await stands(editor, task))[:2] == ["review", "pending"]


async def test_what_was_left_out_ends_the_task_when_it_is_accepted(bearing: Reviewed) -> None:
    editor, task = bearing
    await accept_all(editor)
    editor.save()
    await until_stands(editor, task, "review", "pending", "accepted", "accepted")
    await editor.do("Accept this hunk", 1, "Makefile")
    assert editor.text("Makefile") == MADE
    editor.save("Makefile")
    await until_stands(editor, task, "accepted", "accepted", "accepted", "accepted")


async def test_rejecting_all_leaves_nothing_out(bearing: Reviewed) -> None:
    editor, task = bearing
    await editor.do("Reject all")
    await until_stands(editor, task, "rejected", "rejected", "rejected", "rejected")


async def test_its_hunks_are_warnings_and_no_action_is_preferred(stage: Stage) -> None:
    stage.marks(mark())
    made = stage.open()
    stage.show(result(stage.root, file(bears="hook", only_by_name=True)))
    assert {item["severity"] for item in stage.items(made, "hunk")} == {2}
    assert [action.title for action in stage.actions(made, 7) if action.is_preferred] == []
