"""Completion: what `spec.offers` says can stand at a place, with what the project holds, as the client can take it."""

import asyncio
import re
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence

from lsprotocol import types as t

from specwright.lsp import lookup
from specwright.lsp.convert import range_of
from specwright.lsp.document import Document
from specwright.lsp.handles import Handles
from specwright.paths.pages import rule_title
from specwright.spec.facts import Known
from specwright.spec.lines import line_end
from specwright.spec.model import Carrier, Point, Severity, Span
from specwright.spec.offers import Choices, Offer, Wanted, argument, breaks, commands, quoted, static, wanted_at
from specwright.spec.place import Place, place_at
from specwright.spec.rules.catalogue import RULES
from specwright.tasks.harmless import fenced, one_line

TRIGGERS = (" ", "`", "/", "#", ":", "!")
"""Signs behind which an answer is wanted in a spec; in prose and in code there is none."""
OLD_NEOVIM = re.compile(r"v?0\.\d(?:\.|$)|v?0\.10(?:\.|$)")
"""Up to 0.10 Neovim's own completion passes over the range of an item that has a text to filter by."""
HOLE = re.compile(r"‹[^›]*›")
INSIDE = {"::": lookup.symbols, "#": lookup.headings}
MOST_SPECS = 50
"""Specs that are offered at once; more come as they are typed."""
KINDS = {
    Choices.MARKER: t.CompletionItemKind.Snippet,
    Choices.LINE: t.CompletionItemKind.Property,
    Choices.KEY: t.CompletionItemKind.Property,
    Choices.EARS: t.CompletionItemKind.Snippet,
    Choices.FILES: t.CompletionItemKind.File,
    Choices.SEE: t.CompletionItemKind.File,
    Choices.AFTER: t.CompletionItemKind.Reference,
}


class Completion:
    """Answers one window's requests."""

    def __init__(self, handles: Handles) -> None:
        self.handles = handles
        self.snippets = False
        """Whether the client fills in snippets."""
        self.markdown = False
        self.as_is = False
        """Whether it can be told to leave white space alone."""
        self.filters = True
        """Whether it takes a text to filter by, and heeds the range of the edit all the same."""

    def adapt(self, capabilities: t.ClientCapabilities, client: t.ClientInfo | None = None) -> None:
        """To what the client says that it can do, and to what it does."""
        text = capabilities.text_document
        item = text.completion.completion_item if text and text.completion else None
        formats = item.documentation_format if item else None
        self.markdown = t.MarkupKind.Markdown in (formats or ())
        modes = item.insert_text_mode_support if item else None
        self.snippets = bool(item and item.snippet_support)
        self.as_is = bool(modes and t.InsertTextMode.AsIs in modes.value_set)
        name, version = (client.name, client.version or "") if client else ("", "")
        self.filters = not (name == "Neovim" and OLD_NEOVIM.match(version))

    async def complete(
        self, document: Document, params: t.CompletionParams, known: Callable[[], Sequence[Known]]
    ) -> t.CompletionList | None:
        """What can be written at a position; None where it is not text of a spec."""
        place = place_at(document.specs, *document.at(params.position))
        wanted = wanted_at(place) if place else None
        if place is None or wanted is None or _is_unasked(wanted, params.context):
            return None
        version = document.version
        offers = [*static(place, wanted, self.snippets), *await _looked_up(document, place, wanted)]
        if document.version != version:  # columns are those of another text now
            return t.CompletionList(is_incomplete=True, items=[])
        if wanted.kind is Choices.AFTER:
            return self._specs(document, place, wanted, known())
        made = [self._item(document, place, wanted, offer, n) for n, offer in enumerate(offers[: lookup.MOST])]
        return t.CompletionList(is_incomplete=len(offers) > lookup.MOST, items=made)

    def _item(self, document: Document, place: Place, wanted: Wanted, offer: Offer, number: int) -> t.CompletionItem:
        span = Span(Point(place.row, wanted.start), Point(place.row, place.column))
        is_snippet = self.snippets and HOLE.search(offer.text) is not None
        lines = offer.text if self.snippets else offer.text.partition("\n")[0]  # some write all of them into one line
        text = lines.replace("\n", line_end(document.rows, place.row))
        if is_snippet:
            text = _snippet(text if self.as_is else _without_indent(text, place))
        item = t.CompletionItem(
            label=one_line(offer.label),
            kind=t.CompletionItemKind.Folder if offer.label.endswith("/") else KINDS.get(wanted.kind),
            detail=one_line(offer.detail) or None,
            documentation=self._documentation(offer),
            sort_text=f"{number:04}",
            filter_text=(offer.filter or offer.label) if self.filters else None,
            text_edit=t.TextEdit(_range(document, span), text),
        )
        if is_snippet:
            item.insert_text_format = t.InsertTextFormat.Snippet
            item.insert_text_mode = t.InsertTextMode.AsIs if self.as_is else None
        return item

    def _documentation(self, offer: Offer) -> t.MarkupContent | str | None:
        if offer.key is None:
            return None
        if not self.markdown:
            return f"{offer.key.meaning}\n\n{offer.key.example}"
        text = f"{offer.key.meaning}\n\n{fenced(offer.key.example, '')}"
        return t.MarkupContent(kind=t.MarkupKind.Markdown, value=text)

    def _specs(self, document: Document, place: Place, wanted: Wanted, known: Sequence[Known]) -> t.CompletionList:
        """The other specs by title; one without a handle gets a new one, here and where it stands."""
        used = [spec.handle for spec in known if spec.handle]
        here = (document.relative, place.spec.span.start.line if place.spec else -1)
        typed = wanted.typed.removeprefix("#").casefold()
        others = [s for s in known if (s.path, s.line) != here and typed in f"{s.handle} {s.title}".casefold()]
        made = [self._spec(document, place, wanted, s, used, n) for n, s in enumerate(others[:MOST_SPECS])]
        return t.CompletionList(is_incomplete=len(others) > MOST_SPECS, items=made)

    def _spec(
        self, document: Document, place: Place, wanted: Wanted, other: Known, used: Sequence[str], number: int
    ) -> t.CompletionItem:
        is_here = other.path == document.relative
        handle = other.handle or self.handles.offered(document.root, other, used, not is_here)
        begin = f"#{handle} " if wanted.typed.startswith("#") else ""
        offer = Offer(other.title, f"#{handle}", f"{other.path}:{other.line + 1}", f"{begin}{other.title}")
        item = self._item(document, place, wanted, offer, number)
        found = document.spec_at(other.line) if is_here and not other.handle else None
        if found:
            at = found[2].title_span.end.down(found[0].first)
            item.additional_text_edits = [t.TextEdit(_range(document, Span(at, at)), f" (#{handle})")]
        return item


async def _looked_up(document: Document, place: Place, wanted: Wanted) -> list[Offer]:
    """What the checkout holds for a place: read on a thread, and never run."""
    root = document.root
    if wanted.kind is Choices.ALLOW:
        around = document.spec_at(place.spec.span.start.line) if place.spec else None
        said = {problem.code for problem in document.problems(around[0])} if around else set()
        return await asyncio.to_thread(_rules, place, said)
    if not root:
        return []
    match wanted.kind:
        case Choices.CHECK | Choices.CHECK_WORD:
            known = await asyncio.to_thread(lookup.commands, root)
            return [*commands(place, wanted, known), *await _arguments(document, place, wanted)]
        case Choices.ARGUMENT:
            return await _arguments(document, place, wanted)
        case Choices.GATES:
            names = await asyncio.to_thread(lookup.gates, root)
            return [Offer(sign + name, sign + name) for sign in ("", "-") for name in names]
        case Choices.TEMPLATE:
            return [Offer(name, name) for name in await asyncio.to_thread(lookup.templates, root)]
        case Choices.FILES | Choices.SEE:
            found = await asyncio.to_thread(_paths, root, place, wanted)
            globs = _globs(document, place, wanted)
            return [o for o in [*found, *globs] if not breaks(o.text, place.carrier, document.specs.language)]
    return []


def _rules(place: Place, said: Collection[str]) -> list[Offer]:
    """Codes that may be silenced, those first that are said of something here."""
    codes = sorted((r.code for r in RULES if r.severity is not Severity.ERROR), key=lambda code: code not in said)
    reason = "" if place.behind else " ‹reason›"
    return [Offer(c, f"{c}{reason}", rule_title(c), f"{c} {rule_title(c)}") for c in codes]


def _paths(root: str, place: Place, wanted: Wanted) -> list[Offer]:
    """Paths that go on with what is typed; behind `::` and `#` of a `see:`, what the file holds."""
    sign = "!" if wanted.kind is Choices.FILES and wanted.typed.lstrip("`").startswith("!") else ""
    typed = wanted.typed.lstrip("`").removeprefix(sign)
    inside = INSIDE if wanted.kind is Choices.SEE else {}
    return [_path(f"{sign}{name}", place, wanted) for name in _names(root, typed, inside)]


def _names(root: str, typed: str, inside: Mapping[str, Callable[[str, str], list[str]]]) -> list[str]:
    for between, names in inside.items():
        path, found, _ = typed.partition(between)
        if found and path:
            return [f"{path}{between}{name}" for name in names(root, path)]
    folder, slash, begin = typed.rpartition("/")
    if ".." in typed.split("/") or typed.startswith(("/", "~")):
        return []
    return [f"{folder}{slash}{name}" for name in lookup.entries(root, folder, begin)]


async def _arguments(document: Document, place: Place, wanted: Wanted) -> list[Offer]:
    """Paths as words of a command, and what a file defines behind `::`."""
    word = argument(wanted)
    if word is None or not document.root:
        return []
    names = await asyncio.to_thread(_names, document.root, word, {"::": lookup.symbols})
    before = wanted.typed.removesuffix(word)  # of clients some want one start for all that is offered
    found = (Offer(name, before + shlex.quote(name), filter=before + name) for name in names)
    return [offer for offer in found if not breaks(offer.text, place.carrier, document.specs.language)]


def _path(path: str, place: Place, wanted: Wanted, detail: str = "") -> Offer:
    """A path as a token; a back-tick that is there already is used."""
    if not wanted.typed.startswith("`"):
        return Offer(path, quoted(path, place.carrier), detail)
    return Offer(path, f"`{path}" if place.behind.startswith("`") else f"`{path}`", detail, f"`{path}")


def _globs(document: Document, place: Place, wanted: Wanted) -> list[Offer]:
    """All files of this kind below a folder; not in a block comment, which such a glob would end."""
    folder, slash, rest = wanted.typed.lstrip("`").rpartition("/")
    extension = document.relative.rpartition("/")[2].partition(".")[2]
    if wanted.kind is not Choices.FILES or not slash or rest or not extension or place.carrier is Carrier.BLOCK:
        return []
    return [_path(f"{folder}/**/*.{extension}", place, wanted, "all such files below")]


def _is_unasked(wanted: Wanted, context: t.CompletionContext | None) -> bool:
    """Whether it was only a sign that was typed, where prose may follow."""
    by_sign = context is not None and context.trigger_kind is t.CompletionTriggerKind.TriggerCharacter
    return by_sign and not wanted.typed and wanted.kind in {Choices.MARKER, Choices.LINE}


def _snippet(text: str) -> str:
    """Each `‹…›` as a stop that keeps its words."""
    parts = HOLE.split(text)
    found = parts[0].replace("\\", "\\\\").replace("$", "\\$")
    for number, (hole, rest) in enumerate(zip(HOLE.findall(text), parts[1:], strict=True), 1):
        found += f"${{{number}:{hole}}}" + rest.replace("\\", "\\\\").replace("$", "\\$")
    return found


def _without_indent(text: str, place: Place) -> str:
    """Clients that adjust white space add the first line's to the others themselves."""
    indent = place.prefix[: len(place.prefix) - len(place.prefix.lstrip())] if place.prefix.strip() else place.prefix
    return re.sub(rf"(?<=\n){re.escape(indent)}", "", text) if indent else text


def _range(document: Document, span: Span) -> t.Range:
    return range_of(document.rows, span, document.units)
