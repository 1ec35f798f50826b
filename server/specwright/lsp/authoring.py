"""Writing specs in the editor: completion, hovers, tokens and edits, as the protocol asks for them."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types as t

from specwright.lsp import edits, explain, rewrites
from specwright.lsp.completion import TRIGGERS, Completion
from specwright.lsp.document import Document
from specwright.lsp.handles import Handles, Specs, Target, open_specs, write
from specwright.lsp.tokens import LEGEND, Tokens
from specwright.spec.facts import Known
from specwright.spec.model import Problem
from specwright.spec.rules.rule import Edit, Fix

if TYPE_CHECKING:
    from specwright.lsp.server import Server

OPTIONS = t.CompletionOptions(trigger_characters=list(TRIGGERS))


class Authoring:
    """One window's."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.specs: Specs = self._indexed
        """The specs of a checkout that are known beside those of the open documents."""
        self.handles = Handles()
        self.completion = Completion(self.handles)
        self._tokens: dict[str, Tokens] = {}

    def known(self, document: Document) -> Sequence[Known]:
        """The specs of a document's checkout, those of open documents as they are typed."""
        root = document.root
        others = (other for other in self._server.documents() if root and other.root == root)
        opened = {other.uri: other for other in (document, *others)}
        paths = {other.relative for other in opened.values()}
        found = [spec for spec in self.specs(root) if spec.path not in paths] if root else []
        return [*open_specs(iter(opened.values())), *found]

    def _indexed(self, root: str) -> Sequence[Known]:
        return [entry.known for entry in self._server.window.indexer.index.specs(root)]

    def changed(self, document: Document) -> None:
        """A document was edited: a handle that was offered may have come, and is written at its spec."""
        for handle, target in self.handles.arrived(document):
            self._server.window.spawn(self._write(handle, target))

    def closed(self, uri: str) -> None:
        """A document is no longer open."""
        self._tokens.pop(uri, None)

    def tokens(self, document: Document) -> Tokens:
        """What is known of a document's tokens."""
        return self._tokens.setdefault(document.uri, Tokens())

    def actions(self, document: Document, params: t.CodeActionParams) -> list[t.CodeAction]:
        """Code actions that carry an edit."""
        versions = edits.knows_versions(self._server.client_capabilities)
        return rewrites.actions(
            document, params, partial(self._used, document), versions, partial(self._by_handle, document)
        )

    def _by_handle(self, document: Document, problem: Problem) -> Iterator[Fix]:
        """Of several specs that a title in `after:` fits each by its handle; one that has none gets it right after."""
        if problem.code != "SPEC403" or not problem.related:
            return
        known = {spec.place: spec for spec in self.known(document)}
        for other in problem.related:
            path = other.path or document.relative
            spec = known.get((path, other.span.start.line))
            if spec is None:
                continue
            used = self._used(document)
            handle = spec.handle or self.completion.handles.offered(document.root, spec, used, elsewhere=True)
            title = f"Wait for '{spec.title}' of {path}:{spec.line + 1} by a handle"
            yield Fix(title, (Edit(problem.span, f"#{handle}"),))

    def _used(self, document: Document) -> list[str]:
        return [spec.handle for spec in self.known(document) if spec.handle]

    async def _write(self, handle: str, target: Target) -> None:
        send = partial(edits.send, self._server, edits.OWN_SECONDS)
        await write(handle, target, self._server.documents, send)


async def completion(ls: "Server", params: t.CompletionParams) -> t.CompletionList | None:
    """What can be written at a position."""
    document = ls.document(params.text_document.uri)
    ls.authoring.completion.adapt(ls.client_capabilities, ls.client)
    return await ls.authoring.completion.complete(document, params, partial(ls.authoring.known, document))


def explained(document: Document, position: t.Position, told: t.Hover | None, task: str = "") -> t.Hover | None:
    """What is told of a task, what a key, a marker or a criterion means, and what else is told of the place."""
    meant = explain.hover(document, position)
    found = [each for each in (meant, told) if each]
    texts = [each.contents.value for each in found if isinstance(each.contents, t.MarkupContent)]
    if not task and not texts:
        return None
    contents = t.MarkupContent(t.MarkupKind.Markdown, "\n\n---\n\n".join([*([task] if task else []), *texts]))
    return t.Hover(contents, found[0].range if found else None)


def _full(ls: "Server", params: t.SemanticTokensParams) -> t.SemanticTokens | None:
    """None for a text without specs: some editors take the tokens of one server alone."""
    document = ls.document(params.text_document.uri)
    return ls.authoring.tokens(document).full(document) if document.blocks else None


def _delta(ls: "Server", params: t.SemanticTokensDeltaParams) -> t.SemanticTokens | t.SemanticTokensDelta:
    document = ls.document(params.text_document.uri)
    return ls.authoring.tokens(document).since(document, params.previous_result_id)


def _within(ls: "Server", params: t.SemanticTokensRangeParams) -> t.SemanticTokens:
    document = ls.document(params.text_document.uri)
    return ls.authoring.tokens(document).within(document, params.range.start.line, params.range.end.line)


FEATURES = (
    (t.TEXT_DOCUMENT_COMPLETION, completion, OPTIONS),
    (t.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _full, LEGEND),
    (t.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, _delta, LEGEND),
    (t.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, _within, LEGEND),
)
"""Beside those that the server has anyway: hovers and code actions."""
