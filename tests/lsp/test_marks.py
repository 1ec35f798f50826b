"""A spec and its task find each other again: after edits, when reworded, in another file, and at the daemon."""

import asyncio

import pytest
from lsprotocol import types as t

from lsp.conftest import BOTH, TEXT, Start
from lsp.editor import Editor, until
from lsp.stage import SPEC, Stage, mark
from lsp.test_tasks import NOTE, made, opened
from lsp.texts import partial
from specwright.lsp.index import read
from specwright.lsp.marks import seen
from specwright.paths.scan import File
from specwright.tasks.model import State
from user import User

OTHER = "\n# spec! Sing about the sea\n# - [ ] it sings\n"
NEW = "# spec! Another\n# - [ ] x\n"
LONGER = "# spec! Say two\n# The program greets everybody who calls it twice a day.\n# - [ ] it says two\nx = 1\n"


def at(stage: Stage, document: object) -> dict[str, tuple[int, bool]]:
    """By task, its line and whether its spec was edited since."""
    found = stage.window.marked(document)
    return {entry.mark.task: (entry.line, entry.outdated) for entry in found if entry.block}


@pytest.mark.parametrize(
    "edits",
    [
        [((0, 8), (0, 15), "Whistle")],
        [((0, 8), (0, 15), "W"), ((0, 9), (0, 9), "histle"), ((1, 8), (1, 19), "it whistles")],
        [((0, 8), (0, 15), "Whistle"), ((0, 0), (0, 0), "# spec! Before\n# - [ ] x\n\n")],
    ],
    ids=["title", "all of it", "moved down"],
)
async def test_a_task_follows_its_spec_through_edits(stage: Stage, edits: list) -> None:
    stage.marks(mark())
    document = stage.open(SPEC + OTHER)
    stage.items(document)
    for edit in edits:
        stage.edit(document, partial(*edit))
    line = next(n for n, row in enumerate(document.rows) if "Whistle" in row)
    assert at(stage, document) == {"k7f3qa": (line, True)}
    assert "Queue as task" in stage.titles(document, line)


async def test_of_two_specs_of_one_comment_each_keeps_its_task(stage: Stage) -> None:
    text = "# spec! A\n# - [ ] x\n#\n# spec! B\n# - [ ] y\n"
    stage.marks(mark("aaaaaa", text), mark("bbbbbb", "# spec! B\n# - [ ] y\n"))
    document = stage.open(text)
    stage.items(document)
    stage.edit(document, partial((0, 8), (0, 9), "Z"))
    stage.edit(document, partial((3, 8), (3, 9), "A"))
    assert at(stage, document) == {"aaaaaa": (0, True), "bbbbbb": (3, True)}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (LONGER.replace("Say two", "Say it twice"), 0),
        (OTHER + LONGER.replace("Say two", "Speak two").replace("it says", "it speaks"), 3),
        (OTHER, None),
        (LONGER.replace("Say two", "Bake").replace("greets everybody who calls it", "makes good bread"), None),
    ],
    ids=["title", "behind another", "gone", "another"],
)
async def test_a_spec_that_was_reworded_elsewhere_is_found_by_its_words(
    stage: Stage, text: str, line: int | None
) -> None:
    goal = "The program greets everybody who calls it twice a day."
    stage.marks(mark(text=LONGER, goal=goal, state=State.WAITING))
    document = stage.open(text)
    assert at(stage, document) == ({} if line is None else {"k7f3qa": (line, True)})


def needing(what: str, title: str = "Add") -> str:
    return f"# spec! {title} unit tests for the {what}\n# Every branch of the {what} has one.\n# - [ ] x\nx = 1\n"


def told(stage: Stage, document: object) -> list[tuple[str, str]]:
    """What a save would tell of: each task, and what its spec is called."""
    return [(spec.task, spec.title) for spec in seen(document, stage.window.marked(document))]


def tasks_for(*things: str) -> list:
    """Their tasks, newest first, whose specs follow each other."""
    return [
        mark(f"{what}1", needing(what), goal=f"Every branch of the {what} has one.", state=State.WAITING, line=line)
        for line, what in zip(range(1, 100, 4), things, strict=False)
    ][::-1]


@pytest.mark.parametrize("order", [("lexer", "parser"), ("parser", "lexer")])
async def test_of_specs_that_were_all_reworded_each_is_found_by_what_is_nearest(
    stage: Stage, order: tuple[str, str]
) -> None:
    stage.marks(*tasks_for("parser", "lexer"))
    document = stage.open("".join(needing(what, "Add many") for what in order))
    assert at(stage, document) == {f"{what}1": (line, True) for what, line in zip(order, (0, 4), strict=True)}


async def test_what_a_spec_is_by_its_words_alone_is_not_told_to_the_daemon(stage: Stage) -> None:
    stage.marks(*tasks_for("parser"))
    document = stage.open(needing("lexer"))
    assert at(stage, document) == {"parser1": (0, True)}
    assert told(stage, document) == []
    stage.edit(document, partial((0, 8), (0, 11), "Write"))
    assert (at(stage, document), told(stage, document)) == ({"parser1": (0, True)}, [])


async def test_a_spec_where_another_task_stands_is_not_taken_by_words(stage: Stage) -> None:
    stage.marks(*tasks_for("parser", "lexer"))
    document = stage.open(needing("lexer"))
    assert at(stage, document) == {"lexer1": (0, False)}
    assert [entry.line for entry in stage.window.marked(document) if entry.block is None] == [0]


async def test_a_spec_where_another_task_stands_is_in_nobodys_way(stage: Stage) -> None:
    stage.marks(*tasks_for("parser", "lexer"))
    document = stage.open(needing("lexer") + needing("parser", "Please now write new"))
    assert at(stage, document) == {"lexer1": (0, False), "parser1": (4, True)}


async def test_of_two_tasks_of_a_reworded_spec_the_newest_is_shown(stage: Stage) -> None:
    stage.marks(
        *tasks_for("parser"), mark("older1", needing("parser"), goal="It was about another thing then.", digest="")
    )
    document = stage.open(needing("parser", "Add many"))
    assert [(entry.mark.task, entry.line) for entry in stage.window.marked(document)] == [("parser1", 0)]


FIRST, SECOND = "# spec! A\n# - [ ] one\nx = 1\n", "# spec! A\n# - [ ] two\nx = 1\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (FIRST.replace("one", "1") + SECOND, {"aaaaaa": (0, True), "bbbbbb": (3, False)}),
        (FIRST + SECOND.replace("two", "2"), {"aaaaaa": (0, False), "bbbbbb": (3, True)}),
        (FIRST.replace("one", "1") + SECOND.replace("two", "2"), {"aaaaaa": (0, True), "bbbbbb": (3, True)}),
        (SECOND + FIRST.replace("one", "1"), {"aaaaaa": (3, True), "bbbbbb": (0, False)}),
    ],
    ids=["first", "second", "both", "the first, which is the second now"],
)
async def test_of_two_specs_of_one_title_each_keeps_its_task_when_they_were_edited_elsewhere(
    stage: Stage, text: str, shown: dict[str, tuple[int, bool]]
) -> None:
    stage.marks(mark("bbbbbb", SECOND, line=4), mark("aaaaaa", FIRST, goal="What it said then."))
    document = stage.open(text)
    assert at(stage, document) == shown
    assert [task for task, _ in told(stage, document) if shown[task][1]] == []


async def test_of_two_tasks_of_one_spec_the_newest_is_shown(stage: Stage) -> None:
    older = mark("aaaaaa", SPEC.replace("it says", "she says"))
    stage.marks(mark("bbbbbb"), older)
    document = stage.open(SPEC + SPEC.replace("it says", "they say"))  # of the other there is none
    assert [(entry.mark.task, entry.line) for entry in stage.window.marked(document)] == [("bbbbbb", 0)]


@pytest.mark.parametrize("is_edited", [False, True])
async def test_a_spec_of_the_same_title_in_another_file_is_told_of_if_its_text_is_the_same(
    stage: Stage, is_edited: bool
) -> None:
    text = SPEC.replace("it says", "she says") if is_edited else SPEC
    (stage.root / "b.py").write_text(text)
    stage.marks(mark(state=State.WAITING))
    index, root = stage.window.indexer.index, str(stage.root)
    index.fill(root, {"b.py": read(File(root, "b.py"))}, True, {"b.py"})
    stage.window.seek_moved()
    document = stage.open(text, "b.py")
    assert at(stage, document) == {"k7f3qa": (0, is_edited)}
    assert told(stage, document) == ([] if is_edited else [("k7f3qa", "Say two")])
    await asyncio.sleep(0)


async def moved_to(editor: Editor, project: User, text: str) -> None:
    """The spec goes from `a.py` to `b.py`, as the user and git would move it."""
    editor.close()
    project.put({"a.py": "x = 'one'\n", "b.py": text})
    project.git("add", ".")
    project.git("commit", "-qm", "Move")
    changed = [t.FileEvent(editor.uri(path), t.FileChangeType.Changed) for path in ("a.py", "b.py")]
    editor.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams(changed))
    editor.open("b.py")


async def test_a_task_is_shown_where_its_spec_was_moved_to_and_not_queued_twice(user: User, start: Start) -> None:
    editor = await opened_paused(user, start)
    task = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await moved_to(editor, user, "y = 1\n" + TEXT)
    await until(lambda: any(line.startswith("1: ") for line in editor.shown("task", "b.py")))
    again = await editor.run("queue", uri=editor.uri("b.py"), line=1)
    await editor.said(NOTE)
    assert [(one["task"], one["new"]) for one in again["queued"]] == [(task, False)]
    assert [line.path for line in (await editor.ask("tasks")).tasks] == ["b.py"]


async def test_a_spec_that_got_another_title_in_the_editor_replaces_its_task(user: User, start: Start) -> None:
    editor = await opened_paused(user, start)
    first = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_task(first, "waiting")
    editor.type((0, 8), (0, 15), "Whistle loudly")
    second = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    states = {line.task: line.state for line in (await editor.ask("tasks")).tasks}
    assert states == {first: "cancelled", second: "waiting"}


async def opened_paused(user: User, start: Start) -> Editor:
    editor = await opened(start) if made(user, BOTH) else None
    assert editor
    await editor.run("pause")
    return editor


async def test_a_handle_that_another_buffer_holds_unsaved_counts_when_a_spec_is_queued(
    user: User, start: Start
) -> None:
    made(user, BOTH, b_py="# spec! Say it again\n# - [ ] it is said, check: manual\n# - after: #k7f3qa\n")
    editor = await opened(start)
    editor.open("b.py")
    editor.type((0, 15), (0, 15), " (#k7f3qa)")
    await editor.until_shown(code="SPEC403", path="b.py")
    queued = await editor.run("queue", uri=editor.uri("b.py"), line=0)
    await editor.said(NOTE)
    assert (len(queued["queued"]), queued["refused"]) == (1, [])


async def states(editor: Editor) -> dict[str, str]:
    return {line.task: line.state for line in (await editor.ask("tasks")).tasks}


async def test_a_spec_of_an_unsaved_buffer_keeps_its_task_when_a_similar_one_is_queued_from_the_disk(
    user: User, start: Start
) -> None:
    made(user, BOTH, a_py=needing("lexer"))
    editor = await opened(start)
    await editor.run("pause")
    editor.type((0, 0), (0, 0), needing("lexer").replace("lexer", "parser", 1))
    first = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    typed = await asyncio.to_thread(user.ok, "queue", "a.py:1")
    assert f"({first}, waiting) may be another version of 'Add unit tests for the lexer'" in typed.err
    assert list((await states(editor)).values()) == ["waiting", "waiting"]
    await editor.until_task(first, "waiting")


async def test_a_spec_that_is_likest_by_its_words_alone_keeps_its_task_when_it_is_queued_in_an_editor(
    user: User, start: Start
) -> None:
    made(user, BOTH, a_py=needing("parser"))
    user.ok("pause")
    [first] = user.queue("a.py")
    user.put({"a.py": needing("lexer")})
    editor = await opened(start)
    await editor.until_task(first, "waiting")
    editor.save()
    await editor.run("queue", uri=editor.uri("a.py"), line=0)
    await editor.said(NOTE)
    await editor.said(f"({first}, waiting) may be another version")
    assert list((await states(editor)).values()) == ["waiting", "waiting"]


@pytest.mark.parametrize("is_edited", [False, True])
async def test_a_spec_that_was_cut_and_pasted_into_another_file_unsaved_keeps_its_task(
    user: User, start: Start, is_edited: bool
) -> None:
    editor = await opened_paused(user, start)
    spec = TEXT[: TEXT.index("x =")]
    first = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_task(first, "waiting")
    user.put({"b.py": "y = 1\n"})
    user.git("add", ".")
    user.git("commit", "-qm", "Add b.py")
    editor.open("b.py")
    editor.type((0, 0), (2, 0), "")
    editor.type((0, 0), (0, 0), spec.replace("it says", "she says") if is_edited else spec, "b.py")
    queued = (await editor.run("queueFile", uri=editor.uri("b.py")))["queued"]
    await editor.said(NOTE)
    assert [one["task"] == first for one in queued] == [not is_edited]
    assert (await states(editor))[first] == "waiting"
    if is_edited:
        await editor.said(f"({first}, waiting) may be another version")


async def test_a_spec_that_stood_in_another_file_all_along_takes_no_task_when_its_twin_is_cut(
    user: User, start: Start
) -> None:
    made(user, BOTH, b_py=TEXT)
    editor = await opened(start)
    await editor.run("pause")
    first = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_task(first, "waiting")
    editor.open("b.py")
    editor.type((0, 0), (2, 0), "")
    [queued] = (await editor.run("queueFile", uri=editor.uri("b.py")))["queued"]
    await editor.said(NOTE)
    await editor.said(f"({first}, waiting) may be another version")
    assert (queued["new"], (await states(editor))[first]) == (True, "waiting")


async def test_buffers_for_which_there_is_no_room_are_named(user: User, start: Start) -> None:
    """The smallest go first; what holds no spec and never did is not asked for."""
    waits = "# spec! Say it again\n# - [ ] it is said, check: manual\n# - after: #k7f3qa\n"
    made(user, BOTH, b_py=waits)
    user.put({"big.py": "x = 1\n" * 700_000 + NEW, "plain.py": "x = 1\n" * 700_000})
    editor = await opened(start)
    await editor.run("pause")
    for path in ("big.py", "plain.py"):
        editor.open(path)
        editor.type((0, 0), (0, 0), "y = 1\n", path)
    editor.type((0, 15), (0, 15), " (#k7f3qa)")
    editor.open("b.py")
    queued = await editor.run("queueFile", uri=editor.uri("b.py"))
    await editor.said("unsaved in big.py: it is too long")
    await editor.said(NOTE)
    assert (len(queued["queued"]), queued["refused"]) == (1, [])


async def test_of_two_specs_with_a_handle_the_copy_is_refused(user: User, start: Start) -> None:
    text = "# spec! Say two (#k7f3qa)\n# - [ ] it says two, check: `true`\n"
    made(user, BOTH, b_py=text)
    editor = await opened(start, "b.py")
    await editor.run("pause")
    user.put({"a.py": text})
    user.git("add", ".")
    editor.open("a.py")
    await editor.until_shown("also used at b.py:1", code="SPEC012", path="a.py")
    copy, own = [await editor.run("queue", uri=editor.uri(path), line=0) for path in ("a.py", "b.py")]
    await editor.said("Not queued: ")
    await editor.said(NOTE)
    assert (copy["task"], len(copy["refused"]), own["refused"]) == (None, 1, [])


async def test_what_a_saved_spec_is_called_by_is_known_when_it_is_opened_again(user: User, start: Start) -> None:
    editor = await opened_paused(user, start)
    first = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_task(first, "waiting")
    editor.type((0, 8), (0, 15), "Whistle a song that nobody knows")
    editor.type((0, 0), (0, 0), "import os\n\n")
    editor.save()
    other = await opened(start)
    await until(lambda: any(line.startswith("2: waiting") for line in other.shown("task")))
    user.ok("queue", "a.py")
    states = {line.task: line.state for line in (await editor.ask("tasks")).tasks}
    assert states.pop(first) == "cancelled"
    assert list(states.values()) == ["waiting"]


TWIN = "# spec! Same again\n# It is the same.\n# - [ ] it is, check: manual\n\nx = 1\n"


@pytest.mark.parametrize("above", ["", "import os\n" * 20], ids=["as it was", "moved down"])
@pytest.mark.parametrize("lines", [(1, 6, 11), (1, 6), (6, 11)], ids=str)
async def test_of_copies_in_one_file_each_keeps_its_task(stage: Stage, lines: tuple[int, ...], above: str) -> None:
    stage.marks(*(mark(f"task{line}", TWIN, line=line) for line in reversed(lines)))
    document = stage.open(above + 3 * TWIN)
    places = [line for line, _ in sorted(at(stage, document).values())]
    assert sorted(at(stage, document)) == sorted(f"task{line}" for line in lines)
    assert len(set(places)) == len(lines)
    if not above or len(lines) == 3:
        assert {task: line + 1 - above.count("\n") for task, (line, _) in at(stage, document).items()} == {
            f"task{line}": line for line in lines
        }


async def test_a_copy_that_is_pasted_above_leaves_the_task_where_it_is(stage: Stage) -> None:
    stage.marks(mark("k7f3qa", TWIN))
    document = stage.open(TWIN)
    assert at(stage, document) == {"k7f3qa": (0, False)}
    stage.edit(document, partial((0, 0), (0, 0), TWIN))
    assert at(stage, document) == {"k7f3qa": (5, False)}


@pytest.mark.parametrize("line", [2, 6], ids=["above", "below"])
async def test_a_copy_of_a_section_that_is_pasted_and_undone_leaves_the_task_where_it_is(
    stage: Stage, line: int
) -> None:
    section = "## spec! Say two\n\n- [ ] it says two\n\n"
    stage.marks(mark("k7f3qa", section, "file:///nowhere/a.md", path="a.md", line=3, state=State.WAITING))
    document = stage.open(f"# Plan\n\n{section}## Next\n", "a.md")
    assert at(stage, document) == {"k7f3qa": (2, False)}
    stage.edit(document, partial((line, 0), (line, 0), section))
    stage.edit(document, partial((line, 0), (line + 4, 0), ""))
    assert at(stage, document) == {"k7f3qa": (2, False)}


async def test_a_hover_shows_what_was_edited_since_it_was_queued(user: User, start: Start) -> None:
    editor = await opened_paused(user, start)
    await editor.do("Queue as task")
    await editor.said(NOTE)
    assert "Edited since" not in await hovered(editor)
    editor.type((1, 8), (1, 10), "it always")
    await editor.until_shown("Edited since it was queued", code="SPEC501")
    told = await hovered(editor)
    assert "-- [ ] it says two" in told
    assert "+- [ ] it always says two" in told


async def hovered(editor: Editor) -> str:
    at = t.TextDocumentPositionParams(t.TextDocumentIdentifier(editor.uri("a.py")), t.Position(0, 3))
    found = await editor.client.text_document_hover_async(t.HoverParams(at.text_document, at.position))
    return found.contents.value if found else ""


async def test_a_task_stays_at_its_spec_when_that_is_edited_beside_a_copy(stage: Stage) -> None:
    stage.marks(mark("k7f3qa", TWIN))
    document = stage.open(TWIN)
    assert at(stage, document) == {"k7f3qa": (0, False)}
    stage.edit(document, partial((5, 0), (5, 0), TWIN))
    assert at(stage, document) == {"k7f3qa": (0, False)}
    stage.edit(document, partial((2, 8), (2, 10), "it always"))
    assert at(stage, document) == {"k7f3qa": (0, True)}


async def test_a_hover_tells_why_a_check_could_not_decide(user: User, start: Start) -> None:
    made(user, BOTH)
    user.put({"a.py": TEXT.replace("check: `", "check: `nosuch-program ", 1)})
    user.git("commit", "-qam", "Check by what is not there")
    editor = await opened(start)
    task = (await editor.do("Queue as task"))["task"]
    await editor.said(NOTE)
    await editor.until_task(task, "inconclusive")
    told = await hovered(editor)
    assert "**criterion:AC1**: error." in told
    assert "could not be run" in told
