"""Sends one edit of several documents, each against the version that it was made for."""

import asyncio
from collections.abc import Mapping

from lsprotocol import types as t
from pygls.lsp.server import LanguageServer

from specwright.lsp.convert import to_text_edit
from specwright.lsp.document import Document
from specwright.lsp.verdicts import Edits

OWN_SECONDS = 120.0
"""How long an editor may take to apply what its own user chose: some ask once more."""
DAEMON_SECONDS = 4.0
"""The same for a verdict from elsewhere: less than the daemon waits for a window."""


def workspace_edit(edits: Edits, capabilities: t.ClientCapabilities) -> t.WorkspaceEdit:
    """Versioned where the client knows versions of documents in edits; Neovim does not say so, whatever its version."""
    made = {(document.uri, document.version): _text_edits(document, edits) for document in edits if edits[document]}
    return of_texts(made, knows_versions(capabilities))


def of_texts(edits: Mapping[tuple[str, int | None], list[t.TextEdit]], versioned: bool) -> t.WorkspaceEdit:
    """The edit of some texts, each by its URI and its version; that of one that is not open is None."""
    if not versioned:
        return t.WorkspaceEdit(changes={uri: texts for (uri, _), texts in edits.items()})
    changes = [
        t.TextDocumentEdit(t.OptionalVersionedTextDocumentIdentifier(uri, version), list(texts))
        for (uri, version), texts in edits.items()
    ]
    return t.WorkspaceEdit(document_changes=list(changes))


async def send(server: LanguageServer, seconds: float, edits: Edits, label: str) -> bool:
    """Whether the client applied all of it within some seconds."""
    edit = workspace_edit(edits, server.client_capabilities)
    params = t.ApplyWorkspaceEditParams(edit=edit, label=label)
    try:
        async with asyncio.timeout(seconds):
            answer = await server.workspace_apply_edit_async(params)
    except TimeoutError:
        return False
    return answer.applied


def knows_versions(capabilities: t.ClientCapabilities) -> bool:
    """Whether the client takes edits against a version of a document."""
    workspace = capabilities.workspace
    return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)


def _text_edits(document: Document, edits: Edits) -> list[t.TextEdit]:
    return [to_text_edit(document.rows, edit, document.units) for edit in edits[document]]
