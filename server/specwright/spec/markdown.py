"""Markdown's carriers: marker headings, `spec` fences, and files that are one spec. All else that is fenced, commented
or indented as code is opaque."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from specwright.spec.carriers import LONGEST, WHITE
from specwright.spec.grammar import is_odd
from specwright.spec.lines import body
from specwright.spec.model import Carrier
from specwright.spec.runs import Logical, Run

FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>.*)$")
HEADING = re.compile(r" {0,3}(?P<signs>#{1,6})(?:[ \t]+(?P<text>.*))?$")
SETEXT = re.compile(r" {0,3}(?P<sign>=+|-{2,})[ \t]*$")
"""Not a single `-`, which is a bullet that somebody has just begun."""
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*+\1){2,}[ \t]*$")
ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
INFO = re.compile(r"spec(?:[ \t]+|$)(?P<title>.*)")
FRONT = ("---", "...")
BOM = "\ufeff"


@dataclass(slots=True)
class _Open:
    """A section, fence or file that is being read."""

    carrier: Carrier
    level: int
    first: int
    lines: list[Logical] = field(default_factory=list)


class Reader:
    """One pass over a document."""

    def __init__(self, words: Sequence[str], whole: bool = False) -> None:
        self.runs: list[Run] = []
        self._word = words[0]
        self._words = tuple(words)
        self._whole = whole
        """Whether the first heading of level 1 is the title of a spec that goes to the end of the file."""
        self._section: _Open | None = None
        self._fence: tuple[str, _Open | None, int] | None = None
        """The sign, what is read in it, and up to which indentation its end counts."""
        self._opaque: tuple[str, ...] = ()
        """Texts that end an HTML comment or, as whole lines, the front matter."""
        self._listed = False
        """Whether the lines belong to a list."""
        self.said: Logical | None = None
        """The first line that stands in no run, and says something."""
        self._coded = True
        """Whether a line that is indented enough is code: the one above is blank, a heading or code."""

    def read(self, lines: Sequence[str]) -> list[Run]:
        """All runs that begin with a marker, in order."""
        begins = bool(lines) and body(lines[0]).lstrip(BOM).rstrip() == "---"
        if begins and any(body(line).rstrip() in FRONT for line in lines[1:]):
            self._opaque = FRONT
        for row, line in enumerate(lines):
            text = body(line)
            if row == 0 and text.startswith(BOM):
                text = f" {text[1:]}"  # counts as white space; columns stay
            self._line(row, text if len(text) <= LONGEST else "")
        if self._fence and self._fence[1]:
            self._end(self._fence[1], len(lines) - 1, unclosed=True)
        self._end_section(len(lines) - 1)
        return sorted(self.runs, key=lambda run: run.first)

    def _line(self, row: int, text: str) -> None:
        if self._fence:
            self._in_fence(row, text, *self._fence)
        elif self._opaque:
            self._in_opaque(row, text)
        elif fence := self._fence_at(text):
            self._open_fence(row, fence, len(text) - len(fence.string))
        elif text.lstrip(WHITE).startswith("<!--"):
            self._opaque = () if "-->" in text else ("-->",)
            self._add(row, "")
        elif heading := HEADING.match(text):
            self._listed, self._coded = False, True
            self._heading(row, heading)
        elif not self._by_setext(row, text):
            self._plain(row, text)

    def _fence_at(self, text: str) -> re.Match[str] | None:
        """A fence may be indented deeper in a list; a back-tick behind back-ticks makes it a code span."""
        fence = FENCE.match(text.lstrip(" ") if self._listed else text)
        return fence if fence and not (fence["fence"][0] == "`" and "`" in fence["info"]) else None

    def _in_opaque(self, row: int, text: str) -> None:
        over = row and text.rstrip() in FRONT if self._opaque is FRONT else "-->" in text
        self._opaque = () if over else self._opaque

    def _open_fence(self, row: int, fence: re.Match[str], indent: int) -> None:
        info = INFO.match(fence["info"].rstrip()) if indent < 4 else None
        run = None
        if info:
            run = _Open(Carrier.FENCE, 0, row)
            if info["title"]:
                column = indent + fence.start("info") + info.start("title")
                run.lines.append(self._titled(row, column, info["title"]))
        self._fence = fence["fence"], run, indent + 3
        self._add(row, "")

    def _titled(self, row: int, column: int, title: str) -> Logical:
        """A title that stands without the marker word: its column is where the word would be."""
        unsaid = len(self._word) + 1
        return Logical(row, column - unsaid, f"{self._word} {title}", unsaid=unsaid)

    def _in_fence(self, row: int, text: str, fence: str, run: _Open | None, most: int) -> None:
        stripped = text.strip()
        is_end = len(stripped) >= len(fence) and not stripped.strip(fence[0])
        if is_end and len(text) - len(text.lstrip()) <= most:
            self._fence = None
            if run:
                self._end(run, row)
        elif run and (run.lines or stripped):
            run.lines.append(_logical(row, text))

    def _heading(self, row: int, heading: re.Match[str]) -> None:
        level, text = len(heading["signs"]), without_signs(heading["text"] or "")
        at = heading.start("text") + len(text) - len(text.lstrip(WHITE)) if text else heading.end("signs")
        text = text.strip(WHITE)
        if self._section and level <= self._section.level:
            self._end_section(row - 1)
        if self._whole and level == 1 and self._section is None:
            line = Logical(row, at, text) if self._is_marker(text) else self._titled(row, at, text)
            self._section = _Open(Carrier.FILE, 0, row, [line])
        elif (self._is_marker(text) or is_odd(text, self._words)) and not self._whole:
            self._end_section(row - 1)
            self._section = _Open(Carrier.HEADING, level, row, [Logical(row, at, text)])
        elif self._section:
            self._section.lines.append(Logical(row, at, text, level))
        else:
            self._add(row, heading.string)

    def _is_marker(self, text: str) -> bool:
        return any(text == word or (text.startswith(word) and text[len(word)] in WHITE) for word in self._words)

    def _by_setext(self, row: int, text: str) -> bool:
        """Whether the line makes the one above it a heading: that ends the section, or stands in it."""
        setext = SETEXT.match(text)
        lines = self._section.lines if self._section else []
        if not setext or self._section is None or self._listed or len(lines) < 2:
            return False
        above = lines[-1]
        if not above.text or above.level or above.row != row - 1:
            return False
        lines.pop()
        level = 1 if setext["sign"][0] == "=" else 2
        if level <= self._section.level:
            self._end_section(row - 2)
        else:
            lines.append(above._replace(level=level))
        self._coded = True
        return True

    def _plain(self, row: int, text: str) -> None:
        """A line of prose or of a list; code and rules count as blank."""
        inner = text.lstrip(WHITE)
        deep = len(text[: len(text) - len(inner)].expandtabs(4)) >= 4
        code = bool(inner) and deep and self._coded and not self._listed
        blank = not inner or code or RULE.match(text) is not None
        if not blank:
            self._listed = bool(ITEM.match(inner)) or (self._listed and (not self._coded or text != inner))
        self._coded = blank
        self._add(row, "" if blank else text)

    def _add(self, row: int, text: str) -> None:
        if self._section:
            self._section.lines.append(_logical(row, text))
        elif self.said is None and text.strip(WHITE):
            self.said = _logical(row, text)

    def _end_section(self, row: int) -> None:
        if self._section:
            self._end(self._section, row)
            self._section = None

    def _end(self, run: _Open, row: int, unclosed: bool = False) -> None:
        if run.lines and (self._is_marker(run.lines[0].text) or is_odd(run.lines[0].text, self._words)):
            self.runs.append(Run(run.carrier, tuple(run.lines), run.first, row, unclosed))


def markdown_runs(lines: Sequence[str], words: Sequence[str], whole: bool) -> list[Run]:
    """The runs of a Markdown text; `whole` says that its first heading is a spec's title if no other spec is in it.

    A file without such a heading is a run of the first line that says something.
    """
    runs = Reader(words).read(lines)
    if not whole:
        return runs
    reader = Reader(words, whole=True)
    file = [run for run in reader.read(lines) if run.carrier is Carrier.FILE]
    if runs and [run.first for run in runs] != [run.first for run in file]:
        return runs
    said = reader.said
    return file or ([Run(Carrier.FILE, (said,), said.row, said.row)] if said else [])


def without_signs(text: str) -> str:
    """The text of a heading without the `#` that may close it."""
    text = text.rstrip(" \t")
    stripped = text.rstrip("#")
    return stripped.rstrip(" \t") if not stripped or stripped[-1] in " \t" else text


def _logical(row: int, text: str) -> Logical:
    return Logical(row, len(text) - len(text.lstrip(WHITE)), text.strip(WHITE))
