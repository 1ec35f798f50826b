"""An editor: real documents, edits applied as editors do, everything that it was told kept until claimed."""

import asyncio
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types as t
from pygls.protocol import default_converter
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, LanguageClient, register_lsp_features

from lsp.texts import ADVICE, offset, partial
from user import User

SECONDS = 20
NOTICE = re.compile(r"('.*'|\d+ tasks) (is|are|asks?|failed|waits?|runs?)\b")
"""That a task needs a person: told once for each, whatever a test is about."""
MINIMAL = t.ClientCapabilities()
NEOVIM = t.ClientCapabilities(
    workspace=t.WorkspaceClientCapabilities(apply_edit=True, workspace_edit=t.WorkspaceEditClientCapabilities()),
    window=t.WindowClientCapabilities(
        show_message=t.ShowMessageRequestClientCapabilities(),
        show_document=t.ShowDocumentClientCapabilities(support=True),
    ),
    text_document=t.TextDocumentClientCapabilities(
        publish_diagnostics=t.PublishDiagnosticsClientCapabilities(related_information=True)
    ),
)
VSCODE = t.ClientCapabilities(
    workspace=t.WorkspaceClientCapabilities(
        apply_edit=True,
        workspace_edit=t.WorkspaceEditClientCapabilities(document_changes=True),
        code_lens=t.CodeLensWorkspaceClientCapabilities(refresh_support=True),
    ),
    window=NEOVIM.window,
    text_document=t.TextDocumentClientCapabilities(
        code_lens=t.CodeLensClientCapabilities(),
        publish_diagnostics=t.PublishDiagnosticsClientCapabilities(data_support=True, related_information=True),
    ),
)


async def until(happened: Callable[[], Any], told: Callable[[], object] = lambda: "") -> Any:
    """The value, once it is true; a failure that tells how it stood if it never is."""
    loop = asyncio.get_running_loop()
    end = loop.time() + SECONDS
    while loop.time() < end:
        if found := happened():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"it never happened; now: {told()}")


class Editor:
    """One window of `user`."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.texts: dict[str, str] = {}
        self.undone: dict[str, list[str]] = {}
        self.versions: dict[str, int] = {}
        self.edits: list[t.ApplyWorkspaceEditParams] = []
        self.status: list[Any] = []
        self.away: list[Any] = []
        self.asked: list[t.ShowMessageRequestParams] = []
        self.answer: str | None = None
        self.refuses = False
        self.joins = True
        """Whether it reaches a daemon."""
        self.late = False
        """Whether `didChange` follows the answer to an edit, as in Neovim."""
        self.saves = False
        """Whether it saves when an edit is asked for, before it applies it."""
        self.before_edit: Callable[[], None] = lambda: None
        """What happens when an edit is asked for."""
        self.published: list[str] = []
        self.options: dict[str, Any] | None = None
        """Initialization options."""
        self.encoding = "utf-16"
        self.client = LanguageClient(converter_factory=default_converter)
        kept = {t.WINDOW_SHOW_MESSAGE, t.WINDOW_SHOW_DOCUMENT, t.WINDOW_LOG_MESSAGE}
        register_lsp_features(self.client, {name: DEFAULT_CLIENT_FEATURES[name] for name in kept})
        converter = self.client.protocol._converter
        converter.register_structure_hook(
            t.Command | t.CodeAction,
            lambda value, _: converter.structure(
                value, t.Command if isinstance(value.get("command"), str) else t.CodeAction
            ),
        )
        self._on(t.WORKSPACE_APPLY_EDIT, self._apply)
        self._on(t.WINDOW_SHOW_MESSAGE_REQUEST, self._ask)
        self._on(t.WORKSPACE_CODE_LENS_REFRESH, lambda _: None)
        self._on("specwright/status", self.status.append)
        self._on("specwright/away", self.away.append)
        self._on("specwright/tasksChanged", lambda _: None)
        self._on(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, self._published)

    def _on(self, method: str, handle: Callable[[Any], Any]) -> None:
        """Take a message; pygls wants plain functions."""

        async def taken(params: Any) -> Any:
            found = handle(params)
            return await found if asyncio.iscoroutine(found) else found

        self.client.feature(method)(taken)

    async def start(self, capabilities: t.ClientCapabilities, encoding: str | None = None) -> "Editor":
        """Begin a session in the user's folder."""
        words = [sys.executable, "-m", "specwright", "lsp"]
        await self.client.start_io(*words, env=self.user.environment, cwd=self.user.home)
        if encoding:
            general = t.GeneralClientCapabilities(position_encodings=[encoding])
            capabilities = t.ClientCapabilities(general=general)
        folder = t.WorkspaceFolder(uri=self.user.root.as_uri(), name="project")
        begun = await self.client.initialize_session(
            t.InitializeParams(
                capabilities=capabilities, workspace_folders=[folder], initialization_options=self.options
            )
        )
        self.encoding = str(begun.capabilities.position_encoding or "utf-16")
        self.capabilities = begun.capabilities
        return self

    async def leave(self) -> None:
        """End the session; nothing that was said may be left unread."""
        if self.client._server.returncode is None:
            if self.joins:  # else a daemon that is still starting would outlive the test
                await until(lambda: self.status)
            await self.client.shutdown_session()
            assert self.client._server.returncode == 0
        await self.client.stop()
        assert [said for message in self.client.messages if not NOTICE.match(said := message.message)] == []
        assert self.client.error is None

    async def ends(self) -> int:
        """The exit code, once the server has ended by itself."""
        return int(await asyncio.wait_for(self.client._server.wait(), SECONDS))

    async def die(self) -> None:
        """End the server at once."""
        self.client._server.kill()
        await self.client._server.wait()

    def uri(self, path: str) -> str:
        return path if ":" in path else (self.user.root / path).as_uri()

    def open(self, path: str, text: str | None = None, language: str = "python") -> None:
        uri = self.uri(path)
        self.texts[uri] = (self.user.root / path).read_bytes().decode() if text is None else text
        self.versions[uri], self.undone[uri] = 1, []
        item = t.TextDocumentItem(uri=uri, language_id=language, version=1, text=self.texts[uri])
        self.client.text_document_did_open(t.DidOpenTextDocumentParams(text_document=item))

    def text(self, path: str = "a.py") -> str:
        return self.texts[self.uri(path)]

    def type(self, start: tuple[int, int], end: tuple[int, int], text: str, path: str = "a.py") -> None:
        """Replace what stands between two positions, in the session's units."""
        change = partial(start, end, text)
        self._change(self.uri(path), [t.TextEdit(range=change.range, new_text=text)])

    def undo(self, path: str = "a.py") -> None:
        """Take back the last change."""
        uri = self.uri(path)
        self.texts[uri] = self.undone[uri].pop()
        self._did_change(uri, [t.TextDocumentContentChangeWholeDocument(text=self.texts[uri])])

    def save(self, path: str = "a.py") -> None:
        (self.user.root / path).write_bytes(self.text(path).encode())
        named = t.TextDocumentIdentifier(uri=self.uri(path))
        self.client.text_document_did_save(t.DidSaveTextDocumentParams(text_document=named))

    def close(self, path: str = "a.py") -> None:
        named = t.TextDocumentIdentifier(uri=self.uri(path))
        self.client.text_document_did_close(t.DidCloseTextDocumentParams(text_document=named))
        self.texts.pop(self.uri(path))

    def shown(self, code: str = "", path: str = "a.py") -> list[str]:
        """The diagnostics of this code now, as `line: message`."""
        found = self.client.diagnostics.get(self.uri(path), ())
        return [f"{d.range.start.line}: {d.message}" for d in found if str(d.code).startswith(code)]

    async def until_shown(self, *parts: str, code: str = "", path: str = "a.py") -> list[str]:
        """Wait until exactly these diagnostics of a code are shown, by a part of each."""
        await until(
            lambda: (
                len(found := self.shown(code, path)) == len(parts)
                and all(part in line for part, line in zip(parts, found, strict=True))
                and self.uri(path) in self.client.diagnostics
            ),
            lambda: (parts, self.shown(path=path), [m.message for m in self.client.messages]),
        )
        return self.shown(code, path)

    async def said(self, *parts: str) -> str:
        """Wait for a message with these parts, and claim it."""

        def found() -> t.ShowMessageParams | None:
            return next((m for m in self.client.messages if all(part in m.message for part in parts)), None)

        message = await until(found, lambda: (parts, [m.message for m in self.client.messages]))
        self.client.messages.remove(message)
        return str(message.message)

    async def actions(self, line: int, path: str = "a.py") -> dict[str, t.Command]:
        """What is offered at a line."""
        at = partial((line, 0), (line, 0), "").range
        named = t.TextDocumentIdentifier(uri=self.uri(path))
        context = t.CodeActionContext(diagnostics=list(self.client.diagnostics.get(self.uri(path), ())))
        found = await self.client.text_document_code_action_async(t.CodeActionParams(named, at, context))
        return {action.title: action.command for action in found or [] if isinstance(action, t.CodeAction)}

    async def do(self, title: str, line: int = 0, path: str = "a.py") -> Any:
        """Run the action whose title begins so."""
        offered = await self.actions(line, path)
        command = next((c for name, c in offered.items() if name.startswith(title)), None)
        assert command, (title, list(offered))
        return await self._run(command.command, command.arguments)

    async def run(self, name: str, **argument: Any) -> Any:
        """Run a command of ours."""
        return await self._run(f"specwright.{name}", [argument])

    async def ask(self, method: str, **params: Any) -> Any:
        """The answer to a request of ours."""
        return await self.client.protocol.send_request_async(f"specwright/{method}", params)

    async def queue(self, line: int = 0, path: str = "a.py") -> str:
        """Queue the spec at a line, and wait for its result; the task."""
        task = str((await self.do("Queue as task", line, path))["task"])
        await self.said("Nothing will check this")
        await self.until_task(task, "ready for review", path)
        return task

    async def until_task(self, task: str, state: str, path: str = "a.py") -> None:
        """Wait until the diagnostic of a task says this."""
        await until(
            lambda: any(state in line and f"[{task}]" in line for line in self.shown("task", path)),
            lambda: (state, self.shown("task", path)),
        )

    async def _run(self, name: str, arguments: Any) -> Any:
        params = t.ExecuteCommandParams(command=name, arguments=list(arguments or []))
        return await self.client.workspace_execute_command_async(params)

    def _published(self, params: t.PublishDiagnosticsParams) -> None:
        self.client.diagnostics[params.uri] = [item for item in params.diagnostics if item.code not in ADVICE]
        self.published.append(params.uri)

    async def _ask(self, params: t.ShowMessageRequestParams) -> t.MessageActionItem | None:
        self.asked.append(params)
        return t.MessageActionItem(title=self.answer) if self.answer else None

    async def _apply(self, params: t.ApplyWorkspaceEditParams) -> t.ApplyWorkspaceEditResult:
        self.edits.append(params)
        self.before_edit()
        if self.saves:
            self.save()
        if self.refuses:
            return t.ApplyWorkspaceEditResult(applied=False)
        changes = dict(params.edit.changes or {})
        for change in params.edit.document_changes or []:
            assert isinstance(change, t.TextDocumentEdit)
            if change.text_document.version != self.versions[change.text_document.uri]:
                return t.ApplyWorkspaceEditResult(applied=False)
            changes[change.text_document.uri] = change.edits
        for uri, edits in changes.items():
            if self.late:
                asyncio.get_running_loop().call_later(0.15, self._change, uri, edits)
            else:
                self._change(uri, edits)
        return t.ApplyWorkspaceEditResult(applied=True)

    def _change(self, uri: str, edits: Any) -> None:
        text = self.texts[uri]
        self.undone[uri].append(text)
        spans = [[offset(text, at, self.encoding) for at in (e.range.start, e.range.end)] for e in edits]
        order = sorted(range(len(spans)), key=lambda number: spans[number], reverse=True)
        for number in order:
            start, end = spans[number]
            self.texts[uri] = self.texts[uri][:start] + edits[number].new_text + self.texts[uri][end:]
        changes = [partial(_pair(edits[n].range.start), _pair(edits[n].range.end), edits[n].new_text) for n in order]
        self._did_change(uri, changes)

    def _did_change(self, uri: str, changes: list[t.TextDocumentContentChangeEvent]) -> None:
        self.versions[uri] += 1
        named = t.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        self.client.text_document_did_change(
            t.DidChangeTextDocumentParams(text_document=named, content_changes=changes)
        )


def _pair(position: t.Position) -> tuple[int, int]:
    return position.line, position.character


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a checkout but git's own."""
    paths = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}
