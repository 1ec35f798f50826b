"""Handles that completion writes on both sides: in `after:`, and at the spec that it names.

In another file the second edit is sent once the first has come back as typed text; until then nothing is promised.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from specwright.errors import WrongUse
from specwright.lsp.convert import Units
from specwright.lsp.document import Document
from specwright.paths.files import read_text
from specwright.spec.after import references
from specwright.spec.edit import LineEdit, handle_edit, new_handle
from specwright.spec.facts import Known
from specwright.spec.model import Spec

MOST = 500
"""Handles that were drawn and are kept."""
Specs = Callable[[str], Sequence[Known]]
"""The specs of a checkout, by its root."""
Send = Callable[[dict[Document, list[LineEdit]], str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Target:
    """A spec without a handle, as it was when one was drawn for it."""

    root: str
    path: str
    line: int
    title: str


def open_specs(documents: Iterator[Document]) -> tuple[Known, ...]:
    """The specs of open documents, as they are typed."""
    return tuple(
        Known(document.relative, block.first + spec.span.start.line, spec.title, spec.handle, spec.values("after"))
        for document in documents
        for block, _, spec in document.placed()
    )


class Handles:
    """The handles that completion has offered."""

    def __init__(self) -> None:
        self._drawn: dict[Target, str] = {}
        self._waiting: dict[str, Target] = {}

    def offered(self, root: str, spec: Known, used: Sequence[str], elsewhere: bool) -> str:
        """A handle for a spec that has none: the same each time; `elsewhere` if its file is another one."""
        target = Target(root, spec.path, spec.line, spec.title)
        handle = self._drawn.get(target)
        if handle is None or handle in used:
            handle = self._drawn[target] = new_handle({*used, *self._drawn.values()})
        if elsewhere:
            self._waiting[handle] = target
        for kept in (self._drawn, self._waiting):
            while len(kept) > MOST:
                kept.pop(next(iter(kept)))  # type: ignore[call-overload]  # the oldest of either
        return handle

    def arrived(self, document: Document) -> list[tuple[str, Target]]:
        """The offered handles that now stand in an `after:` of the block that is being typed in; each comes once."""
        block = document.typing
        if not self._waiting or block is None:
            return []
        values = (value for spec in block.specs for value in spec.values("after"))
        names = {found.name.removeprefix("#") for value in values for found in references(value)}
        return [(name, self._waiting.pop(name)) for name in names & self._waiting.keys()]


async def write(handle: str, target: Target, documents: Callable[[], Iterator[Document]], send: Send) -> bool:
    """Give the spec its handle, on the live text; recomputed once where that has changed meanwhile."""
    for _ in range(2):
        document = await _document(target, documents)
        spec = _spec(document, target) if document else None
        if document is None or spec is None:
            return False
        edit = handle_edit(document.rows, spec, handle)
        if await send({document: [edit]}, f"Give '{target.title}' a handle"):
            return True
    return False


async def _document(target: Target, documents: Callable[[], Iterator[Document]]) -> Document | None:
    """The open document, else the text on the disk."""
    for document in documents():
        if (document.root, document.relative) == (target.root, target.path):
            return document
    path = Path(target.root) / target.path
    try:
        text = await asyncio.to_thread(read_text, path)
    except WrongUse:
        return None
    return Document(path.as_uri(), text, None, None, next((d.units for d in documents()), Units()))


def _spec(document: Document, target: Target) -> Spec | None:
    """The spec of this title; the nearest one, where several have it."""
    found = [
        spec.down(block.first)
        for block, _, spec in document.placed()
        if spec.title == target.title and spec.handle is None
    ]
    return min(found, key=lambda spec: abs(spec.span.start.line - target.line), default=None)
