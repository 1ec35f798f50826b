"""Tasks in an editor, end to end: queued from live text, followed at their specs, answered, cancelled, tried again."""

import asyncio
import json
import os
import shutil
import signal
from typing import Any

import pytest

from lsp.conftest import BOTH, TEXT, Start, edit
from lsp.editor import MINIMAL, VSCODE, Editor, files_of, until
from user import SETTINGS, User, bash, script, write

SECOND = "# spec! Say three\n# - [ ] it says three, check: `grep -q three b.py`\nz = 'one'\n"
GATE = '[gates.tests]\ncommand = "true"\n'
ASKS = [{"tool": "finish", "input": {"summary": "I ask.", "blocked": "In which language?"}}]
NOTE = "Nothing will check this"


def made(user: User, *rounds: Any, settings: str = SETTINGS, **files: str) -> User:
    named = {name.replace("_", "."): text for name, text in files.items()}
    return user.make({"a.py": TEXT, "specwright.toml": settings, "script.json": script(*rounds), **named})


async def opened(start: Start, path: str = "a.py", **given: Any) -> Editor:
    editor = await start(**given)
    editor.open(path)
    return editor


async def test_queueing_changes_no_file_and_asks_nothing(editor: Editor, project: User) -> None:
    before = files_of(project.root)
    await editor.queue()
    assert files_of(project.root) == before
    assert (editor.asked, editor.edits, editor.text()) == ([], [], TEXT)


async def test_who_queues_for_the_first_time_is_told_what_a_reboot_means(editor: Editor, project: User) -> None:
    (project.state / "told" / "reboot").unlink()
    await editor.queue()
    await editor.said("After a reboot", "`specwright daemon install`")


async def test_the_text_that_is_not_saved_is_queued(editor: Editor, project: User) -> None:
    editor.type((0, 0), (0, 0), "import os\n\n")
    editor.type((2, 8), (2, 15), "Say 😀 it")
    task = await editor.queue(2)
    [line] = (await editor.ask("tasks")).tasks
    assert (line.task, line.title) == (task, "Say 😀 it")
    assert (project.root / "a.py").read_text() == TEXT


async def test_all_specs_of_a_file_are_queued(user: User, start: Start) -> None:
    made(user, BOTH, b_py=TEXT + SECOND)
    editor = await opened(start, "b.py")
    queued = await editor.do("Queue all specs", 5, "b.py")
    await editor.said(NOTE)
    assert [task["title"] for task in queued["queued"]] == ["Say two", "Say three"]
    await until(lambda: len(editor.shown("task", "b.py")) == 2)


async def test_a_spec_with_an_error_is_refused_with_its_line(project: User, start: Start) -> None:
    editor = await start()
    editor.open("b.py", "\n# spec! A\nx = 1\n")
    answer = await editor.run("queue", uri=editor.uri("b.py"), line=1)
    assert answer["task"] is None
    assert "line 2" in await editor.said("Not queued: ")


async def test_a_file_over_1_mb_can_be_queued_from_an_editor(project: User, start: Start) -> None:
    editor = await start()
    editor.open("b.py", "b = 1\n" * 200_000 + TEXT)
    queued = await editor.run("queue", uri=editor.uri("b.py"), line=200_000)
    await editor.said(NOTE)
    assert queued["queued"][0]["line"] == 200_001


async def test_where_there_is_no_repository_it_says_so(user: User, start: Start) -> None:
    user.root.mkdir()
    user.put({"a.py": TEXT})
    editor = await opened(start)
    await editor.until_shown()
    assert await editor.do("Queue as task") is None
    await editor.said("not in a git repository", "git init")
    with pytest.raises(Exception, match="in a git repository"):
        await editor.ask("tasks")


async def test_a_question_is_answered(user: User, start: Start) -> None:
    made(user, ASKS, BOTH)
    editor = await opened(start)
    task = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_task(task, "question: In which language?")
    assert await editor.do("Answer 'Say two'…") is None
    await editor.said(f'specwright revise {task} -m "')
    assert await editor.run("revise", task=task, text=" ") is None
    await editor.said("Say what to change")
    await editor.run("revise", task=task, text="English")
    await editor.until_task(task, "ready for review")
    await editor.until_shown("2: Hunk 2.1", "7: Hunk 2.2", code="hunk")


async def test_changes_are_requested(user: User, start: Start) -> None:
    made(user, BOTH[:1], BOTH[1:])
    editor = await opened(start)
    task = await editor.queue()
    await editor.until_shown("2: ", code="hunk")
    await editor.run("revise", task=task, text="The other one, too.")
    await editor.until_shown("2: Hunk 2.1", "7: Hunk 2.2", code="hunk")


async def test_a_result_that_is_worked_on_again_is_not_decided(user: User, start: Start) -> None:
    made(user, BOTH, [{"sleep": 600}])
    editor = await opened(start)
    task = await editor.queue()
    await editor.run("revise", task=task, text="More.")
    assert await editor.run("accept", task=task) is None
    await editor.said("only what is in review can be decided")
    assert (editor.text(), editor.edits) == (TEXT, [])
    await editor.run("cancel", task=task)


async def test_a_task_is_cancelled_and_tried_again(user: User, start: Start) -> None:
    made(user, [{"sleep": 600}], BOTH)
    editor = await opened(start)
    task = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_task(task, "running")
    await editor.do("Cancel")
    await editor.until_shown(code="task")
    await editor.do("Retry")
    await editor.until_task(task, "ready for review")


async def test_of_two_results_one_is_shown_and_the_other_on_request(user: User, start: Start) -> None:
    edits = {"Say two": [BOTH], "Say three": [[edit("z = 'one'", "z = 'three'", "b.py")]]}
    made(user, b_py=SECOND)
    user.put({"script.json": json.dumps(edits)})
    user.git("commit", "-qam", "Script")
    editor = await opened(start)
    editor.open("b.py")
    await editor.queue()
    other = await editor.queue(0, "b.py")
    await editor.until_shown("2: ", "7: ", code="hunk")
    await editor.until_shown(code="hunk", path="b.py")
    await editor.do("Review 'Say three'", 0, "b.py")
    await editor.until_shown(code="hunk")
    await editor.until_shown("2: ", code="hunk", path="b.py")
    [shown] = editor.client.shown_documents
    assert (shown.uri, shown.selection.start.line) == (editor.uri("b.py"), 2)
    await editor.run("accept", task=other)
    await editor.until_shown("2: ", "7: ", code="hunk")


async def test_new_files_are_accepted_at_the_spec_and_written(user: User, start: Start) -> None:
    made(user, [*BOTH, write("new.py", "n = 1\n")], b_py="b = 1\n")
    editor = await opened(start)
    await editor.queue()
    await editor.until_shown("2: ", "7: ", "0: Hunk 1.3 of 'Say two': new file new.py", code="hunk")
    done = await editor.do("Accept new.py (created)")
    assert done["written"] == ["new.py"]
    assert (user.root / "new.py").read_text() == "n = 1\n"
    await editor.until_shown("2: ", "7: ", code="hunk")


async def test_files_that_are_not_open_show_their_hunks_once(user: User, start: Start) -> None:
    made(user, [edit("b = 1", "b = 2", "b.py")], b_py="b = 1\n")
    editor = await opened(start)
    task = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_shown("0: ", code="hunk", path="b.py")
    spelled = editor.uri("b.py").replace("b.py", "%62.py")
    editor.open(spelled, "b = 1\n")
    await editor.until_shown("0: ", code="hunk", path=spelled)
    await editor.until_shown(path="b.py")
    await editor.run("reject", task=task)
    await editor.until_shown(path=spelled)


@pytest.mark.parametrize("answer", ["Agree", "Not now", None])
async def test_trust_is_asked_for_once_where_there_are_buttons(user: User, start: Start, answer: str | None) -> None:
    made(user, BOTH, settings=SETTINGS + GATE)
    editor = await opened(start)
    editor.answer = answer
    task = (await editor.do("Queue as task"))["task"]
    await editor.until_task(task, "waiting (trust)")
    agreed = await editor.do("Show what this project would run, and agree")
    assert (agreed["agreed"], "tests: true" in editor.asked[0].message) == (answer == "Agree", True)
    await editor.until_task(task, "ready for review" if agreed["agreed"] else "waiting (trust)")


async def test_the_question_says_which_branch_speaks_for_the_commands(user: User, start: Start) -> None:
    (user.home / "specwright" / "config.toml").write_text('trusted = ["main"]\n')
    made(user, BOTH, settings=SETTINGS + GATE)
    editor = await opened(start)
    editor.answer = "Agree"
    assert (await editor.run("trust"))["agreed"]  # to folders that the tools of this machine need
    sentence = "unchanged from main, which your own settings trust"
    assert sentence in editor.asked[0].message
    (user.root / "specwright.toml").write_text(SETTINGS + GATE.replace("true", "false"))
    user.git("commit", "-qam", "Check more")
    assert (await editor.run("trust"))["agreed"]
    await editor.said(sentence)
    assert len(editor.asked) == 1


async def test_trust_without_buttons_says_how(user: User, start: Start) -> None:
    made(user, BOTH, settings=SETTINGS + GATE)
    editor = await opened(start, capabilities=MINIMAL)
    task = (await editor.do("Queue as task"))["task"]
    await editor.until_task(task, "waiting (trust)")
    wanted = await editor.run("trust")
    await editor.said("specwright trust", "tests: true")
    assert (await editor.run("trust", agree="0f3a")) is None
    await editor.said("changed while you read it")
    assert (await editor.run("trust", agree=wanted["digest"]))["agreed"]
    await editor.until_task(task, "ready for review")


@pytest.mark.parametrize("capabilities", [MINIMAL, VSCODE], ids=["minimal", "vscode"])
async def test_a_tasks_texts(project: User, start: Start, capabilities: Any) -> None:
    editor = await opened(start, capabilities=capabilities)
    task = await editor.queue()
    for title, kind, part in (("Show the diff", "diff", "+x = 'two'"), ("Show the log", "log", "started")):
        path = (await editor.do(title))["path"]
        found = await editor.ask("document", task=task, kind=kind)
        assert part in found.text
        if capabilities is MINIMAL:
            await editor.said(f"Open this file: {path}")
        else:
            assert editor.client.shown_documents[-1].uri.endswith(path)
    with pytest.raises(Exception, match="kind"):
        await editor.ask("document", task=task, kind="patch")


async def test_the_status_is_told_at_the_start_and_after_each_change(editor: Editor) -> None:
    await until(lambda: [status.review for status in editor.status] == [0])
    await editor.queue()
    await until(lambda: editor.status[-1].review == 1)


async def test_a_killed_daemon_is_started_again(editor: Editor, project: User) -> None:
    task = await editor.queue()
    await editor.until_shown("2: ", "7: ", code="hunk")
    await editor.do("Accept this hunk", 2)
    pid = await asyncio.to_thread(project.pid)
    os.kill(pid, signal.SIGKILL)
    seen = len(editor.status)
    await until(lambda: len(editor.status) > seen)
    view = await editor.ask("task", task=task)
    assert view.state == "review"
    await editor.until_shown("7: ", code="hunk")
    editor.save()
    await editor.do("Reject this hunk", 7)
    await editor.until_shown()
    assert await asyncio.to_thread(project.pid) != pid


async def test_a_stopped_daemon_is_started_when_it_is_needed(editor: Editor, project: User) -> None:
    await until(lambda: editor.status)
    await asyncio.to_thread(project.ok, "daemon", "stop")
    editor.type((0, 15), (0, 15), "!")
    await asyncio.sleep(1)
    assert (await asyncio.to_thread(project.type, "daemon", "status")).code == 1
    await editor.queue()


async def test_a_daemon_that_can_not_start_is_told_at_once(project: User, start: Start) -> None:
    shutil.rmtree(project.home / "specwright", ignore_errors=True)
    (project.home / "specwright").write_text("not a folder")
    editor = await opened(start)
    editor.joins = False
    await editor.until_shown()
    assert await asyncio.wait_for(editor.do("Queue as task"), 15) is None
    await editor.said("can't be made")
    (project.home / "specwright").unlink()


async def test_the_commands_of_a_script_change_nothing_outside(user: User, start: Start) -> None:
    made(user, [bash("echo done > made.txt"), *BOTH])
    editor = await opened(start)
    before = files_of(user.root)
    await editor.queue()
    assert files_of(user.root) == before
