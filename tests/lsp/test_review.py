"""Verdicts in an editor, end to end: by edits of its buffers alone, final when they are saved."""

import asyncio
import json
from typing import Any

import pytest

from lsp.conftest import BOTH, TEXT, Start, edit
from lsp.editor import MINIMAL, NEOVIM, Editor, files_of, until
from lsp.typist import apply, offered
from user import SETTINGS, User, script, write

TWO = "x = 'two'\n\n\n\n\ny = 'two'\n"
HALF = TEXT.replace("x = 'one'", "x = 'two'")
Reviewed = tuple[Editor, str]


async def stands(editor: Editor, task: str) -> list[str]:
    """The task's state, and its hunks'."""
    view = await editor.ask("task", task=task)
    return [view.state, *(hunk.state for file in view.files for hunk in file.hunks)]


async def has_rested(editor: Editor) -> None:
    """Type an unfinished spec, wait until it is an error, which is once typing rests, and take it back."""
    editor.type((0, 0), (0, 0), "# spec! Unfinished\n\n")
    await until(lambda: any(d.severity == 1 for d in editor.client.diagnostics[editor.uri("a.py")]))
    editor.undo()


async def until_stands(editor: Editor, task: str, *states: str) -> None:
    end = asyncio.get_running_loop().time() + 20
    while (found := await stands(editor, task)) != list(states):
        assert asyncio.get_running_loop().time() < end, (found, editor.shown())
        await asyncio.sleep(0.02)


async def test_one_hunk_is_accepted_and_the_other_rejected(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept this hunk", 2)
    assert editor.text() == HALF
    await editor.until_shown("7: ", code="hunk")
    await editor.do("Reject this hunk", 7)
    await editor.until_shown(code="hunk")
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "rejected")
    assert editor.text() == HALF
    await editor.until_shown()


async def test_all_is_accepted_by_one_versioned_edit(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    before = files_of(project.root)
    await editor.do("Accept all")
    [sent] = editor.edits
    [change] = sent.edit.document_changes or []
    assert (sent.label, change.text_document.version) == ("Accept 'Say two'", 1)
    assert editor.text() == TWO
    assert files_of(project.root) == before
    assert (await stands(editor, task))[0] == "review"
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")
    await editor.until_shown()


@pytest.mark.parametrize("capabilities", [MINIMAL, NEOVIM], ids=["minimal", "neovim"])
async def test_without_versions_the_edit_is_plain_changes(project: User, start: Start, capabilities: Any) -> None:
    editor = await start(capabilities)
    editor.late = True
    editor.open("a.py")
    task = await editor.queue()
    await editor.until_shown("2: ", "7: ", code="hunk")
    await editor.do("Accept all")
    [sent] = editor.edits
    assert sent.edit.document_changes is None
    assert list(sent.edit.changes or {}) == [editor.uri("a.py")]
    await until(lambda: editor.text() == TWO)
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_a_spec_that_the_project_keeps_is_ticked_in_the_buffer(project: User, start: Start) -> None:
    project.put({"specwright.toml": SETTINGS + '[spec]\non_accept = "keep"\n'})
    project.git("commit", "-qam", "Keep specs")
    editor = await start()
    editor.open("a.py")
    task = await editor.queue()
    await editor.do("Accept all")
    assert editor.text() == TEXT.replace("[ ]", "[x]").replace("'one'", "'two'")
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")
    await editor.until_shown()
    editor.undo()
    assert editor.text() == TEXT
    assert "Queue as task" in await editor.actions(0)


async def test_a_spec_is_removed_by_an_action_on_its_marker(editor: Editor) -> None:
    apply(editor, (await offered(editor, (0, 3)))["Remove this spec"])
    assert editor.text() == TEXT.partition("`\n")[2]
    assert "Remove this spec" not in await offered(editor, (2, 0))


async def test_all_hunks_of_a_file_are_accepted_and_the_block_goes(reviewed: Reviewed) -> None:
    editor, _ = reviewed
    await editor.do("Accept all hunks of this file", 7)
    assert editor.text() == TWO


async def test_all_hunks_of_a_file_are_rejected(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Reject all hunks of this file", 7)
    await until_stands(editor, task, "rejected", "rejected", "rejected")
    assert (editor.text(), editor.edits) == (TEXT, [])


async def test_what_is_saved_at_once_is_final(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.run("accept", task=task)
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_what_is_saved_before_the_verdict_is_recorded_is_final(reviewed: Reviewed) -> None:
    editor, task = reviewed
    running = asyncio.ensure_future(editor.run("accept", task=task))
    await until(lambda: editor.text() == TWO)
    editor.save()
    await running
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_what_is_saved_before_the_edit_comes_is_not_final(reviewed: Reviewed) -> None:
    editor, task = reviewed
    editor.saves = True
    await editor.run("accept", task=task)
    assert ((await stands(editor, task))[0], editor.text()) == ("review", TWO)
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_what_is_saved_as_the_editor_ends_is_final(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await editor.until_shown(code="hunk")
    editor.save()
    await editor.leave()
    state = await asyncio.to_thread(lambda: editor.user.ok("show", "--json", task).json["state"])
    assert state == "accepted"


@pytest.mark.parametrize("ways", [("shutdown", "exit"), ("shutdown", "end"), ("exit",), ("exit", "end"), ("end",)])
async def test_what_is_saved_is_final_however_the_editor_ends(reviewed: Reviewed, ways: tuple[str, ...]) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await editor.until_shown(code="hunk")
    editor.save()
    await editor.abandon(*ways)
    assert await editor.ends() == (1 if ways[0] == "exit" else 0)
    assert (await asyncio.to_thread(editor.user.show, task))["state"] == "accepted"


async def test_what_is_closed_unsaved_as_the_editor_ends_is_pending_and_no_fault(
    reviewed: Reviewed, capfd: pytest.CaptureFixture[str]
) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await editor.until_shown(code="hunk")
    editor.close()
    await editor.leave()
    view = await asyncio.to_thread(editor.user.show, task)
    assert [hunk["state"] for file in view["files"] for hunk in file["hunks"]] == ["pending", "pending"]
    assert "Error" not in capfd.readouterr().err


async def test_what_is_undone_behind_a_save_is_final(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    editor.save()
    editor.undo()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_what_is_redone_behind_a_save_is_not_final(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await editor.until_shown(code="hunk")
    editor.undo()
    editor.save()
    editor.type((0, 0), (8, 0), TWO)
    await editor.until_shown("already there", "already there", code="hunk")
    await until_stands(editor, task, "review", "pending", "pending")


async def test_an_accept_that_is_undone_is_pending_again(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await editor.until_shown(code="hunk")
    editor.undo()
    assert editor.text() == TEXT
    found = await editor.until_shown("2: ", "7: ", code="hunk")
    assert all("(undone)" in line for line in found)
    editor.save()
    await until_stands(editor, task, "review", "pending", "pending")
    await editor.do("Accept all")
    assert editor.text() == TWO


async def test_what_is_typed_where_an_accept_was_undone_is_the_users_own(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await editor.until_shown(code="hunk")
    editor.undo()
    editor.type((2, 5), (2, 8), "mine")
    editor.save()
    await until_stands(editor, task, "review", "conflict", "pending")


async def test_an_undone_accept_is_pending_again_while_another_task_is_shown(user: User, start: Start) -> None:
    other = TEXT.replace("Say two", "Say three").replace("'one'", "1")
    rounds = {"Say two": [BOTH], "Say three": [[edit("x = 1", "x = 3")]]}
    user.make({"a.py": TEXT + other, "specwright.toml": SETTINGS, "script.json": json.dumps(rounds)})
    editor = await start()
    editor.open("a.py")
    for line in (8, 0):
        await editor.queue(line)
    await editor.until_shown("ready", "ready", code="task")
    await editor.do("Review 'Say two'")
    await editor.until_shown("'Say two'", "'Say two'", code="hunk")
    await editor.do("Accept all")
    await editor.until_shown("'Say three'", code="hunk")
    await has_rested(editor)
    editor.undo()
    await editor.until_shown("(undone)", "(undone)", code="hunk")


async def test_what_is_closed_unsaved_is_pending_again(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    editor.close()
    await until_stands(editor, task, "review", "pending", "pending")
    await editor.until_shown("2: ", "7: ", code="hunk")
    editor.open("a.py")
    await editor.until_shown("2: ", "7: ", code="hunk")


async def test_what_a_killed_window_had_accepted_is_pending_again(reviewed: Reviewed, start: Start) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await editor.die()
    other = await start()
    other.open("a.py")
    await other.until_shown("2: ", "7: ", code="hunk")
    await until_stands(other, task, "review", "pending", "pending")
    assert not any("undone" in line for line in other.shown())


async def test_an_accepted_hunk_is_rejected_before_it_is_saved(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.do("Accept this hunk", 2)
    await editor.run("rejectHunk", task=task, hunk="1.1")
    assert editor.text() == TEXT
    await until_stands(editor, task, "review", "rejected", "pending")


async def test_the_users_own_text_is_never_written_over(reviewed: Reviewed) -> None:
    editor, task = reviewed
    editor.type((2, 5), (2, 8), "mine")
    await editor.until_shown("2: Hunk 1.1 of 'Say two' conflicts", "7: ", code="hunk")
    await editor.do("Accept all")
    await editor.said("the text there was edited by hand: 1.1")
    assert editor.text() == TEXT.replace("x = 'one'", "x = 'mine'").replace("y = 'one'", "y = 'two'")
    await editor.run("acceptHunk", task=task, hunk="1.1")
    await editor.said("the text there was edited by hand: 1.1")
    await editor.do("Reject this hunk", 2)
    editor.save()
    await until_stands(editor, task, "accepted", "rejected", "accepted")


async def test_a_spec_that_is_edited_right_above_a_hunk_is_no_conflict(reviewed: Reviewed) -> None:
    editor, _ = reviewed
    editor.type((1, 0), (1, 0), "# More words.\n")
    await editor.until_shown("3: ", "8: ", code="hunk")
    await editor.do("Accept this hunk", 3)
    assert editor.text() == HALF.replace("# - [ ]", "# More words.\n# - [ ]")


async def test_what_the_editor_refuses_is_not_decided(reviewed: Reviewed) -> None:
    editor, task = reviewed
    editor.refuses = True
    assert await editor.run("accept", task=task) is None
    await editor.said("The editor did not apply the edit")
    assert await stands(editor, task) == ["review", "pending", "pending"]
    assert editor.text() == TEXT


async def test_an_accept_in_a_terminal_changes_the_buffer_and_not_the_disk(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    editor.type((5, 0), (5, 0), "typed = 1\n")
    told = await asyncio.to_thread(project.ok, "accept", task)
    assert "a.py" in told.out
    assert editor.text() == "x = 'two'\n\n\ntyped = 1\n\n\ny = 'two'\n"
    assert (project.root / "a.py").read_text() == TEXT
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_two_windows_with_unsaved_changes_are_named(reviewed: Reviewed, project: User, start: Start) -> None:
    editor, task = reviewed
    other = await start()
    other.open("a.py")
    for window in (editor, other):
        window.type((5, 0), (5, 0), "typed = 1\n")
        await window.until_shown("2: ", "8: ", code="hunk")
    told = await asyncio.to_thread(project.type, "accept", task)
    pids = [window.client._server.pid for window in (editor, other)]
    assert told.code == 1
    assert all(f"lsp-{pid}" in told.err for pid in pids)
    assert await stands(editor, task) == ["review", "pending", "pending"]


async def test_an_accept_in_one_window_is_seen_in_the_other(reviewed: Reviewed, start: Start) -> None:
    editor, task = reviewed
    other = await start(NEOVIM)
    other.open("a.py")
    await other.until_shown("2: ", "7: ", code="hunk")
    await editor.do("Accept all")
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")
    await other.until_shown()


async def test_a_window_does_not_settle_what_another_accepted(reviewed: Reviewed, start: Start) -> None:
    editor, task = reviewed
    other = await start()
    other.open("a.py")
    await editor.do("Accept this hunk", 2)
    other.save()
    other.close()
    await editor.until_shown("7: ", code="hunk")
    editor.save()
    await editor.run("rejectHunk", task=task, hunk="1.2")
    await until_stands(editor, task, "accepted", "accepted", "rejected")


@pytest.mark.parametrize("held", [True, False], ids=["in the buffer", "on the disk"])
async def test_a_spec_goes_that_is_one_by_the_language_of_the_editor_alone(
    user: User, start: Start, held: bool
) -> None:
    spec = '"""spec! Say two\n- [ ] it says two, check: `grep -q two tool`\n"""\n'
    turns = [edit("x = 'one'", "x = 'two'", "tool")]
    user.make({"tool": f"{spec}x = 'one'\n", "specwright.toml": SETTINGS, "script.json": script(turns)})
    editor = await start()
    editor.open("tool")
    task = await editor.queue(path="tool")
    if not held:
        editor.close("tool")
    await asyncio.to_thread(user.ok, "accept", task)
    assert (editor.text("tool") if held else (user.root / "tool").read_text()) == '"""Say two."""\nx = \'two\'\n'


async def test_a_copy_of_a_spec_that_is_one_in_the_editor_alone_is_another(user: User, start: Start) -> None:
    spec = '"""spec! Say two\n- [ ] it says two, check: `true`\n"""\n'
    user.make({"tool": spec, "a.py": spec, "specwright.toml": SETTINGS, "script.json": script([write("b.py", "")])})
    editor = await start()
    editor.open("tool")
    await editor.queue(path="tool")
    assert (await asyncio.to_thread(user.ok, "queue", "a.py")).out.startswith("queued ")


@pytest.mark.parametrize("committed", [True, False])
async def test_what_a_run_wrote_below_the_spec_is_in_though_the_spec_takes_it_in(
    user: User, start: Start, committed: bool
) -> None:
    turns = [edit("x = 'one'", "# Two, not one.\nx = 'two'"), BOTH[1]]
    user.make(
        {
            "a.py": TEXT if committed else TEXT.partition("`\n")[2],
            "specwright.toml": SETTINGS,
            "script.json": script(turns),
        }
    )
    user.put({"a.py": TEXT})
    editor = await start()
    editor.open("a.py")
    task = await editor.queue()
    await editor.until_shown("2: ", "7: ", code="hunk")
    await editor.do("Accept this hunk", 2)
    editor.save()
    await until_stands(editor, task, "review", "accepted", "pending")
    await editor.until_shown("8: ", code="hunk")
    await editor.do("Accept all")
    assert editor.text() == TWO.replace("x", "# Two, not one.\nx")
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_a_decided_result_is_not_decided_again(reviewed: Reviewed) -> None:
    editor, task = reviewed
    await editor.run("reject", task=task)
    assert await editor.run("accept", task=task) is None
    await editor.said(f"Task {task} is rejected")
    assert editor.text() == TEXT


async def test_an_accept_in_a_terminal_takes_the_spec_out_of_the_buffer_too(user: User, start: Start) -> None:
    spec = "# spec! Say two\n# - scope: b.py\n# - [ ] it says two, check: `grep -q two b.py`\nx = 1\n"
    turns = [edit("b = 1", "b = 'two'", "b.py")]
    user.make({"a.py": spec, "b.py": "b = 1\n", "specwright.toml": SETTINGS, "script.json": script(turns)})
    editor = await start()
    editor.open("a.py")
    task = await editor.queue()
    await editor.until_task(task, "ready for review")
    told = await asyncio.to_thread(user.ok, "accept", task)
    assert "wrote b.py" in told.out
    assert editor.text() == "x = 1\n"
