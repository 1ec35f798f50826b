"""Hunks that were accepted in buffers, followed until they are saved: an accept lapses where its buffer goes back."""

from collections.abc import Sequence

from specwright.lsp.desk import Desk, Review
from specwright.lsp.document import Document
from specwright.lsp.pending import Pending
from specwright.review.plan import Standing
from specwright.review.reading import At
from specwright.review.tracker import Typed


class Undone:
    """Which of the desk's unsaved hunks a buffer went back from: what is typed there then is no accepted text."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._plans: dict[tuple[str, str], Pending] = {}
        """By document and task."""

    def begin(self, review: Review, document: Document) -> None:
        """Hunks of this result were accepted in this document."""
        self._desk.decided[review.task] = review
        self._plans[document.uri, review.task] = Pending(review, document.relative, document)

    def changed(self, document: Document, typed: Sequence[Typed | None]) -> None:
        """The document was edited; None for what is not known line by line."""
        for (uri, task), pending in list(self._plans.items()):
            if task not in self._desk.unsaved:
                del self._plans[uri, task]
            elif uri == document.uri:
                pending.follow(typed)
                self._look(task, pending.plan.standings)

    def closed(self, uri: str) -> None:
        """The document is no longer open."""
        self._plans = {key: pending for key, pending in self._plans.items() if key[0] != uri}

    def _look(self, task: str, standings: Sequence[Standing]) -> None:
        undone = self._desk.undone.setdefault(task, set())
        undone |= {standing.hunk.id for standing in standings if standing.at is At.BASE}
        undone -= {standing.hunk.id for standing in standings if standing.at is At.RESULT}
