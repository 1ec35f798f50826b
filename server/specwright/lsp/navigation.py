"""From a spec to those that name it and back, from a path to its file, and lists of specs."""

import os
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from lsprotocol import types as t

from specwright.api import views as v
from specwright.lsp.document import Document
from specwright.lsp.index import Indexed, place
from specwright.lsp.texts import Name, Text, current, mentions, name_at, of_document, own_name, tokens
from specwright.lsp.window import Window
from specwright.paths.scan import File
from specwright.spec.facts import Known, folded
from specwright.spec.identity import slug
from specwright.spec.lines import body
from specwright.spec.model import Point, Span, Spec
from specwright.spec.see import LINES
from specwright.tasks.harmless import label, markdown

MOST_SYMBOLS = 500
"""Specs of the workspace that are listed for one query."""
MOST_LINKS = 1_000
"""Links of one text."""
SPEC, CRITERION = t.SymbolKind.Event, t.SymbolKind.Boolean
PATH = re.compile(r"(?P<path>[^#:*?{}\[\]]+)(?:#(?P<part>\S+)|::\S+)?")
"""A token that names one file, not a pattern of many: with a line range, a heading or a symbol, or without."""


@dataclass(frozen=True, slots=True)
class Target:
    """A spec that is named at a place, as it is now."""

    name: Name
    found: tuple[tuple[Text, Spec], ...]


async def target(window: Window, document: Document, position: t.Position) -> Target | None:
    """What is named at a position; None in text that names no spec."""
    here = of_document(document)
    name = name_at(document, here, Point(*document.at(position)))
    if name is None:
        return None
    if name.is_own:
        return Target(name, ((here, name.spec),))
    entries = window.indexer.fresh(document).named(here.file.root, name.reference)
    return Target(name, tuple([found async for found in _specs(window, here.file.root, entries)]))


async def definition(window: Window, document: Document, position: t.Position) -> list[t.Location]:
    """Where the specs are that are named at a position."""
    found = await target(window, document, position)
    return [text.location(spec.title_span) for text, spec in found.found] if found else []


async def references(window: Window, document: Document, position: t.Position, with_itself: bool) -> list[t.Location]:
    """All `after:` that name the spec that is named at a position."""
    found = await target(window, document, position)
    if found is None:
        return []
    itself = [text.location(spec.title_span) for text, spec in found.found] if with_itself else []
    places = [place async for place in named(window, document, found)]
    return [*itself, *(text.location(name.span) for text, name in places)]


async def named(window: Window, document: Document, found: Target) -> AsyncIterator[tuple[Text, Name]]:
    """The places at which others name these specs."""
    root, index = place(document).root, window.indexer.fresh(document)
    for known in {_known(text, spec): None for text, spec in found.found}:
        for entry in {entry.known.path: entry for entry in index.naming(root, known)}.values():
            if at := await _text(window, File(root, entry.known.path)):
                for spec in at.specs:
                    for name in mentions(spec):
                        if folded(name.reference) in known.names:
                            yield at, name


def highlights(document: Document, position: t.Position) -> list[t.DocumentHighlight]:
    """The same name elsewhere in the text."""
    here = of_document(document)
    at = name_at(document, here, Point(*document.at(position)))
    if at is None:
        return []
    same = {at.reference.casefold(), *(own.casefold() for own in _names(at.spec) if at.is_own)}
    every = (name for spec in here.specs for name in (own_name(here, spec), *mentions(spec)))
    return [
        t.DocumentHighlight(here.range(name.span), t.DocumentHighlightKind.Text)
        for name in every
        if name.reference.casefold() in same
    ]


async def hover(window: Window, document: Document, position: t.Position) -> t.Hover | None:
    """Of a name in an `after:`: the title, where it is, and how its task stands; of a handle, who names it."""
    found = await target(window, document, position)
    if found is None or not found.found or (found.name.is_own and not _is_on(document, found.name, position)):
        return None
    told = []
    for text, spec in found.found:
        mark = _mark(window, text, spec)
        state = f"{mark.summary} [{mark.task}]" if mark else "not queued"
        told.append(f"**{markdown(spec.title)}**  \n{markdown(_where(text, spec))}  \n{markdown(state)}")
    if found.name.is_own:
        count = len([name async for _, name in named(window, document, found)])
        told.append(f"Named by {count} `after:`")
    contents = t.MarkupContent(t.MarkupKind.Markdown, "\n\n".join(told))
    return t.Hover(contents, of_document(document).range(found.name.span))


def links(document: Document) -> list[t.DocumentLink]:
    """The files and addresses that `see:` and `files:` name, as far as the files are there."""
    here = of_document(document)
    named = [place for spec in here.specs for place in tokens(spec, "see", "files")]
    found = (
        t.DocumentLink(here.range(span), target)
        for key, token, span in sorted(named, key=lambda place: place[2].start)
        if (target := _link(document.root, token, key))
    )
    return list(islice(found, MOST_LINKS))


def symbols(document: Document) -> list[t.DocumentSymbol]:
    """The specs of a text, with their criteria."""
    here = of_document(document)
    return [_symbol(here, spec) for spec in here.specs]


def flat(document: Document) -> list[t.SymbolInformation]:
    """The same for an editor that knows no trees: the specs alone."""
    here = of_document(document)
    return [t.SymbolInformation(here.location(spec.span), _label(spec.title), SPEC) for spec in here.specs]


def workspace_symbols(window: Window, query: str) -> list[t.WorkspaceSymbol]:
    """The specs of the workspace whose title or handle has these letters in this order."""
    index = window.indexer.index
    found: list[t.WorkspaceSymbol] = []
    for root in index.roots:
        for entry in index.specs(root):
            if _fits(query, entry) and len(found) < MOST_SYMBOLS:
                found.append(_workspace_symbol(File(root, entry.known.path), entry, window))
    return found


def folds(document: Document) -> list[t.FoldingRange]:
    """Each spec of more than a line."""
    spans = (spec.span.down(block.first) for block, _, spec in document.placed())
    return [
        t.FoldingRange(span.start.line, span.end.line, kind=t.FoldingRangeKind.Comment)
        for span in spans
        if span.end.line > span.start.line
    ]


async def _specs(window: Window, root: str, entries: Iterable[Indexed]) -> AsyncIterator[tuple[Text, Spec]]:
    """Specs of the index in the texts as they are now: found by place, else by name."""
    for entry in entries:
        at = await _text(window, File(root, entry.known.path))
        spec = at and (at.spec_at(entry.known.line) or _by_name(at, entry))
        if at and spec:
            yield at, spec


async def _text(window: Window, file: File) -> Text | None:
    return await current(file, window.editor.documents(), window.editor.units)


def _by_name(at: Text, entry: Indexed) -> Spec | None:
    return next((spec for spec in at.specs if slug(spec.title) == entry.slug), None)


def _known(text: Text, spec: Spec) -> Known:
    return Known(text.file.path, spec.span.start.line, spec.title, spec.handle)


def _names(spec: Spec) -> tuple[str, ...]:
    return (spec.title, f"#{spec.handle}") if spec.handle else (spec.title,)


def _is_on(document: Document, name: Name, position: t.Position) -> bool:
    return name.is_handle and name.span.start <= Point(*document.at(position)) <= name.span.end


def _where(text: Text, spec: Spec) -> str:
    return f"{text.file.path or text.uri}:{spec.span.start.line + 1}"


def _mark(window: Window, text: Text, spec: Spec) -> v.SpecPlace | None:
    marks = window.desk.marks_at(text.file.root, text.file.path)
    title = slug(spec.title)
    return next(
        (m for m in marks if (m.handle == spec.handle if m.handle and spec.handle else slug(m.title) == title)), None
    )


def _link(root: str, token: str, key: str) -> str | None:
    if token.startswith(("https://", "http://")):
        return token if key == "see" else None
    found = PATH.fullmatch(token.removeprefix("!") if key == "files" else token)
    if not root or not found or found["path"].startswith("/") or ".." in found["path"].split("/"):
        return None
    path = Path(root, found["path"])
    if not os.path.isfile(path):  # noqa: PTH113  # `Path.is_file` raises for what is no name
        return None
    return path.as_uri() + _part(found["part"])


def _part(part: str | None) -> str:
    """`#L10-L20` as editors read it, else the heading as it is."""
    lines = LINES.fullmatch(part or "")
    if lines:
        return f"#L{lines[1]}" + (f"-L{lines[2]}" if lines[2] else "")
    return f"#{quote(part)}" if part else ""


def _symbol(here: Text, spec: Spec) -> t.DocumentSymbol:
    children = [
        t.DocumentSymbol(f"AC{number}", CRITERION, here.range(c.span), here.range(c.span), _label(c.text))
        for number, c in enumerate(spec.criteria, 1)
    ]
    detail = f"#{spec.handle}" if spec.handle else None
    whole, title = here.range(_whole(here, spec)), here.range(spec.title_span)
    return t.DocumentSymbol(_label(spec.title), SPEC, whole, title, detail, children=children)


def _whole(here: Text, spec: Spec) -> Span:
    """The span of a spec, around its title whatever its carrier says: editors refuse a symbol that is not."""
    last = min(spec.span.end.line, len(here.rows) - 1)
    end = max(spec.title_span.end, Point(last, len(body(here.rows[last]))))
    return Span(min(spec.span.start, spec.title_span.start), end)


def _workspace_symbol(file: File, entry: Indexed, window: Window) -> t.WorkspaceSymbol:
    start = t.Position(entry.known.line, 0)
    held = next((d.uri for d in window.editor.documents() if place(d) == file), None)
    location = t.Location(held or Path(file.full).as_uri(), t.Range(start, start))
    container = label(file.path)
    return t.WorkspaceSymbol(location, _label(entry.known.title), SPEC, container_name=container)


def _label(text: str) -> str:
    return label(text) or "‹title›"


def _fits(query: str, entry: Indexed) -> bool:
    name = f"{entry.known.title} #{entry.known.handle or ''}".casefold()
    letters = iter(name)
    return all(letter in letters for letter in query.casefold() if not letter.isspace())
