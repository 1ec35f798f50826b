"""What an editor shows of a document: problems of specs and settings, the state of tasks, pending hunks, findings."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from specwright.api import views as v
from specwright.config.settings import Problem as Misread
from specwright.errors import WrongUse
from specwright.lsp.convert import SEVERITIES, Units, Wire, diagnostic, lines_span, to_range
from specwright.lsp.desk import Desk, Review, ReviewedFile
from specwright.lsp.document import Document
from specwright.lsp.marks import Marked
from specwright.lsp.pending import Pending
from specwright.paths.files import read_text
from specwright.paths.pages import rule_page
from specwright.review.hunks import Hunk, HunkKind, HunkState, added_removed
from specwright.review.plan import Standing
from specwright.spec.document import Block
from specwright.spec.lines import body
from specwright.spec.model import Problem, Severity, Span
from specwright.spec.rules.catalogue import is_unfinished
from specwright.tasks.harmless import label
from specwright.tasks.model import OPEN, Outcome, State
from specwright.tasks.wording import cut

INFORMATION, WARNING, ERROR = SEVERITIES[Severity.INFO], SEVERITIES[Severity.WARNING], SEVERITIES[Severity.ERROR]
NOT_SHOWN = "the action 'Review' shows its hunks"
MOST = 300
"""Problems, hunks or findings of one file that are shown at once."""
PREVIEW = 60
"""Characters of a hunk's first line that its message shows."""
LONGEST = 300
"""Characters of a finding's message."""
SHORT = 30
"""Characters of a title in a hunk's message, so that a line of the screen has room for what the hunk does."""
UNSAVED = "accepted in the editor, not saved yet: save to finish"


def items(document: Document, desk: Desk, at_specs: Iterable[Marked], pending: Pending | None) -> list[Wire]:
    """Everything: problems, hunks, findings, tasks. Tasks are last: some editors show the last item of a line alone."""
    found = [*document.misread, *_at_most(_problems(document))]
    if pending:
        found += [*_at_most(_hunks(pending)), *_at_most(_findings(pending))]
    return [*found, *_at_most(_files_elsewhere(document, desk, at_specs)), *_tasks(document, desk, at_specs)]


def on_disk(review: Review, path: str, units: Units) -> list[Wire]:
    """The hunks and findings of a file that no buffer holds."""
    file = Path(review.result.checkout) / path
    try:
        text = read_text(file, None)
    except WrongUse:
        return []
    document = Document(file.as_uri(), text, None, None, units)
    return [
        item
        for item in items(document, Desk(), (), Pending(review, path, document))
        if item["code"] in {"hunk", "gate"}
    ]


def of_settings(document: Document, problems: Iterable[Misread]) -> Iterator[Wire]:
    """What is wrong with a project's settings; nothing is queued with what refuses them."""
    for problem in problems:
        line = (problem.line or 1) - 1
        where = to_range(document.rows, lines_span(document.rows, line, line + 1), document.units)
        yield diagnostic(where, ERROR if problem.refuses else WARNING, "settings", problem.message)


def _at_most(items: Iterable[Wire]) -> Iterator[Wire]:
    """The first of a kind, and one more that tells how many there are: editors choke on what a tool can report."""
    rest = iter(items)
    yield from islice(rest, MOST)
    if first := next(rest, None):
        yield diagnostic(first["range"], INFORMATION, first["code"], f"and {1 + sum(1 for _ in rest)} more")


def _problems(document: Document) -> list[Wire]:
    """All of them; of too many the gravest, and those of the block that is being typed in."""
    blocks = [_shown(document, block) for block in document.blocks]
    found = [item for items in blocks for item in items]
    if len(found) <= MOST:
        return found
    typed = {id(item) for block, items in zip(document.blocks, blocks, strict=True) if block is document.typing
             for item in items}  # fmt: skip
    found.sort(key=lambda item: (id(item) not in typed, item["severity"]))
    return found


def _shown(document: Document, block: Block) -> list[Wire]:
    if block is document.typing:  # what is said of it differs once typing rests
        return list(_of_block(document, block))
    shown = document.shown.get(block)
    if shown is None or shown[0] != block.first:
        shown = document.shown[block] = block.first, list(_of_block(document, block))
    return shown[1]


def _of_block(document: Document, block: Block) -> Iterator[Wire]:
    for problem in document.problems(block):
        typing = block is document.typing and is_unfinished(problem)
        severity = SEVERITIES[Severity.HINT if typing else problem.severity]
        where = to_range(document.rows, problem.span.down(block.first), document.units)
        item = {**diagnostic(where, severity, problem.code, problem.message), **_described(problem.code)}
        yield {**item, **_related(document, block, problem)}


def _related(document: Document, block: Block, problem: Problem) -> Wire:
    """The other places that a problem is about, for editors that lead there."""
    if not problem.related or not document.relates:
        return {}
    found = []
    for other in problem.related:
        here = other.path is None
        uri = document.uri if here else (Path(document.root) / str(other.path)).as_uri()
        where = to_range(document.rows if here else (), other.down(block.first).span, document.units)
        found.append({"location": {"uri": uri, "range": where}, "message": label(other.message)})
    return {"relatedInformation": found}


@cache
def _described(code: str) -> Wire:
    """Where the page on a code is, for editors that open it."""
    page = rule_page(code)
    return {"codeDescription": {"href": page.as_uri()}} if page else {}


def _tasks(document: Document, desk: Desk, at_specs: Iterable[Marked]) -> Iterator[Wire]:
    for entry in at_specs:
        mark = entry.mark
        if mark.state in OPEN or mark.state is State.FAILED:
            span = lines_span(document.rows, entry.line, entry.line + 1)
            where = to_range(document.rows, span, document.units)
            message = f"{_summary(desk, mark)} [{mark.task}]"
            yield diagnostic(where, _gravity(mark), "task", message, task=mark.task)


def _summary(desk: Desk, mark: v.SpecPlace) -> str:
    if desk.waits_for_save(mark.task):
        return UNSAVED
    has_hunks = mark.state is State.REVIEW and mark.outcome is not Outcome.BLOCKED
    return (
        f"{mark.summary} ({NOT_SHOWN})" if has_hunks and desk.shown and desk.shown.task != mark.task else mark.summary
    )


def _gravity(mark: v.SpecPlace) -> int:
    if mark.state is State.REVIEW:
        return INFORMATION if mark.outcome is Outcome.PASSED else WARNING
    return WARNING if mark.state is State.FAILED else INFORMATION


def _hunks(pending: Pending) -> Iterator[Wire]:
    rows = pending.document.rows
    for standing in pending.open:
        span = lines_span(rows, standing.start, standing.end)
        key = standing.state, standing.note, span, rows[span.end.line : span.end.line + 1]
        shown = pending.shown.get(standing.hunk.id)
        if shown is None or shown[0] != key:
            shown = pending.shown[standing.hunk.id] = key, _hunk(pending, standing, span)
        yield shown[1]


def _hunk(pending: Pending, standing: Standing, span: Span) -> Wire:
    document, review = pending.document, pending.review
    where = to_range(document.rows, span, document.units)
    grave = standing.state is HunkState.CONFLICT or pending.file.bears
    message = described(review, pending.file, standing.hunk, standing)
    data = {"task": review.task, "run": review.result.run, "hunk": standing.hunk.id}
    return diagnostic(where, WARNING if grave else INFORMATION, "hunk", message, **data)


def _findings(pending: Pending) -> Iterator[Wire]:
    """What gates found in this file of the result, at the hunk that brings it."""
    review, document = pending.review, pending.document
    for finding in review.result.findings:
        standing = _bringing(pending, finding) if finding.path == pending.file.file.path else None
        if standing:
            span = lines_span(document.rows, standing.start, standing.end)
            message = f"{finding.gate}: {finding.message} ({finding.rule}, in hunk {standing.hunk.id})"
            data = {"task": review.task, "run": review.result.run, "hunk": standing.hunk.id}
            yield diagnostic(to_range(document.rows, span, document.units), WARNING, "gate", message, **data)


def _bringing(pending: Pending, finding: v.FindingView) -> Standing | None:
    return next((standing for standing in pending.open if _brings(pending.file, standing.hunk, finding)), None)


def _files_elsewhere(document: Document, desk: Desk, at_specs: Iterable[Marked]) -> Iterator[Wire]:
    """At the spec under review, the hunks that have no place in a text: new files, deleted, renamed, binary ones."""
    review = desk.shown
    entry = next((entry for entry in at_specs if review and entry.mark.task == review.task), None)
    if review is None or entry is None:
        return
    span = lines_span(document.rows, entry.line, entry.line + 1)
    where = to_range(document.rows, span, document.units)
    for file in review.files.values():
        for hunk in file.hunks:
            if hunk.kind is not HunkKind.TEXT and hunk.id not in review.facts:
                data = {"task": review.task, "run": review.result.run, "hunk": hunk.id}
                severity = WARNING if file.bears else INFORMATION
                yield diagnostic(where, severity, "hunk", described(review, file, hunk), **data)
    for finding in review.result.findings:
        if not _has_place(review, finding):
            yield diagnostic(where, WARNING, "gate", found_by(finding), task=review.task, run=review.result.run)


def _has_place(review: Review, finding: v.FindingView) -> bool:
    """Whether a hunk of a text brings it, and shows it."""
    file = review.files.get(finding.path or "")
    if file is None or finding.line is None:
        return False
    return any(_brings(file, hunk, finding) for hunk in file.hunks if hunk.kind is HunkKind.TEXT)


def _brings(file: ReviewedFile, hunk: Hunk, finding: v.FindingView) -> bool:
    """Whether a finding stands in a hunk's lines; one of the whole file at the first."""
    start, end = file.sides.result_gap.outer(hunk.new_start, hunk.new_end)
    return start <= (finding.line or 1) - 1 < max(end, start + 1)


def found_by(finding: v.FindingView) -> str:
    """What a gate found, in one line."""
    place = f"{finding.path}:{finding.line or 1}: " if finding.path else ""
    said = " ".join(finding.message.split())
    return f"{finding.gate}: {place}{cut(said, LONGEST)}"


def described(review: Review, file: ReviewedFile, hunk: Hunk, standing: Standing | None = None) -> str:
    """One line that tells what a hunk does."""
    added, removed = added_removed([hunk])
    note = f" ({standing.note})" if standing and standing.note else ""
    conflict = " conflicts with your text here" if standing and standing.state is HunkState.CONFLICT else ""
    title = cut(review.result.title, SHORT)
    trust = f" bears trust ({file.bears})" if file.bears else ""
    return f"Hunk {hunk.id} of '{title}'{conflict}{note}{trust}: {_what(file, hunk)} (+{added} −{removed})"


def _what(file: ReviewedFile, hunk: Hunk) -> str:
    path, old = file.file.path, file.file.old_path
    match hunk.kind:
        case HunkKind.CREATED:
            return f"new file {path}"
        case HunkKind.DELETED:
            return f"deletes {path}"
        case HunkKind.RENAMED:
            return f"renames {old} to {path}"
        case HunkKind.TEXT:
            return _preview(file, hunk)
    return f"changes the {hunk.kind.replace('_', ' ')} of {path}"


def _preview(file: ReviewedFile, hunk: Hunk) -> str:
    lines = [body(line).strip() for line in file.sides.result[hunk.new_start : hunk.new_end]]
    first = next((line for line in lines if line), "")
    if not first:
        return "removes lines" if hunk.old_end > hunk.old_start else "adds blank lines"
    return cut(first, PREVIEW)
