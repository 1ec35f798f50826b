"""Code actions that change the text of specs. Each carries its edit, against the version that it was made for."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from lsprotocol import types as t

from specwright.lsp.convert import SOURCE, to_range
from specwright.lsp.document import Document
from specwright.spec.document import Block
from specwright.spec.edit import new_handle
from specwright.spec.flat import flat
from specwright.spec.lines import line_end
from specwright.spec.lint import fixes
from specwright.spec.model import Carrier, Problem
from specwright.spec.rewrite import IN_TWO, in_two, split, with_criterion, with_handle, without_spec
from specwright.spec.rules.look import Look, of_text
from specwright.spec.rules.rule import Edit, Fix
from specwright.spec.seeds import from_comment, from_markdown
from specwright.spec.syntax import OPEN_SPAN
from specwright.tasks.harmless import label

QUICK, REWRITE = t.CodeActionKind.QuickFix, t.CodeActionKind.RefactorRewrite
MOST = 30
"""Quick fixes of one place."""
TOO_MUCH = frozenset({"SPEC301", "SPEC302"})
"""Codes that a split mends."""


def actions(
    document: Document,
    params: t.CodeActionParams,
    used: Callable[[], Sequence[str]],
    versions: bool,
    more: Callable[[Problem], Iterator[Fix]] = lambda problem: iter(()),
) -> list[t.CodeAction]:
    """What can be rewritten at a range; `versions` tells whether the client knows versions of documents in edits.

    `more` gives fixes of a problem that the language alone can't make.
    """
    first, last = params.range.start.line, params.range.end.line
    shown = [item for item in params.context.diagnostics if item.source == SOURCE]
    found = [
        _fix(document, fix, problem, shown, versions)
        for problem, fix in islice(_quick(document, first, last, more), MOST)
    ]
    for fix in _rewrites(document, params.range, used):
        if fix.edits:
            mended = [item for item in shown if fix.title == IN_TWO and item.code in TOO_MUCH]
            found.append(_action(document, fix, QUICK if mended else REWRITE, versions))
            found[-1].diagnostics = mended or None
    only = params.context.only
    return [a for a in found if not only or any(a.kind and a.kind.startswith(kind) for kind in only)]


def _quick(
    document: Document, first: int, last: int, more: Callable[[Problem], Iterator[Fix]]
) -> Iterator[tuple[Problem, Fix]]:
    """The problems that lie at these lines, each with a fix."""
    for block in document.blocks:
        if block.first > last or block.last < first:
            continue
        rows = document.rows[block.first : block.last + 1]
        for problem in document.problems(block):
            there = problem.down(block.first)
            if there.span.start.line > last or there.span.end.line < first:
                continue
            for fix in fixes(_look(document, block, rows, problem), problem):
                down = tuple(Edit(edit.span.down(block.first), edit.text) for edit in fix.edits)
                yield there, Fix(fix.title, down)
            yield from ((there, fix) for fix in more(there))


def _fix(document: Document, fix: Fix, problem: Problem, shown: Sequence[t.Diagnostic], versions: bool) -> t.CodeAction:
    action = _action(document, fix, QUICK, versions)
    action.diagnostics = [item for item in shown if _is_of(document, item, problem)] or None
    return action


def _rewrites(document: Document, where: t.Range, used: Callable[[], Sequence[str]]) -> Iterator[Fix]:
    specs, row = document.specs, where.start.line
    found = document.spec_at(row)
    if found is None:
        seed = _seed(document, where)
        yield from [seed] if seed else []
        return
    spec = found[2].down(found[0].first)
    handle = spec.handle or new_handle(used())
    if spec.handle is None:
        yield Fix("Give this spec a handle", (with_handle(spec, handle),))
    yield with_criterion(specs, spec)
    yield in_two(specs, spec, row, handle)
    if len(spec.criteria) > 1:
        for number, criterion in enumerate(spec.criteria, 1):
            if criterion.span.start.line <= row <= criterion.span.end.line:
                yield Fix("Move this criterion to its own spec", split(specs, spec, [number], handle))
    is_closed = not any(p.code == "SPEC003" and OPEN_SPAN not in p.data for p in document.problems(found[0]))
    if row == spec.span.start.line and spec.carrier is not Carrier.FILE and is_closed:
        yield Fix("Remove this spec", (without_spec(specs, spec),))
    if spec.carrier is Carrier.FILE:
        yield Fix("Rewrite as flat bullets", flat(specs, spec))


def _seed(document: Document, where: t.Range) -> Fix | None:
    """A spec of what is selected, or of the TODO at the cursor."""
    (first, _), (last, column) = document.at(where.start), document.at(where.end)
    is_selected = where.start != where.end
    if is_selected and last > first and column == 0:
        last -= 1
    last = min(last, len(document.rows) - 1)
    if first > last:
        return None
    if document.specs.language.markdown:
        return from_markdown(document.specs, first, last) if is_selected else None
    return from_comment(document.specs, first, last, is_selected)


def _look(document: Document, block: Block, rows: Sequence[str], problem: Problem) -> Look:
    """At the spec that a problem is of; a marker without a title, or in running text, makes none."""
    line = problem.span.start.line
    for spec in block.specs:
        if spec.span.start.line <= line <= spec.span.end.line:
            return Look(spec, rows, document.relative, document.facts)
    return of_text(rows, document.relative, document.specs.language.id)


def _is_of(document: Document, item: t.Diagnostic, problem: Problem) -> bool:
    wire = to_range(document.rows, problem.span, document.units)
    start = item.range.start
    return item.code == problem.code and (start.line, start.character) == tuple(wire["start"].values())


def _action(document: Document, fix: Fix, kind: t.CodeActionKind, versions: bool) -> t.CodeAction:
    return t.CodeAction(title=label(fix.title), kind=kind, edit=_edit(document, fix.edits, versions))


def _edit(document: Document, edits: Sequence[Edit], versions: bool) -> t.WorkspaceEdit:
    texts = [_text_edit(document, edit) for edit in edits]
    if not versions:
        return t.WorkspaceEdit(changes={document.uri: texts})
    named = t.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    return t.WorkspaceEdit(document_changes=[t.TextDocumentEdit(text_document=named, edits=list(texts))])


def _text_edit(document: Document, edit: Edit) -> t.TextEdit:
    """With the line ends of the text around it."""
    wire = to_range(document.rows, edit.span, document.units)
    text = edit.text.replace("\r\n", "\n").replace("\n", line_end(document.rows, edit.span.start.line))
    return t.TextEdit(t.Range(t.Position(**wire["start"]), t.Position(**wire["end"])), text)
