"""Lenses and hovers: the same facts and commands as diagnostics and actions, for editors that show them."""

from lsprotocol import types as t

from specwright.lsp.actions import hunk_at, hunk_commands, may_be_queued, queue, task_at, task_commands, title_of
from specwright.lsp.convert import lines_span, to_range
from specwright.lsp.document import Document
from specwright.lsp.items import described, found_by
from specwright.lsp.pending import Pending
from specwright.lsp.window import Window
from specwright.review.plan import Standing
from specwright.review.reading import At
from specwright.tasks.harmless import fenced, markdown

MOST_LENSES = 3
"""Commands above one spec."""
MOST_FINDINGS = 10
"""Findings that a hover shows."""
MOST_LINES = 60
"""Lines of a hunk that a hover shows."""


def lenses(window: Window, document: Document) -> list[t.CodeLens]:
    """Commands above each spec and each hunk under review."""
    found: list[t.CodeLens] = []
    shown = window.desk.shown
    for block, _, spec in document.placed():
        line = block.first + spec.span.start.line
        entry = task_at(window, document, line)
        is_shown = bool(entry and shown and shown.task == entry.mark.task)
        commands = [queue(document, line)] if may_be_queued(document, line, entry) else []
        commands += (
            [_short(made, title_of(entry.mark)) for made in task_commands(entry.mark, is_shown)] if entry else []
        )
        found += [_lens(document, line, command) for command in commands[:MOST_LENSES]]
    if pending := window.pending(document):
        for standing in pending.open:
            line = lines_span(document.rows, standing.start, standing.end).start.line
            found += [_lens(document, line, command) for command in hunk_commands(pending, standing)]
    return found


def hover(window: Window, document: Document, position: t.Position) -> t.Hover | None:
    """What a hunk would change, or how a spec's task stands."""
    if pending := window.pending(document):
        for standing in hunk_at(pending, position.line, position.line):
            told = described(pending.review, pending.file, standing.hunk, standing)
            return _hover(f"{markdown(told)}\n\n{_diff(pending, standing)}")
    entry = task_at(window, document, position.line)
    if entry is None:
        return None
    review = window.desk.reviews.get(entry.mark.task)
    found = [f"- {markdown(told)}" for told in map(found_by, review.result.findings[:MOST_FINDINGS])] if review else []
    told = markdown(f"{entry.mark.title}: {entry.mark.summary} [{entry.mark.task}]")
    return _hover("\n".join([told, *(["", *found] if found else [])]))


def _short(command: t.Command, title: str) -> t.Command:
    """Above the spec there is no need to name it: `Accept all`, not `Accept all of 'Say two'`."""
    for link in (" of", " to", ""):
        command.title = command.title.replace(f"{link} '{title}'", "")
    return command


def _lens(document: Document, line: int, command: t.Command) -> t.CodeLens:
    where = to_range(document.rows, lines_span(document.rows, line, line + 1), document.units)
    start, end = t.Position(**where["start"]), t.Position(**where["end"])
    return t.CodeLens(range=t.Range(start=start, end=end), command=command)


def _hover(text: str) -> t.Hover:
    return t.Hover(contents=t.MarkupContent(kind=t.MarkupKind.Markdown, value=text))


def _diff(pending: Pending, standing: Standing) -> str:
    proposal = pending.plan.plan.proposal
    old, new = proposal.lines(standing.hunk, At.BASE), proposal.lines(standing.hunk, At.RESULT)
    lines = [f"-{line.rstrip()}" for line in old] + [f"+{line.rstrip()}" for line in new]
    more = [f"… {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    text = "\n".join(lines[:MOST_LINES] + more)
    return fenced(text, "diff")
