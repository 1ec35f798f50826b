"""One window on values: documents of a folder, the marks and the result that a daemon would have told. No server."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lsprotocol import types as t

from lsp.texts import ADVICE, URI, document, place
from specwright.api import views as v
from specwright.lsp.actions import actions
from specwright.lsp.convert import Units, Wire
from specwright.lsp.desk import review_of
from specwright.lsp.document import Document
from specwright.lsp.window import Window
from specwright.spec.digest import digest
from specwright.tasks.model import Outcome, State

SPEC = "# spec! Say two\n# - [ ] it says two\nx = 'one'\n\n\n\n\ny = 'one'\n"
RESULT = SPEC.replace("x = 'one'", "x = 'two'").replace("y = 'one'", "y = 'two'")


class Screen:
    """An editor that shows what it is sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Document] = []
        self.sent: list[Wire] = []
        self.lenses = 0
        self.units = Units()

    def documents(self) -> Iterator[Document]:
        return iter(list(self.opened))

    def folders(self) -> Iterator[Path]:
        return iter([self.folder])

    def send(self, body: str) -> None:
        self.sent.append(json.loads(body)["params"])

    def tell(self, method: str, params: Any) -> None:
        raise AssertionError(method)

    def refresh_lenses(self) -> None:
        self.lenses += 1

    has_progress = False

    async def begin_progress(self, token: str, title: str) -> bool:
        raise AssertionError(token)

    def report_progress(self, token: str, text: str) -> None:
        raise AssertionError(token)

    def end_progress(self, token: str) -> None:
        raise AssertionError(token)


class Stage:
    """A window on a checkout."""

    def __init__(self, folder: Path) -> None:
        (folder / ".git").mkdir(parents=True)
        self.root = folder
        self.screen = Screen(folder)
        self.window = Window(self.screen)

    def open(self, text: str = SPEC, path: str = "a.py") -> Document:
        made = document(text, uri=(self.root / path).as_uri())
        self.screen.opened.append(made)
        self.window._plan(made)
        return made

    def marks(self, *marks: v.SpecPlace) -> None:
        """What the daemon says of tasks, newest first."""
        self.window.desk.marks[str(self.root)] = marks

    def show(self, result: v.Result) -> None:
        """Make this the result under review."""
        self.window.desk.shown = review_of(result)
        self.window.show()

    def edit(self, made: Document, change: object) -> None:
        made.apply_change(change)
        self.window.changed(made)

    def items(self, made: Document, code: str = "") -> list[Wire]:
        """What is shown of a document now."""
        self.window.publish(made)
        shown = [sent for sent in self.screen.sent if sent["uri"] == made.uri]
        items = shown[-1]["diagnostics"]
        return [item for item in items if item["code"].startswith(code) and item["code"] not in ADVICE]

    def titles(self, made: Document, line: int, only: list[t.CodeActionKind] | None = None) -> list[str]:
        return [action.title for action in self.actions(made, line, only)]

    def actions(self, made: Document, line: int, only: list[t.CodeActionKind] | None = None) -> list[t.CodeAction]:
        at = t.Range(start=place(line, 0), end=place(line, 0))
        context = t.CodeActionContext(diagnostics=[], only=only)
        named = t.TextDocumentIdentifier(uri=made.uri)
        return actions(self.window, made, t.CodeActionParams(text_document=named, range=at, context=context))


def mark(task: str = "k7f3qa", text: str = SPEC, uri: str = URI, **given: Any) -> v.SpecPlace:
    """A task of the first spec in a text."""
    [_, _, spec], *_ = document(text, uri=uri).placed()
    made = v.SpecPlace(
        task=task,
        title=spec.title,
        path="a.py",
        line=spec.span.start.line + 1,
        digest=digest(spec),
        handle=spec.handle,
        state=State.REVIEW,
        outcome=Outcome.PASSED,
        summary="ready for review",
        question=None,
    )
    return replace(made, **given)


def file(base: str | None = SPEC, result: str | None = RESULT, path: str = "a.py", **given: Any) -> v.ResultFile:
    modes = ("000000" if base is None else "100644", "000000" if result is None else "100644")
    made = v.ResultFile(path=path, old_path=None, base=base, result=result, modes=modes, binary=False, first=1)
    return replace(made, **given)


def result(root: Path, *files: v.ResultFile, **given: Any) -> v.Result:
    queued = mark()
    made = v.Result(
        task=queued.task,
        run=1,
        title=queued.title,
        digest=queued.digest,
        handle=None,
        spec_path="a.py",
        checkout=str(root),
        base="",
        files=files or (file(),),
        facts=(),
        findings=(),
    )
    return replace(made, **given)


def finding(path: str | None, line: int | None, message: str = "unused") -> v.FindingView:
    return v.FindingView("lint", "F401", "medium", message, path, line, None, None, None)
