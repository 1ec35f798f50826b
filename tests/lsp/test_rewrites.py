"""Code actions with edits, end to end: applied by an editor, read again, taken back in one step."""

import re

import pytest
from lsprotocol import types as t

from lsp.conftest import Start
from lsp.editor import NEOVIM, VSCODE
from lsp.texts import document, edited, place
from lsp.typist import apply, offered
from specwright.lsp import rewrites
from specwright.spec.languages import language_of
from specwright.spec.model import Problem, Severity, Span, Spec
from specwright.spec.parser import parse
from specwright.spec.rules import catalogue
from specwright.spec.rules.rule import Edit, Fix, Rule
from user import User

TWO = "# spec! Say two 😀\n# - [ ] one\n# - [ ] two\nx = 1\n"


def rewrites_of(actions: dict[str, t.CodeAction]) -> dict[str, t.CodeAction]:
    """Without quick fixes of what is said of the spec."""
    return {title: action for title, action in actions.items() if action.kind == t.CodeActionKind.RefactorRewrite}


def specs(text: str, path: str = "a.py") -> tuple[Spec, ...]:
    return parse(text, language_of(path))[0]


@pytest.mark.parametrize("capabilities", [NEOVIM, VSCODE], ids=["neovim", "vscode"])
async def test_each_edit_is_one_step(project: User, start: Start, capabilities: t.ClientCapabilities) -> None:
    editor = await start(capabilities)
    editor.open("a.py", TWO)
    handle, more, split, move = "Give this spec a handle", "Add a criterion", "Split into two specs", "Move this"
    titles = rewrites_of(await offered(editor, (1, 0)))
    assert list(titles) == [handle, more, split, f"{move} criterion to its own spec"]
    assert list(rewrites_of(await offered(editor, (0, 0)))) == [handle, more, split, "Remove this spec"]
    for title in titles:
        apply(editor, (await offered(editor, (1, 0)))[title])
        found = specs(editor.text())
        assert len(found) == (2 if "two" in title or move in title else 1)
        assert bool(found[0].handle) == (title != more)
        assert sum(len(spec.criteria) for spec in found) == (3 if title == more else 2)
        editor.undo()
        assert editor.text() == TWO


async def test_a_todo_and_a_selection_become_specs(project: User, start: Start) -> None:
    editor = await start(VSCODE)
    editor.open("a.ts", "  // TODO: say 😀\r\n  // loudly\r\nx\r\n", "typescript")
    apply(editor, (await offered(editor, (0, 9), path="a.ts"))["Turn this TODO into a spec"], "a.ts")
    [made] = specs(editor.text("a.ts"), "a.ts")
    assert (made.title, made.goal) == ("say 😀", "loudly")
    assert editor.text("a.ts").count("\r\n") == editor.text("a.ts").count("\n")
    editor.open("a.md", "# Page\n\nSay three\n\n- [ ] it does\n", "markdown")
    assert await offered(editor, (2, 3), path="a.md") == {}
    apply(editor, (await offered(editor, (2, 0), (5, 0), "a.md"))["Turn this text into a spec"], "a.md")
    [made] = specs(editor.text("a.md"), "a.md")
    assert (made.title, [c.text for c in made.criteria]) == ("Say three", ["it does"])


def actions(text: str, line: int = 0, only: list[str] | None = None, uri: str = "file:///a.py") -> list[t.CodeAction]:
    made = document(text, uri=uri)
    where = t.Range(place(line, 0), place(line, 0))
    shown = [
        t.Diagnostic(t.Range(place(0, 8), place(0, 9)), "x", code="SPEC101", source="specwright"),
        t.Diagnostic(t.Range(place(0, 8), place(0, 9)), "x", code="SPEC108", source="specwright"),
    ]
    params = t.CodeActionParams(t.TextDocumentIdentifier(uri), where, t.CodeActionContext(shown, only=only))
    return rewrites.actions(made, params, list, True)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("title", ["Add a criterion", "Split into two specs", "Add a goal", "Add a check"])
def test_a_last_line_that_nothing_ends_gets_the_ends_of_the_others(title: str, end: str) -> None:
    text = end.join(["# spec! Add one and move two", "# - [ ] one", "# - [ ] it is so"])
    [action] = [a for line in (0, 2) for a in actions(text, line) if a.title == title][:1]
    made = text
    for edit in reversed(action.edit.document_changes[0].edits):
        made = edited(made, t.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text), "utf-16")
    assert set(re.findall("\r\n|\r|\n", made)) == {end}
    assert len(specs(made)) == (2 if "two" in title else 1)


def test_a_fix_of_a_rule_is_a_quick_fix_of_its_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    def mend(look: object, problem: Problem) -> object:
        yield Fix("Add one", (Edit(Span(problem.span.end, problem.span.end), "\n# - [ ] ‹x›"),))

    rule = Rule("SPEC101", Severity.ERROR, catalogue.BY_CODE["SPEC101"].check, mend)
    monkeypatch.setitem(catalogue.BY_CODE, "SPEC101", rule)
    text = "x\n\n# spec! A\nx\n"
    [fix] = [a for a in actions(text, 2) if a.title == "Add one"]
    [change] = fix.edit.document_changes
    assert (change.edits[0].range.start, change.edits[0].new_text) == (place(2, 9), "\n# - [ ] ‹x›")
    [fix] = [a for a in actions("# spec! A\nx\n") if a.title == "Add one"]
    assert [item.code for item in fix.diagnostics] == ["SPEC101"]
    assert "Add one" in [a.title for a in actions("# spec! A\nx\n", only=["quickfix"])]
    assert "Add one" not in [a.title for a in actions("# spec! A\nx\n", only=["refactor"])]
    assert actions(text, 0) == []


@pytest.mark.parametrize(("code", "kind"), [("SPEC301", "quickfix"), ("SPEC101", "refactor.rewrite")])
def test_there_is_one_way_to_split_and_it_mends_what_is_said_of_size(code: str, kind: str) -> None:
    made = document("# spec! Add one and move two\n# - [ ] one\n# - [ ] two\n")
    where = t.Range(place(0, 9), place(0, 9))
    shown = t.Diagnostic(where, "x", code=code, source="specwright")
    params = t.CodeActionParams(t.TextDocumentIdentifier(made.uri), where, t.CodeActionContext([shown]))
    [action] = [a for a in rewrites.actions(made, params, list, True) if a.title.startswith("Split")]
    assert (action.kind, action.diagnostics) == (kind, [shown] if kind == "quickfix" else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# TODO: " + "x" * 1_000_000,
        "# spec! " + "\u202e" * 9000,
        "# spec! A\n# - [ ] " + "`" * 9000,
        "\ud83d",
    ],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.parametrize("uri", ["file:///a.py", "file:///a.md", "file:///a.c"])
def test_hostile_text_raises_nothing(text: str, uri: str) -> None:
    for line in (0, 1, 99):
        assert isinstance(actions(text, line, uri=uri), list)
    made = document(text, uri=uri)
    params = t.CodeActionParams(
        t.TextDocumentIdentifier(uri), t.Range(place(0, 0), place(99, 99)), t.CodeActionContext([])
    )
    assert isinstance(rewrites.actions(made, params, list, False), list)


async def test_a_quick_fix_keeps_the_line_ends_of_the_text(user: User, start: Start) -> None:
    user.make({"a.py": "x = 1\n"})
    editor = await start(VSCODE)
    editor.open("a.py", "# spec! A\r\n# It is so.\r\n# - [ ] it is ‹how›\r\nx = 1\r\n")
    apply(editor, (await offered(editor, (0, 9)))["Remove this spec"])
    assert editor.text() == "x = 1\r\n"
    editor.undo()
    apply(editor, (await offered(editor, (2, 3)))["Add a check"])
    editor.undo()
    editor.open("b.py", "# spec! A\r\n# It is so.\r\nx = 1\r\n")
    [title] = [title for title in await offered(editor, (0, 9), path="b.py") if title.startswith("Add a first")]
    apply(editor, (await offered(editor, (0, 9), path="b.py"))[title], "b.py")
    assert "\r\r" not in editor.text("b.py")
    assert editor.text("b.py").count("\n") == editor.text("b.py").count("\r\n") == 4
