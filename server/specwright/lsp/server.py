"""`specwright lsp`: pygls with our documents and our commands. Handlers convert, ask once, and convert back."""

import gc
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import attrs
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument, Workspace

from specwright import __version__
from specwright.api import editor as e
from specwright.api import messages as m
from specwright.api import news
from specwright.api import views as v
from specwright.api.codec import Malformed, decode, encode
from specwright.errors import Exit, SpecwrightError, WrongUse
from specwright.lsp import about, actions, authoring, commands, edits, lenses, navigation, shown, verdicts, workspace
from specwright.lsp.convert import Units, Wire, negotiated
from specwright.lsp.document import Document
from specwright.lsp.stdio import serve
from specwright.lsp.window import Window
from specwright.paths.files import checkout_root
from specwright.tasks.harmless import message
from specwright.tasks.needs import Need

UNTRUSTED = (
    "You don't trust this folder, so nothing of it is queued, run or looked up; specs are only checked. "
    "Trust it (Workspaces: Manage Workspace Trust), then try again."
)
SWITCH = 0.0005
"""Seconds after which a thread lets the loop go on; Python's own 5 ms are more than a keystroke may take."""
log = logging.getLogger(__name__)


@attrs.define
class OwnMessage:
    """A message of ours; pygls would make named tuples of its parameters."""

    method: str
    jsonrpc: str
    params: Any = None
    id: str | int | None = None


class Protocol(LanguageServerProtocol):
    """Knows our own methods, and makes our own documents."""

    def get_message_type(self, method: str) -> type[Any] | None:  # type: ignore[override]  # theirs is cached
        """The type that a message is read as."""
        return OwnMessage if method in e.REQUESTS else super().get_message_type(method)

    def _execute_handler(self, msg_id: Any, *args: Any, **kwargs: Any) -> None:
        """Theirs keeps what it did for each notification, so each keystroke, for ever."""
        super()._execute_handler(msg_id, *args, **kwargs)
        if future := self._request_futures.get(msg_id):
            future.add_done_callback(lambda _: self._request_futures.pop(msg_id, None))

    @property
    def workspace(self) -> Workspace:
        """The workspace, whose documents are ours."""
        found = super().workspace
        if "_create_text_document" not in vars(found):
            found._create_text_document = self._document  # type: ignore[method-assign]  # the one way in; pinned
        return found

    def _document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        units = negotiated(super().workspace.position_encoding)
        return Document(doc_uri, source or "", version, language_id, units, _relates(self._server))


def _relates(server: LanguageServer) -> bool:
    """Whether the client shows the other places that a diagnostic is about."""
    texts = server.client_capabilities.text_document
    return bool(texts and texts.publish_diagnostics and texts.publish_diagnostics.related_information)


class Server(LanguageServer):
    """One window's server."""

    def __init__(self) -> None:
        super().__init__("specwright", __version__, protocol_cls=Protocol)
        self.window = Window(self)
        self.authoring = authoring.Authoring(self)
        self.window.listener.apply = lambda wanted: commands.for_daemon(self, wanted)
        self.window.listener.tell = self._told

    @property
    def units(self) -> Units:
        """How the client counts columns."""
        return negotiated(self.workspace.position_encoding)

    client: t.ClientInfo | None = None
    """What the client says that it is."""

    @property
    def can_ask(self) -> bool:
        """Whether the client shows messages with buttons."""
        window = self.client_capabilities.window
        return bool(window and window.show_message)

    @property
    def knows_versions(self) -> bool:
        """Whether the client takes edits that name the version of a document."""
        return edits.knows_versions(self.client_capabilities)

    def documents(self) -> Iterator[Document]:
        """The open documents."""
        return (d for d in list(self.workspace.text_documents.values()) if isinstance(d, Document))

    def document(self, uri: str) -> Document:
        """An open document. Raises `WrongUse` for one that is not open."""
        found = self.workspace.text_documents.get(unquote(uri))
        if not isinstance(found, Document):
            raise WrongUse(f"{uri} is not open in this editor.")
        return found

    def folders(self) -> Iterator[Path]:
        """The folders of the workspace."""
        uris = [folder.uri for folder in self.workspace.folders.values()] or [self.workspace.root_uri or ""]
        return (Path(path) for uri in uris if (path := to_fs_path(uri)))

    def folder(self) -> str:
        """The checkout that questions without a place are about."""
        roots = [checkout_root(folder) for folder in self.folders()]
        found = next((str(root) for root in roots if root), None) or next((d.root for d in self.documents()), None)
        if not found:
            raise WrongUse("No folder of this window is in a git repository.")
        return os.path.realpath(found)

    def send(self, body: str) -> None:
        """Send a message whose JSON text is made already; attrs classes cost more than a keystroke may."""
        data, writer = body.encode("ascii"), self.protocol.writer
        if writer:
            writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))

    def tell(self, method: str, params: Any) -> None:
        """Send a notification of ours."""
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}))

    def say(self, kind: t.MessageType, text: str) -> None:
        """A sentence for the person."""
        self.window_show_message(t.ShowMessageParams(type=kind, message=message(text)))

    def refresh_lenses(self) -> None:
        """Ask the client for lenses again, where it can be asked to."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def _told(self, notice: news.Notice) -> None:
        """A task needs the person."""
        calm = notice.need in {Need.REVIEW, Need.BLOCKED}
        self.say(t.MessageType.Info if calm else t.MessageType.Warning, notice.text)

    @property
    def has_progress(self) -> bool:
        """Whether the client shows progress."""
        window = self.client_capabilities.window
        return bool(window and window.work_done_progress)

    async def begin_progress(self, token: str, title: str) -> bool:
        """Show a bar that can't be cancelled by mistake; whether the client wants it."""
        try:
            await self.work_done_progress.create_async(token)
        except JsonRpcException as error:
            log.info("no progress is shown: %s", error)
            return False
        self.work_done_progress.begin(token, t.WorkDoneProgressBegin(title=title, cancellable=False))
        return True

    def report_progress(self, token: str, text: str) -> None:
        """Show a text beside it."""
        self.work_done_progress.report(token, t.WorkDoneProgressReport(message=text))

    def end_progress(self, token: str) -> None:
        """Take it away; pygls would keep the token."""
        self.work_done_progress.end(token, t.WorkDoneProgressEnd())
        self.work_done_progress.tokens.pop(token, None)

    async def open_file(self, path: Path, line: int = 0) -> Wire:
        """Open a file in the editor; where it can't be asked to, name the file."""
        window = self.client_capabilities.window
        if window and window.show_document and window.show_document.support:
            at = t.Position(line=line, character=0)
            params = t.ShowDocumentParams(uri=path.as_uri(), take_focus=True, selection=t.Range(start=at, end=at))
            await self.window_show_document_async(params)
        else:
            self.say(t.MessageType.Info, f"Open this file: {path}" + (f", line {line + 1}" if line else ""))
        return {"path": str(path)}

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """To the log: a message for each failed notification would drown the person."""
        log.error("%s", error, exc_info=error)


def main() -> int:
    """Serve one editor on standard input and output until it leaves; the exit code."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("pygls").setLevel(logging.ERROR)
    sys.setswitchinterval(SWITCH)
    serve(make())
    return Exit.DONE


def make() -> Server:
    """A server with its features, commands and requests."""
    server = Server()
    for method, handler, options in (*FEATURES, *workspace.FEATURES):
        server.feature(method, options)(handler)
    for name, command in commands.COMMANDS.items():
        server.command(name)(_command(e.COMMANDS[name], command))
    for method, request in REQUESTS.items():
        server.feature(method)(_request(e.REQUESTS[method][0], request))
    return server


def _command(kind: type, command: commands.Command) -> Callable[..., Any]:
    async def run(ls: Server, argument: Any = None) -> Wire | None:
        try:
            return await command(ls, _decoded(kind, argument))
        except SpecwrightError as error:
            ls.say(commands.refused_kind(error), error.sentence)
            return None

    return run


def _request(kind: type, request: Callable[[Server, Any], Awaitable[Any]]) -> Callable[..., Any]:
    async def answer(ls: Server, params: Any) -> Any:
        try:
            return encode(await request(ls, _decoded(kind, params)))
        except SpecwrightError as error:
            raise JsonRpcException(error.sentence, code=-32803) from error

    return answer


def _decoded(kind: type, value: Any) -> Any:
    try:
        return decode(kind, value or {})
    except Malformed as error:
        raise JsonRpcInvalidParams(str(error)) from error


def _initialize(ls: Server, params: t.InitializeParams) -> None:
    ls.client = params.client_info
    options = params.initialization_options
    if isinstance(options, dict) and options.get("trusted") is False:
        ls.window.link.refuse(UNTRUSTED)


async def _initialized(ls: Server, _params: t.InitializedParams) -> None:
    gc.collect()  # once, then never again through what the start made
    gc.freeze()
    gc.enable()
    ls.window.start()
    ls.window.spawn(workspace.watch(ls))


async def _shutdown(ls: Server, _params: None) -> None:
    await ls.window.stop()


def _opened(ls: Server, params: t.DidOpenTextDocumentParams) -> None:
    ls.window.opened(ls.document(params.text_document.uri))


def _changed(ls: Server, params: t.DidChangeTextDocumentParams) -> None:
    document = ls.document(params.text_document.uri)
    ls.window.changed(document)
    ls.authoring.changed(document)


def _saved(ls: Server, params: t.DidSaveTextDocumentParams) -> None:
    document = ls.document(params.text_document.uri)
    ls.window.saved(document)  # at once: a change that comes right behind it is not saved
    ls.window.finish(verdicts.saved(ls.window, document, verdicts.unsaved(ls.window)))


async def _closed(ls: Server, params: t.DidCloseTextDocumentParams) -> None:
    document = ls.window.closed(params.text_document.uri)
    ls.authoring.closed(params.text_document.uri)
    if document:
        await verdicts.closed(ls.window, document)


def _actions(ls: Server, params: t.CodeActionParams) -> list[t.CodeAction]:
    document = ls.document(params.text_document.uri)
    return [*actions.actions(ls.window, document, params), *ls.authoring.actions(document, params)]


def _lenses(ls: Server, params: t.CodeLensParams) -> list[t.CodeLens]:
    return lenses.lenses(ls.window, ls.document(params.text_document.uri))


async def _hover(ls: Server, params: t.HoverParams) -> t.Hover | None:
    document = ls.document(params.text_document.uri)
    of_name = await navigation.hover(ls.window, document, params.position)
    told = await about.hover(ls.window, document, params.position)
    found = of_name or lenses.hover(ls.window, document, params.position)
    return authoring.explained(document, params.position, found, told)


async def _tasks(ls: Server, _params: m.Empty) -> v.TaskList:
    listing = await ls.window.link.ask("list", m.ListTasks(ls.folder()), v.Listing)
    return v.TaskList(listing.tasks)


async def _task(ls: Server, of: e.OfTask) -> v.TaskView:
    return await ls.window.link.ask("show", m.TaskNamed(of.task), v.TaskView)


async def _document(ls: Server, of: e.DocumentOf) -> e.Document:
    return await shown.document(ls.window.link, of)


KINDS = t.CodeActionOptions(
    code_action_kinds=[t.CodeActionKind.QuickFix, t.CodeActionKind.RefactorRewrite, t.CodeActionKind.Source]
)
FEATURES: tuple[tuple[str, Callable[..., Any], Any], ...] = (
    (t.INITIALIZE, _initialize, None),
    (t.INITIALIZED, _initialized, None),
    (t.SHUTDOWN, _shutdown, None),
    (t.TEXT_DOCUMENT_DID_OPEN, _opened, None),
    (t.TEXT_DOCUMENT_DID_CHANGE, _changed, None),
    (t.TEXT_DOCUMENT_DID_SAVE, _saved, t.SaveOptions(include_text=False)),
    (t.TEXT_DOCUMENT_DID_CLOSE, _closed, None),
    (t.TEXT_DOCUMENT_CODE_ACTION, _actions, KINDS),
    (t.TEXT_DOCUMENT_CODE_LENS, _lenses, t.CodeLensOptions(resolve_provider=False)),
    (t.TEXT_DOCUMENT_HOVER, _hover, None),
    *authoring.FEATURES,
)
REQUESTS: dict[str, Callable[[Server, Any], Awaitable[Any]]] = {
    "specwright/tasks": _tasks,
    "specwright/task": _task,
    "specwright/document": _document,
}
"""By the names of `api.editor.REQUESTS`."""
