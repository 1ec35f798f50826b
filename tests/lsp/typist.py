"""What somebody who writes specs does in an editor: asks for completion, takes an item, takes an action's edit."""

from typing import Any

from lsprotocol import types as t

from lsp.editor import Editor
from lsp.texts import edited

SNIPPETS = t.ClientCapabilities(
    workspace=t.WorkspaceClientCapabilities(
        apply_edit=True, workspace_edit=t.WorkspaceEditClientCapabilities(document_changes=True)
    ),
    text_document=t.TextDocumentClientCapabilities(
        completion=t.CompletionClientCapabilities(
            completion_item=t.ClientCompletionItemOptions(
                snippet_support=True,
                documentation_format=[t.MarkupKind.Markdown],
                insert_text_mode_support=t.ClientCompletionItemInsertTextModeOptions(
                    [t.InsertTextMode.AsIs, t.InsertTextMode.AdjustIndentation]
                ),
            )
        )
    ),
)
SIGN = t.CompletionTriggerKind.TriggerCharacter


async def complete(
    editor: Editor, line: int, column: int, path: str = "a.py", sign: str | None = None
) -> dict[str, t.CompletionItem]:
    """The items at a position by label; `sign` was just typed."""
    context = t.CompletionContext(SIGN, sign) if sign else t.CompletionContext(t.CompletionTriggerKind.Invoked)
    named = t.TextDocumentIdentifier(uri=editor.uri(path))
    params = t.CompletionParams(named, t.Position(line, column), context)
    found = await editor.client.text_document_completion_async(params)
    return {item.label: item for item in found.items} if isinstance(found, t.CompletionList) else {}


def take(editor: Editor, item: t.CompletionItem, path: str = "a.py") -> None:
    """Insert an item with its additional edits, in one change."""
    assert isinstance(item.text_edit, t.TextEdit)
    editor._change(editor.uri(path), [item.text_edit, *(item.additional_text_edits or [])])


async def offered(
    editor: Editor, first: tuple[int, int], last: tuple[int, int] | None = None, path: str = "a.py"
) -> dict[str, t.CodeAction]:
    """The actions that carry an edit, by title."""
    where = t.Range(t.Position(*first), t.Position(*(last or first)))
    named = t.TextDocumentIdentifier(uri=editor.uri(path))
    params = t.CodeActionParams(named, where, t.CodeActionContext(diagnostics=[]))
    found = await editor.client.text_document_code_action_async(params)
    return {a.title: a for a in found or [] if isinstance(a, t.CodeAction) and a.edit}


def apply(editor: Editor, action: t.CodeAction, path: str = "a.py") -> None:
    """Apply an action's edit, which must be against the version that the editor has."""
    uri = editor.uri(path)
    assert action.edit
    assert action.command is None
    changes: Any = (action.edit.changes or {}).get(uri)
    if changes is None:
        [change] = action.edit.document_changes or []
        assert isinstance(change, t.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (uri, editor.versions[uri])
        changes = change.edits
    editor._change(uri, changes)


def result(text: str, item: t.CompletionItem, encoding: str = "utf-16") -> str:
    """The text with an item in it, without an editor."""
    assert isinstance(item.text_edit, t.TextEdit)
    change = t.TextDocumentContentChangePartial(range=item.text_edit.range, text=item.text_edit.new_text)
    return edited(text, change, encoding)
