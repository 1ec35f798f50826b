"""Hunks that were accepted in buffers, followed until they are saved: an accept lapses where its buffer goes back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from specwright.lsp.desk import Desk, Review
from specwright.lsp.document import Document
from specwright.lsp.pending import Pending
from specwright.review.hunks import Decision
from specwright.review.plan import Fact
from specwright.review.reading import At
from specwright.review.tracker import Typed


class Undone:
    """Which of the desk's unsaved hunks a buffer went back from: what is typed there then is no accepted text."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._plans: dict[tuple[str, str], Pending] = {}
        """By document and task."""
        self._held: dict[tuple[str, str], set[str]] = {}
        """The hunks whose result each of these held at the last edit."""

    def begin(self, review: Review, document: Document, hunks: Iterable[str]) -> None:
        """Hunks of this result were accepted in this document."""
        accepted = dict.fromkeys(hunks, Fact(Decision.ACCEPTED, final=False))
        known, key = replace(review, facts={**review.facts, **accepted}), (document.uri, review.task)
        self._desk.decided[review.task] = review
        self._plans[key] = Pending(known, document.relative, document)
        self._look(key)

    def changed(self, document: Document, typed: Sequence[Typed | None]) -> None:
        """The document was edited; None for what is not known line by line."""
        for (uri, task), pending in list(self._plans.items()):
            if task not in self._desk.unsaved:
                del self._plans[uri, task]
                self._held.pop((uri, task), None)
            elif uri == document.uri:
                pending.follow(typed)
                self._look((uri, task))

    def closed(self, uri: str) -> None:
        """The document is no longer open."""
        for key in [key for key in self._plans if key[0] == uri]:
            del self._plans[key]
            self._held.pop(key, None)

    def _look(self, key: tuple[str, str]) -> None:
        """An undo goes back at once; who types may pass through the old text on the way to another."""
        at = {standing.hunk.id: standing.at for standing in self._plans[key].plan.standings}
        held = {hunk for hunk, place in at.items() if place is At.RESULT}
        undone = self._desk.undone.setdefault(key[1], set())
        undone |= {hunk for hunk in self._held.get(key, set()) if at.get(hunk) is At.BASE}
        undone -= held
        self._held[key] = held
