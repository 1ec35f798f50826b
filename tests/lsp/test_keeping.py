"""What a long session must not gather, and edits that must not be made at old places."""

import asyncio
from typing import Any

import pytest
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

from lsp.editor import NEOVIM, VSCODE
from lsp.test_index import Watcher, spec
from specwright.lsp.server import make
from user import User


def test_nothing_is_kept_of_a_notification_that_was_handled() -> None:
    protocol = make().protocol
    seen: list[object] = []

    def handler(_: Any) -> Any:
        yield from ()

    protocol._execute_handler("a", seen.append, handler, (None,))
    assert len(seen) == 1
    assert protocol._request_futures == {}


async def test_a_rename_never_edits_old_places(user: User) -> None:
    others = {f"f{n}.py": spec(f"Other {n}", "after: #base1") for n in range(400)}
    user.make({"a.py": spec("Lay the base (#base1)"), **others})
    editor = await Watcher(user).begin(NEOVIM)
    await editor.until_titles("Lay the base", *(f"Other {n}" for n in range(400)))
    editor.open("a.py")
    params = t.RenameParams(t.TextDocumentIdentifier(editor.uri("a.py")), t.Position(0, 24), "newbase")
    asked = asyncio.ensure_future(editor.client.text_document_rename_async(params))
    await asyncio.sleep(0)
    await editor.client.text_document_hover_async(t.HoverParams(params.text_document, t.Position(2, 0)))
    editor.type((0, 0), (0, 0), "total = price * quantity\n\n")
    with pytest.raises(JsonRpcException, match="edited while the names were looked up"):
        await asked
    await editor.leave()


async def test_a_rename_that_would_leave_a_name_behind_is_refused(user: User) -> None:
    user.make({"a.py": spec("Lay the base (#base1)"), "b.py": ""})
    (user.root / "b.py").write_bytes("# é\n\n".encode("latin-1") + spec("Next", "after: #base1").encode())
    editor = await Watcher(user).begin(VSCODE)
    await editor.until_titles("Lay the base", "Next")
    editor.open("a.py")
    params = t.RenameParams(t.TextDocumentIdentifier(editor.uri("a.py")), t.Position(0, 24), "newbase")
    with pytest.raises(JsonRpcException, match=r"b\.py names this handle and is no UTF-8 text"):
        await editor.client.text_document_rename_async(params)
    await editor.leave()
