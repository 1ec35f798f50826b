"""Gives a handle another name, on its marker line and in every `after:` of the checkout, in one versioned edit."""

from collections.abc import Iterable
from dataclasses import dataclass

from lsprotocol import types as t

from specwright.errors import Refused
from specwright.lsp.document import Document
from specwright.lsp.edits import of_texts
from specwright.lsp.index import Index, place
from specwright.lsp.navigation import Target, named, target
from specwright.lsp.texts import Name, Text, of_document, own_name
from specwright.lsp.window import Window
from specwright.spec.grammar import HANDLE
from specwright.spec.model import Span
from specwright.tasks.harmless import one_line

NOT_ONE = "'{0}' is no handle: 4 to 16 of a-z, 0-9 and '-', the first a letter. Choose another."
TAKEN = "#{0} is the handle of another spec, {1}. Choose another."
SEVERAL = "#{0} is the handle of {1} specs. Rename it at the marker line of the one that shall have another."


@dataclass(frozen=True, slots=True)
class Place:
    """What is replaced."""

    text: Text
    span: Span


async def prepare(window: Window, document: Document, position: t.Position) -> t.PrepareRenamePlaceholder | None:
    """The handle that may be renamed at a position; None where there is none."""
    found = await _handle(window, document, position)
    if found is None:
        return None
    return t.PrepareRenamePlaceholder(of_document(document).range(found.name.span), found.name.reference[1:])


async def rename(window: Window, document: Document, position: t.Position, wanted: str) -> dict[str, list[Place]]:
    """What is replaced by a new handle, by the URI of the text. Raises `Refused` with the reason.

    It reads files meanwhile: an edit at the places of a text that was edited then would destroy text.
    """
    before = _versions(window)
    places = await _places(window, document, position, wanted)
    if _versions(window) != before:
        raise Refused("A text was edited while the names were looked up. Rename again.")
    return places


async def _places(window: Window, document: Document, position: t.Position, wanted: str) -> dict[str, list[Place]]:
    for other in window.editor.documents():
        window.indexer.fresh(other)
    found = await _handle(window, document, position)
    if found is None:
        raise Refused("There is no handle here. Rename it on a marker line, as in (#k7f3qa), or in an 'after:'.")
    old, new = found.name.reference[1:], checked(wanted)
    root, index = place(document).root, window.indexer.fresh(document)
    if new != old and (taken := index.named(root, f"#{new}")):
        known = taken[0].known
        raise Refused(TAKEN.format(new, one_line(f"{known.path}:{known.line + 1}")))
    has_twins = len(index.named(root, f"#{old}")) > 1
    if has_twins and not found.name.is_own:
        raise Refused(SEVERAL.format(old, len(index.named(root, f"#{old}"))))
    places = [Place(text, own_name(text, spec).span) for text, spec in found.found if spec.handle == old]
    if not has_twins:  # else those who name it mean the other one
        places += [Place(at, name.span) async for at, name in named(window, document, found) if _is(name, old)]
        _check_all(document, found, index, places)
    return _by_text(places)


def _check_all(document: Document, found: Target, index: Index, places: Iterable[Place]) -> None:
    """Raises `Refused` where a file that names the handle can't be read: it would name nothing afterwards."""
    reached, root = {at.text.file.path for at in places}, place(document).root
    entries = [entry for _, spec in found.found for entry in index.named(root, f"#{spec.handle}")]
    left = [
        entry.known.path
        for own in entries
        for entry in index.naming(root, own.known)
        if entry.known.path not in reached and any(f"#{own.known.handle}" in value for value in entry.known.after)
    ]
    if left:
        raise Refused(f"{one_line(left[0])} names this handle and is no UTF-8 text. Mend it, then rename again.")


def _versions(window: Window) -> dict[str, int | None]:
    return {document.uri: document.version for document in window.editor.documents()}


def checked(wanted: str) -> str:
    """A handle that was asked for, with or without its `#`. Raises `Refused` for what is none."""
    name = wanted.strip().removeprefix("#")
    found = HANDLE.match(f"x (#{name})")
    if not found or found["handle"] != name:
        raise Refused(NOT_ONE.format(one_line(wanted, 40)))
    return name


def workspace_edit(places: dict[str, list[Place]], new: str, versioned: bool) -> t.WorkspaceEdit:
    """The edit of open and closed texts; versioned where the client knows that."""
    edits = {
        (uri, found[0].text.version): [t.TextEdit(at.text.range(at.span), new) for at in found]
        for uri, found in places.items()
    }
    return of_texts(edits, versioned)


async def _handle(window: Window, document: Document, position: t.Position) -> Target | None:
    found = await target(window, document, position)
    return found if found and found.name.is_handle else None


def _is(name: Name, handle: str) -> bool:
    return name.reference == f"#{handle}"


def _by_text(places: Iterable[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for at in places:
        found.setdefault(at.text.uri, []).append(at)
    return found
