"""From the logical lines of one run to its specs, with the problems of their syntax."""

import re
from dataclasses import dataclass, field

from specwright.spec import syntax
from specwright.spec.foreign import is_foreign
from specwright.spec.grammar import HANDLE, KEYS, NUMBER, OPEN_CHECK, SECTIONS, Kind, Line, check_of, classify, is_odd
from specwright.spec.model import MARKDOWN, Carrier, Criterion, Field, Point, Problem, Span, Spec, Written
from specwright.spec.runs import Logical, Run

Words = tuple[str, ...]
WORD = re.compile(r"[^\W_]|[^\x00-\xa0]")
"""More than signs that adorn a comment."""


@dataclass(slots=True)
class Part:
    """One element of a spec while it grows: its kind, key, and the pieces of text that are joined in the end."""

    kind: Kind
    key: str
    start: Point
    given: str = ""
    """The key of a field as it was written."""
    pieces: list[tuple[int, int, str]] = field(default_factory=list)
    open: bool = True
    """Whether prose on the next line still belongs to it."""

    @property
    def text(self) -> str:
        """All pieces, joined with one space."""
        return self.written.text

    @property
    def written(self) -> Written:
        """Where the text stands."""
        return Written(tuple(piece for piece in self.pieces if piece[2]))

    @property
    def span(self) -> Span:
        """From its bullet to the end of its last line."""
        if not self.pieces:
            return Span(self.start, self.start)
        row, column, text = self.pieces[-1]
        return Span(self.start, Point(row, column + len(text)))


@dataclass(slots=True)
class Draft:
    """A spec while it grows."""

    run: Run
    word: str
    marker: Logical
    title: Line
    parts: list[Part] = field(default_factory=list)
    lines: list[Logical] = field(default_factory=list)
    bullets: bool = False
    blank: bool = False
    below_heading: bool = False
    section: str = ""
    """The field that the heading above stands for, in a file that is one spec."""


def specs_in(run: Run, language: str, words: Words) -> tuple[list[Spec], list[Problem]]:
    """The specs of one run, in order."""
    if run.whole and is_odd(run.lines[0].text, words):
        has_criteria = any(classify(line.text, words).kind is Kind.CRITERION for line in run.lines)
        return [], [syntax.odd_marker(run.lines[0])] if has_criteria else []
    if run.carrier is Carrier.FILE and not run.lines[0].text.startswith(words):
        return [], [syntax.no_heading(run.lines[0])]
    builder = Builder(run, language, words)
    for line in run.lines:
        builder.add(line)
        if run.whole and builder.draft is None:
            break
    builder.finish()
    return builder.specs, builder.problems


class Builder:
    """One pass over the lines of a run."""

    def __init__(self, run: Run, language: str, words: Words) -> None:
        self.specs: list[Spec] = []
        self.problems: list[Problem] = []
        self.draft: Draft | None = None
        self._run, self._language, self._words = run, language, words
        self._may_begin = True
        """Whether a marker may stand on the next line."""
        self._missed: Logical | None = None
        """The marker line in running text that bullets may follow yet."""
        self._odd: Logical | None = None
        """The line that is nearly a marker line, if criteria may follow yet."""
        self._behind = False
        """Whether the lines stand right behind a spec that prose ended."""

    def add(self, line: Logical) -> None:
        """The next line."""
        found = classify(line.text, self._words, line.gutter, line.level)
        if found.kind is Kind.PROSE and self._run.carrier not in MARKDOWN and is_foreign(line.text):
            found = Line(Kind.FOREIGN)
        if self._run.whole and self.draft is not None and found.kind in {Kind.MARKER, Kind.BARE}:
            found = Line(Kind.PROSE, text=line.text)
        if found.kind in {Kind.MARKER, Kind.BARE} and (self.draft is not None or self._may_begin):
            self.finish()
            self._begin(line, found)
        elif self.draft is None:
            self._between(line, found)
        elif not _take(self.draft, line, found):
            self.finish()
            self._behind = found.kind in {Kind.PROSE, Kind.FOREIGN}
            self._may_begin = found.kind in {Kind.END, Kind.BLANK}

    def finish(self) -> None:
        """The spec that was being read is over."""
        if self.draft is not None:
            spec, problems = _spec_of(self.draft, self._language)
            self.specs.append(spec)
            self.problems += problems
            self.draft = None

    def _begin(self, line: Logical, found: Line) -> None:
        self._may_begin, self._odd = found.kind is Kind.BARE, None
        if found.kind is Kind.BARE:
            self.problems.append(syntax.no_title(line, found.key))
        else:
            self.draft = Draft(self._run, found.key, line, found, lines=[line])

    def _between(self, line: Logical, found: Line) -> None:
        """A line that belongs to no spec."""
        is_bullet = found.kind in {Kind.CRITERION, Kind.FIELD}
        if self._behind and is_bullet:
            self.problems.append(syntax.behind_end(line))
        self._behind = self._behind and not is_bullet and found.kind not in {Kind.END, Kind.MARKER}
        self._may_begin = found.kind in {Kind.END, Kind.BLANK} or (not line.text and self._may_begin)
        if self._missed and is_bullet:
            self.problems.append(syntax.in_prose(self._missed))
        if self._odd and found.kind is Kind.CRITERION:
            self.problems.append(syntax.odd_marker(self._odd))
            self._odd = None
        if is_odd(line.text, self._words) or found.kind is Kind.END:
            self._odd = line if found.kind is Kind.PROSE else None
        if found.kind is Kind.MARKER:
            self._missed = line
        elif found.kind not in {Kind.PROSE, Kind.FOREIGN}:
            self._missed = None


def _take(draft: Draft, line: Logical, found: Line) -> bool:
    """Whether a line belongs to the draft; it is taken in then."""
    if found.kind is Kind.END:
        draft.lines.append(line)
        return False
    is_over = draft.blank and draft.bullets and not draft.run.whole
    if found.kind is Kind.FOREIGN or (found.kind is Kind.PROSE and is_over):
        return False
    if found.kind is Kind.HEADING:
        _heading(draft, line)
    elif found.kind is Kind.ITEM and not found.text:
        _close_last(draft)
    elif found.kind is Kind.BLANK:
        draft.blank = True
        _close_last(draft)
    elif found.kind is Kind.PROSE and draft.section and (number := NUMBER.match(line.text)):
        item = classify(f"- {number['rest']}", (draft.word,))
        _element(draft, line, item._replace(at=item.at - len("- ") + number.start("rest")))
    elif found.kind is Kind.PROSE:
        _prose(draft, line)
    else:
        _element(draft, line, found)
    if found.kind is not Kind.BLANK:
        draft.lines.append(line)
    return True


def _heading(draft: Draft, line: Logical) -> None:
    """Ends what stands above it, and in a file that is one spec says what stands below."""
    draft.blank = draft.below_heading = True
    if draft.parts:
        draft.parts[-1].open = False
    if draft.run.carrier is Carrier.FILE:
        draft.section = SECTIONS.get(" ".join(line.text.casefold().removesuffix(":").split()), "note")


def _prose(draft: Draft, line: Logical) -> None:
    """Goes on with the element before it; else it is goal, or what the heading says, or in Markdown a note."""
    last = draft.parts[-1] if draft.parts else None
    if last is None or not last.open:
        known = draft.bullets or draft.below_heading
        last = _part(draft.section, line) if draft.section else _part("note" if known else "goal", line)
        draft.parts.append(last)
    last.pieces.append((line.row, line.column, line.text))
    draft.blank = False


def _part(key: str, line: Logical) -> Part:
    """A part that begins without a sign of its own."""
    kind = {"criterion": Kind.CRITERION, "goal": Kind.PROSE, "note": Kind.ITEM}.get(key, Kind.FIELD)
    return Part(kind, "" if kind is Kind.CRITERION else key, Point(line.row, max(0, line.column)))


def _element(draft: Draft, line: Logical, found: Line) -> None:
    _close_last(draft)
    if found.kind is Kind.ITEM and draft.section and not found.given:
        part = _part(draft.section, line)
    else:
        part = Part(found.kind, found.key, Point(line.row, line.column), found.given)
    part.pieces.append((line.row, line.column + found.at, found.text))
    draft.parts.append(part)
    draft.bullets, draft.blank = True, False


def _close_last(draft: Draft) -> None:
    """A goal goes on below a blank line, before the first bullet."""
    if draft.parts and (draft.parts[-1].kind is not Kind.PROSE or draft.bullets or draft.section):
        draft.parts[-1].open = False


def _spec_of(draft: Draft, language: str) -> tuple[Spec, list[Problem]]:
    criteria = [_criterion(part) for part in _of(draft, Kind.CRITERION)]
    fields = [_field(part) for part in _of(draft, Kind.FIELD, Kind.ITEM) if part.key != "goal"]
    goals = [part for part in draft.parts if part.key == "goal"]
    title, handle = _title(draft.title.text)
    start = Point(draft.marker.row, max(0, draft.marker.column))
    at = draft.marker.column + draft.title.at
    spec = Spec(
        title=title,
        handle=handle,
        goal=" ".join(part.text for part in goals if part.text),
        criteria=tuple(criterion for criterion, _ in criteria),
        fields=tuple(sorted(fields, key=lambda field: KEYS.index(field.key))),
        span=Span(start, _end(draft)),
        title_span=Span(Point(start.line, at), Point(start.line, at + len(title))),
        carrier=draft.run.carrier,
        language=language,
        word=draft.word,
        goal_written=Written(tuple(piece for part in goals for piece in part.written.pieces)),
        body=_body(draft.run),
        alone=_is_alone(draft),
    )
    problems = [problem for _, problem in criteria if problem]
    problems += syntax.of_fields(_of(draft, Kind.FIELD), draft.run.carrier in MARKDOWN)
    problems += syntax.of_carrier(draft.run, draft.lines, language, Span(start, spec.title_span.end))
    return spec, problems


def _of(draft: Draft, *kinds: Kind) -> list[Part]:
    return [part for part in draft.parts if part.kind in kinds]


def _end(draft: Draft) -> Point:
    """Where the spec's last line ends; a fence's own last line is its."""
    last = draft.lines[-1]
    if draft.run.carrier is Carrier.FENCE and draft.run.last > last.row:
        return Point(draft.run.last, 3)
    return Point(last.row, last.column + len(last.text))


def _body(run: Run) -> Span:
    behind = run.lines[-1].behind
    return Span(Point(run.first, 0), Point(run.last + 1, 0) if behind is None else Point(run.last, behind))


def _is_alone(draft: Draft) -> bool:
    first, last = draft.lines[0].row, draft.lines[-1].row
    return not any(WORD.search(line.text) for line in draft.run.lines if not first <= line.row <= last)


def _title(text: str) -> tuple[str, str | None]:
    found = HANDLE.match(text)
    return (found["title"], found["handle"]) if found else (text, None)


def _field(part: Part) -> Field:
    return Field(part.key, part.text, part.span, part.written, part.given)


def _criterion(part: Part) -> tuple[Criterion, Problem | None]:
    text = part.text
    if found := check_of(text):
        stated, check = found
        manual = check == "manual"
        return Criterion(stated, None if manual else check, manual, bool(part.key), part.span, part.written), None
    criterion = Criterion(text, ticked=bool(part.key), span=part.span, written=part.written)
    unclosed = OPEN_CHECK.search(text)
    if unclosed is None or _is_closed(text, unclosed.start("ticks"), unclosed["ticks"]):
        return criterion, None
    return criterion, syntax.unclosed_check(Span(part.written.point(unclosed.start("ticks")), part.span.end))


def _is_closed(text: str, at: int, ticks: str) -> bool:
    """Whether another run of exactly as many back-ticks follows."""
    rest = text[at + len(ticks) :]
    return any(run == ticks for run in re.findall("`+", rest))
