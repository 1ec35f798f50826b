"""A save is of what the buffer held then, and of what was accepted by then, whatever comes right behind it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types as t
from pygls.workspace import Workspace

from lsp.stage import RESULT, SPEC, result
from specwright.api import messages as m
from specwright.api import views as v
from specwright.lsp.desk import review_of
from specwright.lsp.link import Link
from specwright.lsp.server import Server, _changed, _saved, make

TASK = "k7f3qa"
NAMES = ("1.1", "1.2")
BOTH = (v.FactView("1.1", True, False), v.FactView("1.2", True, False))


def server_on(root: Path, text: str) -> Server:
    """A server that holds `a.py`, whose result was accepted in it, and that reaches no daemon."""
    (root / ".git").mkdir(parents=True)
    made = make()
    made.protocol.client_capabilities = t.ClientCapabilities()
    made.protocol._workspace = Workspace(root.as_uri())
    item = t.TextDocumentItem((root / "a.py").as_uri(), "python", 1, text)
    made.workspace.put_text_document(item)
    made.window.link.refuse("There is no daemon.")
    made.window.desk.reviews[TASK] = review_of(replace(result(root), facts=BOTH))
    return made


def change(server: Server, root: Path, text: str) -> None:
    """The buffer holds another text, as after an undo or a redo."""
    named = t.VersionedTextDocumentIdentifier(2, (root / "a.py").as_uri())
    params = t.DidChangeTextDocumentParams(named, [t.TextDocumentContentChangeWholeDocument(text)])
    server.workspace.update_text_document(named, params.content_changes[0])
    _changed(server, params)


async def told(server: Server, root: Path) -> m.SavedFile:
    """What the daemon is to be told of the saves so far."""
    await asyncio.wait(server.window._finishing)
    return server.window.unsent[str(root / "a.py")]


def save(server: Server, root: Path) -> None:
    _saved(server, t.DidSaveTextDocumentParams(t.TextDocumentIdentifier((root / "a.py").as_uri())))


async def test_what_is_accepted_right_behind_a_save_is_not_saved(tmp_path: Path) -> None:
    server = server_on(tmp_path, SPEC.replace("x = 'one'", "x = 'two'"))
    server.window.desk.unsaved = {TASK: {"1.1"}}
    save(server, tmp_path)
    server.window.desk.unsaved[TASK].add("1.2")
    change(server, tmp_path, RESULT)
    assert await told(server, tmp_path) == m.SavedFile(str(tmp_path / "a.py"), {TASK: ("1.1",)}, {TASK: ()})


async def test_what_is_undone_right_behind_a_save_is_saved(tmp_path: Path) -> None:
    server = server_on(tmp_path, RESULT)
    server.window.desk.unsaved = {TASK: {"1.1", "1.2"}}
    save(server, tmp_path)
    change(server, tmp_path, SPEC)
    assert await told(server, tmp_path) == m.SavedFile(str(tmp_path / "a.py"), {TASK: ("1.1", "1.2")}, {TASK: ()})


async def test_of_two_saves_the_later_is_told(tmp_path: Path) -> None:
    server = server_on(tmp_path, RESULT)
    server.window.desk.unsaved = {TASK: {"1.1", "1.2"}}
    save(server, tmp_path)
    change(server, tmp_path, SPEC)
    save(server, tmp_path)
    change(server, tmp_path, RESULT)
    assert await told(server, tmp_path) == m.SavedFile(str(tmp_path / "a.py"), {TASK: ()}, {TASK: ("1.1", "1.2")})


def accept(server: Server, root: Path) -> None:
    """The result is put into the buffer, and that is recorded."""
    window, document = server.window, server.document((root / "a.py").as_uri())
    window.undone.begin(window.desk.reviews[TASK], document, NAMES)
    window.desk.unsaved = {TASK: set(NAMES)}
    change(server, root, RESULT)


HALF = RESULT.replace("y = 'two'", "y = 'one'")
WAYS = {
    "undone, then another value": ((HALF, RESULT.replace("y = 'two'", "y = 'three'")), ("1.1",), ("1.2",)),
    "undone, then a comment": ((HALF, HALF.replace("y = 'one'", "y = 'one'  # keep")), ("1.1",), ("1.2",)),
    "all undone, then typed": ((SPEC, SPEC.replace("'one'", "'three'")), (), NAMES),
    "undone, redone": ((HALF, RESULT), NAMES, ()),
    "undone, redone, typed": ((SPEC, RESULT, RESULT.replace("'two'", "'three'")), NAMES, ()),
    "edited": ((RESULT.replace("y = 'two'", "y = 'three'"),), NAMES, ()),
    "edited through the old text": (
        (RESULT.replace("'two'", "''"), HALF, RESULT.replace("'two'", "'one more'")),
        NAMES,
        (),
    ),
    "edited above": (("z = 0\n" + RESULT,), NAMES, ()),
}


@pytest.mark.parametrize(("texts", "final", "lapsed"), WAYS.values(), ids=WAYS)
async def test_what_is_typed_after_an_undo_is_no_accepted_text(
    tmp_path: Path, texts: tuple[str, ...], final: tuple[str, ...], lapsed: tuple[str, ...]
) -> None:
    server = server_on(tmp_path, SPEC)
    accept(server, tmp_path)
    for text in texts:
        change(server, tmp_path, text)
    save(server, tmp_path)
    assert await told(server, tmp_path) == m.SavedFile(str(tmp_path / "a.py"), {TASK: final}, {TASK: lapsed})


async def test_a_save_that_no_daemon_answers_is_kept(tmp_path: Path) -> None:
    server = server_on(tmp_path, SPEC)
    accept(server, tmp_path)
    server.window.desk.forget([TASK])
    server.window.link = Link(server.window.listener, server.window._joined, server.window._away)
    server.window.link._tried.set()
    save(server, tmp_path)
    assert await told(server, tmp_path) == m.SavedFile(str(tmp_path / "a.py"), {TASK: NAMES}, {TASK: ()})
