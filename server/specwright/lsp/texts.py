"""A text with its specs, whether an editor holds it or the disk does, and what stands at a place of it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lsprotocol import types as t

from specwright.errors import WrongUse
from specwright.lsp.convert import Units, range_of
from specwright.lsp.document import Document
from specwright.lsp.index import place
from specwright.lsp.project import project_of
from specwright.paths.files import read_text
from specwright.paths.scan import File
from specwright.spec.after import located
from specwright.spec.lines import split_lines
from specwright.spec.model import Point, Span, Spec


@dataclass(frozen=True)
class Text:
    """One text as it is now; `version` is None for one that no editor holds."""

    file: File
    uri: str
    rows: Sequence[str]
    make: Callable[[], tuple[Spec, ...]]
    """Makes the specs with their places in the text; of many, that takes longer than a question about one."""
    units: Units
    version: int | None = None

    @cached_property
    def specs(self) -> tuple[Spec, ...]:
        """All its specs."""
        return self.make()

    def range(self, span: Span) -> t.Range:
        """A span as the protocol has it."""
        return range_of(self.rows, span, self.units)

    def location(self, span: Span) -> t.Location:
        """The same with the text that it is in."""
        return t.Location(self.uri, self.range(span))

    def spec_at(self, line: int) -> Spec | None:
        """The spec whose marker stands on a line."""
        return next((spec for spec in self.specs if spec.span.start.line == line), None)


@dataclass(frozen=True, slots=True)
class Name:
    """A place at which a spec is named: its marker line, or an `after:` of another."""

    reference: str
    """`#` and a handle, or a title."""
    span: Span
    """Of a handle without its `#`."""
    spec: Spec
    """The one whose text it is."""
    is_own: bool = False
    """Whether it is that one's own marker line."""

    @property
    def is_handle(self) -> bool:
        """Whether it names by handle."""
        return self.reference.startswith("#")


def of_document(document: Document) -> Text:
    """The text of an open document."""
    return Text(
        place(document),
        document.uri,
        document.rows,
        lambda: document.specs.specs,
        document.units,
        document.version or 0,
    )


async def current(file: File, documents: Iterable[Document], units: Units) -> Text | None:
    """A text of the index; None where it can't be read any more."""
    held = next((document for document in documents if place(document) == file), None)
    return of_document(held) if held else await asyncio.to_thread(_on_disk, file, units)


def own_name(text: Text, spec: Spec) -> Name:
    """How a spec is named by its own marker line: its handle, where it has one."""
    span = spec.title_span
    if spec.handle is None:
        return Name(spec.title, span, spec, is_own=True)
    at = text.rows[span.end.line].find(f"(#{spec.handle})", span.end.column) + len("(#")
    where = Span(Point(span.end.line, at), Point(span.end.line, at + len(spec.handle)))
    return Name(f"#{spec.handle}", where, spec, is_own=True)


def mentions(spec: Spec) -> Iterator[Name]:
    """The places at which a spec names others in its `after:`."""
    for field in spec.fields:
        if field.key == "after":
            for reference, start in located(field.value):
                head = 1 if reference.name.startswith("#") else 0
                span = field.written.span(start + head, start + len(reference.name))
                yield Name(reference.name, span, spec)


def name_at(document: Document, text: Text, point: Point) -> Name | None:
    """What is named at a place: a spec by its marker line, or another in an `after:`; nothing in other text."""
    found = document.spec_at(point.line)
    spec = found[2].down(found[0].first) if found else None
    if spec and spec.span.start.line == point.line and point.column >= spec.span.start.column:
        return own_name(text, spec)
    if spec and spec.span.start <= point <= spec.span.end:
        return next((name for name in mentions(spec) if _around(name) <= point <= name.span.end), None)
    return None


def _around(name: Name) -> Point:
    """Where it begins with its `#`."""
    start = name.span.start
    return Point(start.line, start.column - 1) if name.is_handle else start


def _on_disk(file: File, units: Units) -> Text | None:
    try:
        text = read_text(Path(file.full))
    except WrongUse:
        return None
    specs, _ = project_of(file.root).reading.parse(text, file.path)
    return Text(file, Path(file.full).as_uri(), split_lines(text), lambda: specs, units)
