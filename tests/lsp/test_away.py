"""What a window does while no daemon knows of it, and what a daemon does that has just started."""

import asyncio
import os
import signal

from lsp.conftest import TEXT, Start
from lsp.editor import Editor, until
from lsp.test_review import Reviewed, stands, until_stands
from user import User

TYPED = "x = 'two'\n\n\ntyped = 1\n\n\ny = 'two'\n"


async def stop(editor: Editor, user: User) -> None:
    """End the daemon on purpose: windows start no other by themselves."""
    editor.away.clear()
    await asyncio.to_thread(user.ok, "daemon", "stop")
    await until(lambda: editor.away)


async def test_an_accept_right_after_a_restart_waits_for_the_window(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    editor.type((5, 0), (5, 0), "typed = 1\n")
    await editor.until_shown("2: ", "8: ", code="hunk")
    await stop(editor, project)
    told = await asyncio.to_thread(project.ok, "accept", task)
    assert "changed a.py in your editor" in told.out
    assert (editor.text(), (project.root / "a.py").read_text()) == (TYPED, TEXT)


async def test_a_window_that_does_not_come_back_is_named(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    await stop(editor, project)
    pid = editor.client._server.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        told = await asyncio.to_thread(project.type, "accept", task)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert told.code == 1
    assert f"{project.root / 'a.py'} is open in an editor that does not answer (pid {pid})" in told.err
    assert (project.root / "a.py").read_text() == TEXT
    assert await stands(editor, task) == ["review", "pending", "pending"]


async def test_a_window_that_was_killed_holds_nothing_up(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    await stop(editor, project)
    await editor.die()
    told = await asyncio.to_thread(project.ok, "accept", task)
    assert "wrote a.py" in told.out


async def test_a_save_while_no_daemon_runs_makes_the_verdict_final(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await stop(editor, project)
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")
    await editor.until_shown()


async def test_what_was_undone_while_no_daemon_ran_is_pending(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    await stop(editor, project)
    editor.undo()
    editor.save()
    await until_stands(editor, task, "review", "pending", "pending")


async def test_a_save_after_the_daemon_was_killed_is_final(reviewed: Reviewed, project: User) -> None:
    editor, task = reviewed
    await editor.do("Accept all")
    pid = await asyncio.to_thread(project.pid)
    editor.away.clear()
    os.kill(pid, signal.SIGKILL)
    await until(lambda: editor.away)
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_an_accept_that_the_daemon_did_not_live_to_record_is_final_once_saved(
    reviewed: Reviewed, project: User
) -> None:
    editor, task = reviewed
    pid = await asyncio.to_thread(project.pid)
    editor.before_edit = lambda: os.kill(pid, signal.SIGKILL)
    await editor.run("accept", task=task)
    editor.client.messages.clear()  # whether the new daemon was there in time
    editor.save()
    await until_stands(editor, task, "accepted", "accepted", "accepted")


async def test_a_file_that_another_window_changed_is_not_decided_here(reviewed: Reviewed, start: Start) -> None:
    editor, task = reviewed
    other = await start()
    other.open("a.py")
    await other.until_shown("2: ", "7: ", code="hunk")
    editor.type((5, 0), (5, 0), "typed = 1\n")
    await editor.until_shown("2: ", "8: ", code="hunk")
    assert await other.run("accept", task=task) is None
    await other.said(f"a.py has unsaved changes in another window (lsp-{editor.client._server.pid})")
    assert (other.text(), await stands(other, task)) == (TEXT, ["review", "pending", "pending"])
