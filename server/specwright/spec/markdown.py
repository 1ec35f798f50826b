"""Markdown's carriers: marker headings and `spec` fences. Everything else that is fenced or commented is opaque."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from specwright.spec.carriers import LONGEST, WHITE
from specwright.spec.lines import body
from specwright.spec.model import Carrier
from specwright.spec.runs import Logical, Run

FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>.*)$")
HEADING = re.compile(r" {0,3}(?P<signs>#{1,6})(?:[ \t]+(?P<text>.*?))?(?:[ \t]+#+)?[ \t]*$")
SETEXT = re.compile(r" {0,3}(?P<sign>=+|-+)[ \t]*$")
INFO = re.compile(r"spec(?:[ \t]+(?P<title>\S.*?))?[ \t]*$")


@dataclass(slots=True)
class _Open:
    """A section or fence that is being read."""

    carrier: Carrier
    level: int
    first: int
    lines: list[Logical] = field(default_factory=list)


class Reader:
    """One pass over a document."""

    def __init__(self, words: Sequence[str]) -> None:
        self.runs: list[Run] = []
        self._word = words[0]
        self._starts = tuple(f"{word} " for word in words) + tuple(words)
        self._section: _Open | None = None
        self._fence: tuple[str, _Open | None] | None = None
        self._opaque = ""
        """The text that ends an HTML comment or the front matter."""

    def read(self, lines: Sequence[str]) -> list[Run]:
        """All runs that begin with a marker, in order."""
        for row, line in enumerate(lines):
            text = body(line)
            self._line(row, text if len(text) <= LONGEST else "")
        if self._fence and self._fence[1]:
            self._end(self._fence[1], len(lines) - 1, unclosed=True)
        self._end_section(len(lines) - 1)
        return sorted(self.runs, key=lambda run: run.first)

    def _line(self, row: int, text: str) -> None:
        if self._fence:
            self._in_fence(row, text, *self._fence)
        elif self._opaque:
            self._opaque = "" if self._opaque in text else self._opaque
        elif row == 0 and text.rstrip() == "---":
            self._opaque = "---"
        elif (fence := FENCE.match(text)) and not (fence["fence"][0] == "`" and "`" in fence["info"]):
            self._open_fence(row, fence)
        elif text.lstrip().startswith("<!--") and "-->" not in text:
            self._opaque = "-->"
        elif heading := HEADING.match(text):
            self._heading(row, heading)
        elif not self._ends_by_setext(row, text):
            self._add(row, text)

    def _open_fence(self, row: int, fence: re.Match[str]) -> None:
        info = INFO.match(fence["info"])
        run = None
        if info:
            run = _Open(Carrier.FENCE, 0, row)
            if info["title"]:
                column = fence.start("info") + info.start("title") - len(self._word) - 1
                run.lines.append(Logical(row, max(0, column), f"{self._word} {info['title']}"))
        self._fence = fence["fence"], run
        self._add(row, "")

    def _in_fence(self, row: int, text: str, fence: str, run: _Open | None) -> None:
        stripped = text.strip()
        if (
            stripped
            and set(stripped) == {fence[0]}
            and len(stripped) >= len(fence)
            and len(text) - len(text.lstrip()) < 4
        ):
            self._fence = None
            if run:
                self._end(run, row)
        elif run and (run.lines or stripped):
            run.lines.append(_logical(row, text))

    def _heading(self, row: int, heading: re.Match[str]) -> None:
        level, text = len(heading["signs"]), heading["text"] or ""
        if self._section and level <= self._section.level:
            self._end_section(row - 1)
        if text.startswith(self._starts):
            self._end_section(row - 1)
            self._section = _Open(Carrier.HEADING, level, row, [Logical(row, heading.start("text"), text)])
        elif self._section:
            self._section.lines.append(Logical(row, heading.start("text") if text else 0, text, level))

    def _ends_by_setext(self, row: int, text: str) -> bool:
        setext = SETEXT.match(text)
        if not setext or not self._section or len(self._section.lines) < 2 or not self._section.lines[-1].text:
            return False
        if setext["sign"][0] == "-" and self._section.level < 2:
            return False
        self._section.lines.pop()
        self._end_section(row - 2)
        return True

    def _add(self, row: int, text: str) -> None:
        if self._section:
            self._section.lines.append(_logical(row, text))

    def _end_section(self, row: int) -> None:
        if self._section:
            self._end(self._section, row)
            self._section = None

    def _end(self, run: _Open, row: int, unclosed: bool = False) -> None:
        if run.lines and run.lines[0].text.startswith(self._starts):
            self.runs.append(Run(run.carrier, tuple(run.lines), run.first, row, unclosed))


def _logical(row: int, text: str) -> Logical:
    return Logical(row, len(text) - len(text.lstrip(WHITE)), text.strip(WHITE))
