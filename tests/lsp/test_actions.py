"""The one door that every editor has: what can be done, at the spec, at the hunk and at the file."""

import pytest
from lsprotocol import types as t

from lsp.stage import SPEC, Stage, file, mark, result
from lsp.texts import partial
from specwright.api import views as v
from specwright.api.codec import decode
from specwright.api.editor import COMMANDS
from specwright.lsp.actions import actions
from specwright.tasks.model import Outcome, Reason, State

QUEUE, FILE, LOG = "Queue as task", "Queue all specs of this file", "Show the log of 'Say two'"
ALL = ["Accept all of 'Say two'", "Reject all of 'Say two'", "Request changes to 'Say two'…"]
REVIEW, DIFF, RETRY = "Review 'Say two'", "Show the diff of 'Say two'", "Retry 'Say two'"
BLOCKED = {"outcome": Outcome.BLOCKED}


@pytest.mark.parametrize("line", [0, 1])
async def test_a_spec_can_be_queued_at_each_of_its_lines(stage: Stage, line: int) -> None:
    found = stage.actions(stage.open(), line)
    assert [action.title for action in found] == [QUEUE, FILE]
    assert [action.is_preferred for action in found] == [True, None]
    assert found[0].command.arguments[0]["line"] == line


async def test_a_line_without_a_spec_offers_the_file_only(stage: Stage) -> None:
    assert stage.titles(stage.open(), 5) == [FILE]
    assert stage.titles(stage.open("x = 1\n", "b.py"), 0) == []


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("# spec! A\n# - [ ] y, check: `open\n", False),
        ("# spec! A\n# - [ ] y, check: `true`\nx = 1\n", True),
        ("# spec! A\n# - [ ] y, check: `open\n\nx = 1\n# spec! B\n# - [ ] y\n", False),
    ],
)
async def test_only_what_has_no_error_can_be_queued(stage: Stage, text: str, offered: bool) -> None:
    assert (QUEUE in stage.titles(stage.open(text), 0)) is offered


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ({"state": State.WAITING}, ["Start 'Say two' next", "Cancel 'Say two'"]),
        ({"state": State.RUNNING}, ["Cancel 'Say two'", LOG]),
        ({"state": State.REVIEW}, [*ALL, REVIEW, DIFF, LOG, RETRY]),
        ({"state": State.REVIEW, **BLOCKED}, ["Answer 'Say two'…", DIFF, LOG, "Reject all of 'Say two'", RETRY]),
        ({"state": State.FAILED}, [QUEUE, RETRY, LOG]),
        ({"state": State.CANCELLED}, [QUEUE, RETRY, LOG]),
        ({"state": State.REJECTED}, [QUEUE, RETRY, LOG]),
        ({"state": State.ACCEPTED}, [QUEUE, LOG]),
    ],
)
async def test_what_can_be_done_with_a_task_in_each_state(stage: Stage, given: dict, titles: list[str]) -> None:
    stage.marks(mark(**given))
    assert stage.titles(stage.open(), 1) == [*titles, FILE]


async def test_a_task_whose_spec_has_changed_can_be_queued_again(stage: Stage) -> None:
    stage.marks(mark(state=State.RUNNING))
    titles = stage.titles(stage.open(SPEC.replace("it says", "it shows")), 0)
    assert titles[:2] == [QUEUE, "Cancel 'Say two'"]


async def test_a_task_whose_spec_is_gone_can_be_decided_where_it_stood(stage: Stage) -> None:
    stage.marks(mark(line=3))
    assert ALL[0] in stage.titles(stage.open("\n\n\n\n"), 2)


async def test_what_waits_for_trust_offers_it_first(stage: Stage) -> None:
    stage.marks(mark(state=State.WAITING, reasons=(Reason.TRUST,)))
    assert stage.titles(stage.open(), 0)[0] == "Show what this project would run, and agree"


async def test_a_hunk_is_decided_at_its_lines(stage: Stage) -> None:
    made = stage.open()
    stage.show(result(stage.root))
    found = stage.actions(made, 7)
    assert [action.title for action in found] == [
        "Accept this hunk",
        "Reject this hunk",
        "Accept all hunks of this file",
        "Reject all hunks of this file",
        FILE,
    ]
    assert [action.title for action in found if action.is_preferred] == ["Accept this hunk"]
    assert found[0].command.arguments == [{"task": "k7f3qa", "hunk": "1.2"}]


async def test_a_conflict_can_only_be_rejected(stage: Stage) -> None:
    made = stage.open(SPEC.replace("x = 'one'", "x = 'mine'"))
    stage.show(result(stage.root))
    assert stage.titles(made, 2)[0] == "Reject this hunk"


async def test_a_hunk_that_only_takes_lines_in_is_at_the_line_below(stage: Stage) -> None:
    made = stage.open()
    stage.show(result(stage.root, file(result=SPEC.replace("\n\n\n\n\ny", "\n\n\nnew = 1\n\n\ny"))))
    [item] = stage.items(made, "hunk")
    assert "Accept this hunk" in stage.titles(made, item["range"]["start"]["line"])


async def test_the_task_under_review_is_not_offered_for_review(stage: Stage) -> None:
    stage.marks(mark(), mark("second", title="Say three", digest="other", line=7))
    made = stage.open()
    stage.show(result(stage.root))
    assert REVIEW not in stage.titles(made, 0)
    assert "Review 'Say three'" in stage.titles(made, 6)


async def test_files_without_a_place_are_decided_at_the_spec(stage: Stage) -> None:
    stage.marks(mark())
    made = stage.open()
    stage.show(result(stage.root, file(None, "x\n", "b.py"), facts=()))
    assert stage.titles(made, 0)[:2] == ["Accept b.py (created)", "Reject b.py (created)"]
    stage.show(result(stage.root, file(None, "x\n", "b.py"), facts=(v.FactView("1.1", True, True),)))
    assert "b.py" not in " ".join(stage.titles(made, 0))


@pytest.mark.parametrize(
    ("only", "titles"),
    [
        ([t.CodeActionKind.QuickFix], [QUEUE]),
        ([t.CodeActionKind.Source], [FILE]),
        (["quickfix"], [QUEUE]),
        (["source"], [FILE]),
        (["source.fixAll"], []),
        ([t.CodeActionKind.Refactor], []),
        ([], [QUEUE, FILE]),
    ],
)
async def test_only_the_kinds_that_are_asked_for(stage: Stage, only: list, titles: list[str]) -> None:
    assert stage.titles(stage.open(), 0, only) == titles


async def test_an_action_names_the_diagnostics_that_it_is_about(stage: Stage) -> None:
    stage.marks(mark())
    made = stage.open()
    stage.show(result(stage.root))
    shown = [
        t.Diagnostic(partial((7, 0), (7, 1), "").range, "", code=item["code"], source="specwright", data=item["data"])
        for item in stage.items(made)
        if item.get("data")
    ]
    named = t.TextDocumentIdentifier(uri=made.uri)
    at = partial((7, 0), (7, 0), "").range
    found = actions(stage.window, made, t.CodeActionParams(named, at, t.CodeActionContext(diagnostics=shown)))
    assert {a.title: [d.data.get("hunk") for d in a.diagnostics or []] for a in found}["Accept this hunk"] == ["1.2"]


@pytest.mark.parametrize("state", State)
async def test_each_action_runs_a_command_that_reads_its_argument(stage: Stage, state: State) -> None:
    stage.marks(mark(state=state))
    made = stage.open()
    stage.show(result(stage.root, file(), file(None, "x\n", "b.py", first=9)))
    for line in (0, 2, 7):
        for action in stage.actions(made, line):
            [argument] = action.command.arguments
            decode(COMMANDS[action.command.command], argument)
            assert (action.edit, action.command.title) == (None, action.title)
