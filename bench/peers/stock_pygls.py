"""A server as pygls' documentation has it: its own documents, its own types, a diagnostic per marked line."""

from lsprotocol import types as t
from pygls.lsp.server import LanguageServer

MARKS = ("spec!", "# place")
server = LanguageServer("stock", "1")


def publish(ls: LanguageServer, uri: str) -> None:
    """Look at every line and send what is marked."""
    document = ls.workspace.get_text_document(uri)
    found = [
        t.Diagnostic(
            range=t.Range(t.Position(number, 0), t.Position(number, len(line))),
            message=line.strip(),
            severity=t.DiagnosticSeverity.Warning,
            code="mark",
            source="stock",
        )
        for number, line in enumerate(document.lines)
        if any(mark in line for mark in MARKS)
    ]
    ls.text_document_publish_diagnostics(t.PublishDiagnosticsParams(uri, found, document.version))


@server.feature(t.TEXT_DOCUMENT_DID_OPEN)
def opened(ls: LanguageServer, params: t.DidOpenTextDocumentParams) -> None:
    """A file was opened."""
    publish(ls, params.text_document.uri)


@server.feature(t.TEXT_DOCUMENT_DID_CHANGE)
def changed(ls: LanguageServer, params: t.DidChangeTextDocumentParams) -> None:
    """A file was edited."""
    publish(ls, params.text_document.uri)


@server.feature(t.TEXT_DOCUMENT_CODE_ACTION)
def actions(ls: LanguageServer, params: t.CodeActionParams) -> list[t.CodeAction]:
    """One action for the line that is asked about."""
    document = ls.workspace.get_text_document(params.text_document.uri)
    return [t.CodeAction(f"Do it at {document.lines[params.range.start.line].strip()}", t.CodeActionKind.QuickFix)]


if __name__ == "__main__":
    server.start_io()
