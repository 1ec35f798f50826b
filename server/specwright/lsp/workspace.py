"""The handlers of the index: convert, ask once, convert back. `server.make` registers them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types as t
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from specwright.errors import SpecwrightError
from specwright.lsp import navigation, renaming

if TYPE_CHECKING:
    from specwright.lsp.server import Server

REQUEST_FAILED = -32803
EVERY_FILE = t.FileOperationRegistrationOptions([t.FileOperationFilter(t.FileOperationPattern("**"), "file")])


async def watch(ls: "Server") -> None:
    """Ask the client to tell what changes on the disk, where it can."""
    workspace = ls.client_capabilities.workspace
    watched = workspace.did_change_watched_files if workspace else None
    if not watched or not watched.dynamic_registration:
        return
    every = t.DidChangeWatchedFilesRegistrationOptions([t.FileSystemWatcher("**/*")])
    wanted = t.Registration("specwright/files", t.WORKSPACE_DID_CHANGE_WATCHED_FILES, every)
    await ls.client_register_capability_async(t.RegistrationParams([wanted]))
    ls.window.indexer.told = True


def _watched(ls: "Server", params: t.DidChangeWatchedFilesParams) -> None:
    _changed(ls, *(event.uri for event in params.changes))


def _renamed(ls: "Server", params: t.RenameFilesParams) -> None:
    _changed(ls, *(uri for file in params.files for uri in (file.old_uri, file.new_uri)))


def _came_or_went(ls: "Server", params: t.CreateFilesParams | t.DeleteFilesParams) -> None:
    _changed(ls, *(file.uri for file in params.files))


def _changed(ls: "Server", *uris: str) -> None:
    ls.window.indexer.changed([path for uri in uris if (path := to_fs_path(uri))])


def _folders(ls: "Server", _params: t.DidChangeWorkspaceFoldersParams) -> None:
    ls.window.indexer.look()


async def _definition(ls: "Server", params: t.DefinitionParams) -> list[t.Location]:
    return await navigation.definition(ls.window, ls.document(params.text_document.uri), params.position)


async def _references(ls: "Server", params: t.ReferenceParams) -> list[t.Location]:
    document, itself = ls.document(params.text_document.uri), params.context.include_declaration
    return await navigation.references(ls.window, document, params.position, itself)


def _highlights(ls: "Server", params: t.DocumentHighlightParams) -> list[t.DocumentHighlight]:
    return navigation.highlights(ls.document(params.text_document.uri), params.position)


def _links(ls: "Server", params: t.DocumentLinkParams) -> list[t.DocumentLink]:
    return navigation.links(ls.document(params.text_document.uri))


def _symbols(ls: "Server", params: t.DocumentSymbolParams) -> list[t.DocumentSymbol] | list[t.SymbolInformation]:
    document, texts = ls.document(params.text_document.uri), ls.client_capabilities.text_document
    known = texts.document_symbol if texts else None
    in_trees = known is not None and known.hierarchical_document_symbol_support
    return navigation.symbols(document) if in_trees else navigation.flat(document)


def _workspace_symbols(ls: "Server", params: t.WorkspaceSymbolParams) -> list[t.WorkspaceSymbol]:
    return navigation.workspace_symbols(ls.window, params.query)


def _folds(ls: "Server", params: t.FoldingRangeParams) -> list[t.FoldingRange]:
    return navigation.folds(ls.document(params.text_document.uri))


async def _prepare_rename(ls: "Server", params: t.PrepareRenameParams) -> t.PrepareRenamePlaceholder | None:
    return await renaming.prepare(ls.window, ls.document(params.text_document.uri), params.position)


async def _rename(ls: "Server", params: t.RenameParams) -> t.WorkspaceEdit:
    document = ls.document(params.text_document.uri)
    try:
        places = await renaming.rename(ls.window, document, params.position, params.new_name)
        new = renaming.checked(params.new_name)
    except SpecwrightError as error:
        raise JsonRpcException(error.sentence, code=REQUEST_FAILED) from error
    return renaming.workspace_edit(places, new, ls.knows_versions)


FEATURES: tuple[tuple[str, Callable[..., Any], Any], ...] = (
    (t.WORKSPACE_DID_CHANGE_WATCHED_FILES, _watched, None),
    (t.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, _folders, None),
    (t.WORKSPACE_DID_RENAME_FILES, _renamed, EVERY_FILE),
    (t.WORKSPACE_DID_CREATE_FILES, _came_or_went, EVERY_FILE),
    (t.WORKSPACE_DID_DELETE_FILES, _came_or_went, EVERY_FILE),
    (t.TEXT_DOCUMENT_DEFINITION, _definition, None),
    (t.TEXT_DOCUMENT_REFERENCES, _references, None),
    (t.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, _highlights, None),
    (t.TEXT_DOCUMENT_DOCUMENT_LINK, _links, t.DocumentLinkOptions(resolve_provider=False)),
    (t.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _symbols, None),
    (t.WORKSPACE_SYMBOL, _workspace_symbols, None),
    (t.TEXT_DOCUMENT_FOLDING_RANGE, _folds, None),
    (t.TEXT_DOCUMENT_PREPARE_RENAME, _prepare_rename, None),
    (t.TEXT_DOCUMENT_RENAME, _rename, t.RenameOptions(prepare_provider=True)),
)
