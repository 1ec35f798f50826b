"""Sends one edit of several documents, each against the version that it was made for."""

import asyncio

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
    made = {document: _text_edits(document, edits) for document, entries in edits.items() if entries}
    if knows_versions(capabilities):
        return t.WorkspaceEdit(document_changes=[_versioned(document, texts) for document, texts in made.items()])
    return t.WorkspaceEdit(changes={document.uri: texts for document, texts in made.items()})


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


def _versioned(document: Document, texts: list[t.TextEdit]) -> t.TextDocumentEdit:
    named = t.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    return t.TextDocumentEdit(text_document=named, edits=list(texts))


def _text_edits(document: Document, edits: Edits) -> list[t.TextEdit]:
    return [to_text_edit(document.rows, edit, document.units) for edit in edits[document]]
