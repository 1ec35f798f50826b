"""Checks the specs of open documents by the rules that look at other specs, too: on a thread, when typing rests."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from typing import Any

from specwright.config.settings import Lint
from specwright.lsp.document import Document
from specwright.lsp.index import Index, place
from specwright.spec.document import Block
from specwright.spec.facts import Facts
from specwright.spec.lint import together
from specwright.spec.model import Problem
from specwright.spec.rules.look import Look

Placed = tuple[Block, int]
"""A block, and the row that it began at."""


class Together:
    """Of one window. A block is checked once for what is known of the others."""

    def __init__(
        self,
        index: Index,
        documents: Callable[[], Iterator[Document]],
        publish: Callable[[Document], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._index, self._documents, self._publish, self._spawn = index, documents, publish, spawn
        self._wanted = self._checking = False

    def check(self) -> None:
        """Something may have changed; calls that come while a check is under way become one more."""
        self._wanted = True
        if not self._checking:
            self._checking = True
            self._spawn(self._check_all())

    async def _check_all(self) -> None:
        try:
            while self._wanted:
                self._wanted = False
                for document in self._documents():
                    await self._check(document)
        finally:
            self._checking = False

    async def _check(self, document: Document) -> None:
        file = place(document)
        facts = self._index.facts(file.root)
        if facts is None:
            return
        known = document.together if facts is document.facts else {}
        blocks = [(block, block.first) for block in document.blocks if block not in known]
        if blocks:
            found = await asyncio.to_thread(checked, blocks, list(document.rows), file.path, facts)
            if document.take_together(facts, found) and document in self._documents():
                self._publish(document)


def checked(blocks: Iterable[Placed], rows: Sequence[str], path: str, facts: Facts) -> dict[Block, tuple[Problem, ...]]:
    """What is said of blocks; rows count from each block's first."""
    return {block: tuple(_said(block, first, rows, path, facts)) for block, first in blocks}


def _said(block: Block, first: int, rows: Sequence[str], path: str, facts: Facts) -> Iterator[Problem]:
    for spec in block.specs:
        for problem in together(Look(spec.down(first), rows, path, facts), Lint()):
            yield problem.down(-first)
