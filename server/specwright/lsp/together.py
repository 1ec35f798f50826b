"""Checks what takes a thread when typing rests: specs by the rules that look beyond them, and settings."""

import asyncio
import os
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from specwright.config import read
from specwright.config.settings import Lint
from specwright.lsp import lookup
from specwright.lsp.document import Document, Said
from specwright.lsp.index import Index, place
from specwright.lsp.items import of_settings
from specwright.lsp.project import Project
from specwright.spec.document import Block
from specwright.spec.facts import Facts, OpenTask
from specwright.spec.lint import GROUPS, together
from specwright.spec.model import Problem
from specwright.spec.rules.look import Look

NOTHING = Facts()


class Placed(NamedTuple):
    """A block, the row that it began at, and the groups of rules that are asked."""

    block: Block
    first: int
    groups: Collection[frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Made:
    """Facts, and what they were made of."""

    indexed: Facts | None
    tasks: tuple[OpenTask, ...]
    project: Project
    facts: Facts


class Together:
    """Of one window. A block is checked once for what is known of the world outside it."""

    def __init__(
        self,
        index: Index,
        documents: Callable[[], Iterator[Document]],
        tasks: Callable[[str], tuple[OpenTask, ...]],
        publish: Callable[[Document], None],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._index, self._documents, self._tasks = index, documents, tasks
        self._publish, self._spawn = publish, spawn
        self._wanted = self._checking = False
        self._made: dict[str, _Made] = {}

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
                    if document.is_settings:
                        await self._check_settings(document)
                roots = {place(document).root for document in self._documents()}
                self._made = {root: made for root, made in self._made.items() if root in roots}
        finally:
            self._checking = False

    async def _check(self, document: Document) -> None:
        file = place(document)
        facts = await self._facts(file.root, document.project)
        stale = _differing(facts, document.facts)
        blocks = [
            Placed(block, block.first, stale if block in document.together else GROUPS)
            for block in document.blocks
            if stale or block not in document.together
        ]
        if blocks:
            rows, lint = list(document.rows), document.project.lint
            found = await asyncio.to_thread(checked, blocks, rows, file.path, facts, lint)
            if document.take_together(found) and document in self._documents():
                self._publish(document)
        document.facts = facts

    async def _check_settings(self, document: Document) -> None:
        _, problems = await asyncio.to_thread(read.project, document.source)
        found = list(of_settings(document, problems))
        if found != document.misread and document in self._documents():
            document.misread = found
            self._publish(document)

    async def _facts(self, root: str, project: Project) -> Facts:
        """The same object as long as nothing is news."""
        indexed, tasks, made = self._index.facts(root), self._tasks(root), self._made.get(root)
        if made and made.indexed is indexed and made.tasks == tasks and made.project is project:
            return made.facts
        if made and made.tasks == tasks:
            tasks = made.tasks
        facts = replace(
            indexed or NOTHING, gates=project.gates, caps=project.caps, tests=project.reading.settings.tests
        )
        if os.path.isabs(root):  # noqa: PTH117  # no text of an editor's that is no file
            commands = await asyncio.to_thread(lookup.commands, root)
            known = tuple(line for line, _ in commands)
            facts = replace(facts, tasks=tasks, commands=known, programs=partial(lookup.has_program, root))
        self._made[root] = _Made(indexed, tasks, project, facts)
        return facts


def checked(placed: Iterable[Placed], rows: Sequence[str], path: str, facts: Facts, lint: Lint) -> dict[Block, Said]:
    """What is said of blocks; rows count from each block's first."""
    return {at.block: {group: tuple(_said(at, group, rows, path, facts, lint)) for group in at.groups} for at in placed}


def _said(
    at: Placed, group: frozenset[str], rows: Sequence[str], path: str, facts: Facts, lint: Lint
) -> Iterator[Problem]:
    for spec in at.block.specs:
        for problem in together(Look(spec.down(at.first), rows, path, facts, lint.lang), lint, (group,)):
            yield problem.down(-at.first)


def _differing(now: Facts, before: Facts | None) -> tuple[frozenset[str], ...]:
    """The groups of rules that need facts which are others now."""
    if before is None:
        return GROUPS
    return tuple(group for group in GROUPS if any(getattr(now, name) is not getattr(before, name) for name in group))
