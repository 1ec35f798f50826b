"""What an editor shows: problems, tasks at their specs, hunks, and findings at the hunks that bring them."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from lsp.stage import RESULT, SPEC, Stage, file, finding, mark, result
from lsp.texts import partial
from specwright.api import views as v
from specwright.lsp.lenses import hover, lenses
from specwright.tasks.model import Outcome, State

BARE = "# spec! Say two\nx = 1\n"
ERROR, WARNING, INFORMATION, HINT = 1, 2, 3, 4


def lines(items: list[dict]) -> list[int]:
    return [item["range"]["start"]["line"] for item in items]


def messages(items: list[dict]) -> list[str]:
    return [item["message"] for item in items]


async def test_a_problem_of_a_spec(stage: Stage) -> None:
    [item] = stage.items(stage.open(BARE))
    assert (item["code"], item["severity"], item["source"]) == ("SPEC101", ERROR, "specwright")
    assert item["range"] == {"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 15}}


async def test_a_code_leads_to_its_page(stage: Stage) -> None:
    [item] = stage.items(stage.open(BARE))
    page = Path(unquote(urlsplit(item["codeDescription"]["href"]).path))
    assert page.read_text().startswith("# SPEC101: ")


async def test_what_is_unfinished_is_a_hint_while_it_is_typed(stage: Stage) -> None:
    made = stage.open(BARE)
    stage.edit(made, partial((0, 15), (0, 15), "!"))
    assert [item["severity"] for item in stage.items(made)] == [HINT]
    stage.window._rested(made)
    assert [item["severity"] for item in stage.items(made)] == [ERROR]
    stage.edit(made, partial((0, 15), (0, 15), "!"))
    stage.window.saved(made)
    assert [item["severity"] for item in stage.items(made)] == [ERROR]


async def test_an_error_is_one_while_it_is_typed(stage: Stage) -> None:
    made = stage.open(BARE)
    stage.edit(made, partial((1, 0), (1, 0), "# - [ ] y\n# - priority: soon\n"))
    assert [item["severity"] for item in stage.items(made)] == [ERROR]


async def test_a_code_span_that_is_being_typed_is_a_hint(stage: Stage) -> None:
    made = stage.open(BARE)
    stage.edit(made, partial((1, 0), (1, 0), "# - [ ] y, check: `open\n"))
    assert [item["severity"] for item in stage.items(made, "SPEC003")] == [HINT]
    stage.window._rested(made)
    assert [item["severity"] for item in stage.items(made, "SPEC003")] == [ERROR]


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"state": State.WAITING, "outcome": None}, INFORMATION),
        ({"state": State.RUNNING, "outcome": None}, INFORMATION),
        ({"state": State.REVIEW}, INFORMATION),
        ({"state": State.REVIEW, "outcome": Outcome.FAILED}, WARNING),
        ({"state": State.REVIEW, "outcome": Outcome.INCONCLUSIVE}, WARNING),
        ({"state": State.REVIEW, "outcome": Outcome.BLOCKED}, WARNING),
        ({"state": State.FAILED, "outcome": Outcome.EMPTY}, WARNING),
        ({"state": State.ACCEPTED}, None),
        ({"state": State.REJECTED}, None),
        ({"state": State.CANCELLED}, None),
    ],
)
async def test_how_a_task_is_shown_in_each_state(stage: Stage, given: dict, severity: int | None) -> None:
    stage.marks(mark(**given, summary="it stands so"))
    found = stage.items(stage.open(), "task")
    assert [item["severity"] for item in found] == ([severity] if severity else [])
    assert messages(found) == (["it stands so [k7f3qa]"] if severity else [])


HANDLE = "\n\n# spec! Say three (#k7f3qz)\n# - [ ] other\n"


@pytest.mark.parametrize(
    ("text", "given", "line", "outdated"),
    [
        (SPEC, {"title": "Renamed"}, 0, False),
        ("\n\n\n" + SPEC, {}, 3, False),
        (SPEC.replace("it says", "it shows"), {}, 0, True),
        (SPEC + HANDLE, {"handle": "k7f3qz", "digest": "other"}, 10, True),
        (SPEC.replace("# spec!", "# old"), {"line": 2}, 1, False),
        ("", {"line": 7}, 0, False),
        ("x\n", {"line": 7}, 0, False),
    ],
    ids=["digest", "moved", "title", "handle", "gone", "empty text", "gone and shorter"],
)
async def test_where_a_task_is_shown(stage: Stage, text: str, given: dict, line: int, outdated: bool) -> None:
    stage.marks(mark(**given))
    made = stage.open(text)
    [item] = stage.items(made, "task")
    assert item["range"]["start"]["line"] == line
    assert ("Queue as task" in stage.titles(made, line)) is outdated


@pytest.mark.parametrize("state", [State.FAILED, State.ACCEPTED])
async def test_a_task_that_is_over_leaves_with_its_spec(stage: Stage, state: State) -> None:
    stage.marks(mark(state=state))
    assert stage.items(stage.open("x = 1\n")) == []


async def test_of_several_tasks_of_one_spec_the_newest_is_shown(stage: Stage) -> None:
    stage.marks(mark("newest", state=State.RUNNING), mark("middle"), mark("oldest", state=State.FAILED))
    assert messages(stage.items(stage.open(), "task")) == ["ready for review [newest]"]


async def test_tasks_of_another_file_are_not_shown(stage: Stage) -> None:
    stage.marks(mark(path="b.py"))
    assert stage.items(stage.open(), "task") == []


@pytest.mark.parametrize("row", [0, 6, 8])
async def test_a_task_moves_with_its_spec(stage: Stage, row: int) -> None:
    text = "x\n" * 10 + SPEC
    stage.marks(mark())
    made = stage.open(text)
    assert lines(stage.items(made, "task")) == [10]
    stage.edit(made, partial((row, 0), (row, 0), "new\nlines\n"))
    assert lines(stage.items(made, "task")) == [12]
    assert "Accept all of 'Say two'" in stage.titles(made, 12)


async def test_hunks_of_the_result_under_review(stage: Stage) -> None:
    made = stage.open()
    stage.show(result(stage.root))
    found = stage.items(made, "hunk")
    assert lines(found) == [2, 7]
    assert messages(found)[0] == "Hunk 1.1 of 'Say two': x = 'two' (+1 −1)"
    assert found[0]["data"] == {"task": "k7f3qa", "run": 1, "hunk": "1.1"}


async def test_a_hunk_that_the_users_text_stands_against(stage: Stage) -> None:
    made = stage.open(SPEC.replace("x = 'one'", "x = 'mine'"))
    stage.show(result(stage.root))
    conflict, pending = stage.items(made, "hunk")
    assert (conflict["severity"], pending["severity"]) == (WARNING, INFORMATION)
    assert "conflicts with your text here" in conflict["message"]


async def test_a_hunk_that_is_there_already_says_so(stage: Stage) -> None:
    made = stage.open(SPEC.replace("x = 'one'", "x = 'two'"))
    stage.show(result(stage.root))
    assert "(already there)" in messages(stage.items(made, "hunk"))[0]


async def test_hunks_follow_the_typing(stage: Stage) -> None:
    made = stage.open()
    stage.show(result(stage.root))
    stage.edit(made, partial((5, 0), (5, 0), "new\n"))
    assert lines(stage.items(made, "hunk")) == [2, 8]
    stage.edit(made, partial((8, 0), (8, 0), "z"))
    assert "conflicts" in messages(stage.items(made, "hunk"))[1]


async def test_a_decided_hunk_is_shown_no_more(stage: Stage) -> None:
    made = stage.open()
    stage.show(result(stage.root, facts=(v.FactView("1.1", False, True),)))
    assert lines(stage.items(made, "hunk")) == [7]


ELSEWHERE = {
    "new file b.py": file(None, "x\n", "b.py"),
    "deletes b.py": file("x\n", None, "b.py"),
    "renames c.py to b.py": file("x\n", "x\n", "b.py", old_path="c.py"),
    "changes the mode of b.py": file("x\n", "x\n", "b.py", modes=("100644", "100755")),
    "changes the binary of b.py": file(None, None, "b.py", binary=True),
    "changes the line ends of b.py": file("x\n", "x\r\n", "b.py"),
}


@pytest.mark.parametrize("told", ELSEWHERE)
async def test_what_has_no_place_in_a_text_is_shown_at_the_spec(stage: Stage, told: str) -> None:
    stage.marks(mark())
    made = stage.open()
    stage.show(result(stage.root, ELSEWHERE[told]))
    [item] = stage.items(made, "hunk")
    assert item["range"]["start"]["line"] == 0
    assert told in item["message"]
    assert "Accept b.py" in " ".join(stage.titles(made, 0))


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (finding("a.py", 8), [7]),
        (finding("a.py", 3), [2]),
        (finding("a.py", 5), []),
        (finding("b.py", 8), []),
        (finding(None, None), []),
    ],
)
async def test_a_finding_is_shown_at_the_hunk_that_brings_it(
    stage: Stage, found: v.FindingView, shown: list[int]
) -> None:
    made = stage.open()
    stage.show(result(stage.root, findings=(found,)))
    items = stage.items(made, "gate")
    assert lines(items) == shown
    assert all(item["message"].startswith("lint: unused (F401, in hunk ") for item in items)


async def test_only_what_differs_is_sent(stage: Stage) -> None:
    made = stage.open()
    stage.show(result(stage.root))
    before = len(stage.screen.sent)
    stage.window.show()
    stage.edit(made, partial((7, 9), (7, 9), "  # 😀"))
    stage.edit(made, partial((7, 9), (7, 14), ""))
    assert len(stage.screen.sent) <= before + 2
    stage.window.publish(made)
    assert len(stage.screen.sent) <= before + 2


async def test_the_lenses_are_the_first_actions(stage: Stage) -> None:
    stage.marks(mark())
    made = stage.open()
    stage.show(result(stage.root))
    found = [(lens.range.start.line, lens.command.title) for lens in lenses(stage.window, made) if lens.command]
    assert found[:3] == [(0, "Accept all"), (0, "Reject all"), (0, "Request changes…")]
    assert found[3:] == [(n, f"{verb} this hunk") for n in (2, 7) for verb in ("Accept", "Reject")]


@pytest.mark.parametrize("state", [None, State.ACCEPTED, State.REJECTED, State.CANCELLED])
async def test_the_lens_of_a_spec_with_nothing_open_queues_it(stage: Stage, state: State | None) -> None:
    stage.marks(*([mark(state=state)] if state else []))
    titles = [lens.command.title for lens in lenses(stage.window, stage.open()) if lens.command]
    assert titles[0] == "Queue as task"


async def test_a_spec_that_can_not_be_queued_has_no_lens(stage: Stage) -> None:
    assert lenses(stage.window, stage.open("# spec! A\n# - [ ] y, check: `open\n")) == []


async def told(stage: Stage, line: int, text: str = RESULT) -> str:
    made = stage.open()
    stage.show(result(stage.root, file(result=text)))
    found = hover(stage.window, made, partial((line, 0), (line, 0), "").range.start)
    return found.contents.value if found else ""


async def test_a_hover_shows_what_a_hunk_would_change(stage: Stage) -> None:
    assert (await told(stage, 2)).endswith("```diff\n-x = 'one'\n+x = 'two'\n```")


@pytest.mark.parametrize("bad", ["```\n[click](http://evil)", "`````` x", "```diff"])
async def test_no_text_of_a_hunk_ends_its_fence(stage: Stage, bad: str) -> None:
    text = await told(stage, 2, SPEC.replace("x = 'one'", bad))
    _head, _, rest = text.partition("\n\n")
    fence = rest.partition("diff\n")[0]
    assert set(fence) == {"`"}
    assert rest.count(fence) == 2
    assert rest.endswith(f"\n{fence}")


@pytest.mark.parametrize("bad", ["[a](http://evil)", "![a](http://evil)", "<img src=x>", "*a* _b_ `c` # d | e ~f~"])
async def test_no_words_of_an_agent_are_read_as_markdown(stage: Stage, bad: str) -> None:
    head = (await told(stage, 2, SPEC.replace("x = 'one'", bad))).partition("\n\n")[0]
    assert bad not in head
    assert all(head[at - 1] == "\\" for at, character in enumerate(head) if character in "[]()<>*_`#|~!")


async def test_a_long_hunk_is_cut_in_the_hover(stage: Stage) -> None:
    text = await told(stage, 2, SPEC.replace("x = 'one'\n", "z = 1\n" * 500))
    assert "… 441 more lines" in text


async def test_a_hover_at_the_spec_tells_how_its_task_stands(stage: Stage) -> None:
    stage.marks(mark())
    assert await told(stage, 0) == r"Say two: ready for review \[k7f3qa\]"
