"""Keeps the index current beside the loop: looks through checkouts, and reads again what changes on the disk."""

import asyncio
import itertools
import logging
import os
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple, Protocol

from specwright.lsp import project
from specwright.lsp.document import Document
from specwright.lsp.index import Index, Specs, of_document, place, read
from specwright.lsp.progress import Bars
from specwright.lsp.together import Together
from specwright.paths.files import checkout_root
from specwright.paths.ignored import NAME, ignored
from specwright.paths.places import places
from specwright.paths.scan import File, files
from specwright.spec.facts import OpenTask

MOST_FILES = 200_000
"""Files that are looked at: somebody may open `/`, or keep a home folder in git."""
EVERY = 1.0
"""Seconds of a look without a progress bar, and between two of its texts."""
AGAIN = 60.0
"""Seconds between two looks in an editor that does not tell what changes on the disk."""
NUMBERS = itertools.count(1)

log = logging.getLogger(__name__)


class Workspace(Bars, Protocol):
    """What an indexer needs of the server."""

    def documents(self) -> Iterator[Document]:
        """The open documents."""

    def folders(self) -> Iterator[Path]:
        """The folders of the workspace."""


@dataclass(slots=True)
class Survey:
    """One look through checkouts, on a thread."""

    tops: list[str]
    stop: Event = field(default_factory=Event)
    count: int = 0
    whole: bool = True
    """Whether there were no more files than are looked at."""
    found: dict[str, dict[str, Specs]] = field(default_factory=dict)
    paths: dict[str, set[str]] = field(default_factory=dict)

    def run(self) -> None:
        """Look at every file, until told to stop."""
        slots = os.path.realpath(places().slots)
        self.found = {top: {} for top in self.tops if checkout_root(Path(top))}
        for file in (file for top in self.tops for file in files(top, {slots})):
            self.count += 1
            if self.stop.is_set() or self.count > MOST_FILES:
                self.whole = False
                return
            known = self.found.setdefault(file.root, {})
            self.paths.setdefault(file.root, set()).add(file.path)
            if specs := _read(file):
                known[file.path] = specs


class Indexer:
    """Of one window; everything but a look runs on its loop."""

    def __init__(
        self,
        workspace: Workspace,
        tasks: Callable[[str], tuple[OpenTask, ...]],
        publish: Callable[[Document], None],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        news: Callable[[], None],
    ) -> None:
        self.index = Index()
        self.told = False
        """Whether the editor tells what changes on the disk."""
        self._workspace, self._spawn = workspace, spawn
        self._together = Together(self.index, workspace.documents, tasks, publish, spawn)
        self._publish, self._news = publish, news
        self._started = self._working = False
        self._tops: set[str] = set()
        """Checkouts to look through."""
        self._all = True
        """Whether to look through the whole workspace."""
        self._changed: set[str] = set()
        """Paths that changed on the disk."""
        self._looked = 0.0

    def start(self) -> None:
        """Begin to look."""
        self._started = True
        self._go()

    def look(self) -> None:
        """Look through the workspace anew."""
        self._all = True
        self._go()

    def changed(self, paths: Iterable[str]) -> None:
        """Files came, went or were written."""
        for path in paths:
            name = os.path.basename(path)  # noqa: PTH119  # there may be thousands at once
            if name == NAME:
                self._all = True
            elif name == project.NAME:
                self._renew()
            elif f"{os.sep}.git{os.sep}" not in path:
                self._changed.add(path)
        self._go()

    def opened(self, document: Document) -> None:
        """From now on a file says what its buffer says."""
        self.live(document)
        if document.root and not self.index.is_whole(document.root):
            self._tops.add(document.root)
            self._go()

    def live(self, document: Document) -> None:
        """Typing rests: take the buffer's specs in."""
        self.index.put(*of_document(document))
        self.live_all()

    def live_all(self) -> None:
        """Take in what all buffers say: what is cut out of one and pasted into another is looked at together."""
        for document in self._workspace.documents():
            self.index.put(*of_document(document))
        self._check()

    def fresh(self, document: Document) -> Index:
        """The index, with what a document says at this moment."""
        self.index.put(*of_document(document))
        return self.index

    def saved(self, document: Document) -> None:
        """The same, and the file may say what is ignored."""
        self.index.touched(document.root)
        self.live(document)
        late = asyncio.get_running_loop().time() - self._looked > AGAIN
        name = os.path.basename(document.real_path)  # noqa: PTH119
        if name == project.NAME:
            self._renew()
        elif name == NAME or (late and not self.told):
            self.look()

    def closed(self, document: Document) -> None:
        """From now on a file says what is on the disk."""
        self.index.put(place(document), ())
        self.changed([document.real_path] if document.real_path else [])
        self._check()

    def tasks_changed(self) -> None:
        """Tasks came, went or stand otherwise."""
        self._check()

    def _check(self) -> None:
        self._news()
        self._together.check()

    def _renew(self) -> None:
        """The settings of a project may be others: they say what is a spec, and how much problems matter."""
        self._ask_settings()
        self.look()

    def _ask_settings(self) -> None:
        for document in self._workspace.documents():
            if document.renew():
                self._publish(document)

    def _go(self) -> None:
        if self._started and not self._working and (self._all or self._tops or self._changed):
            self._working = True
            self._spawn(self._work())

    async def _work(self) -> None:
        try:
            while self._all or self._tops or self._changed:
                await (self._survey() if self._all or self._tops else self._read())
                self.live_all()
        finally:
            self._working = False

    async def _survey(self) -> None:
        self._ask_settings()
        everything, self._all = self._all, False
        tops, self._tops = self._tops, set()
        if everything:
            tops |= {_top(folder) for folder in self._workspace.folders()}
            tops |= {document.root for document in self._workspace.documents() if document.root}
        survey = Survey(_outermost(tops))
        bar = asyncio.create_task(self._bar(survey))
        try:
            await asyncio.to_thread(survey.run)
        finally:
            survey.stop.set()
            bar.cancel()
        if not survey.whole:
            log.warning("this workspace has over %d files; specs beyond them are not known", MOST_FILES)
        for root, found in survey.found.items():
            self.index.fill(root, found, survey.whole, survey.paths.get(root, set()))
        if everything:
            self.index.keep([*survey.found, *(place(document).root for document in self._workspace.documents())])
        self._looked = asyncio.get_running_loop().time()

    async def _read(self) -> None:
        paths, self._changed = self._changed, set()
        held = {document.real_path for document in self._workspace.documents()}
        wanted = [self._file(path) for path in paths]
        gone = [file for at in wanted for file in self.index.below(at.root, at.path) if file.full not in held]
        found, has_folder = await asyncio.to_thread(_looked_at, {*wanted, *gone})
        for file, seen in found.items():
            if file.full not in held:  # its buffer says what it holds
                self.index.put(file, seen.specs)
            self.index.there(file, seen.is_file)
            self.index.touched(file.root)
        self._all = self._all or has_folder

    def _file(self, path: str) -> File:
        inside = [root for root in self.index.roots if root and path.startswith(f"{root}/")]
        root = max(inside, key=len, default="")
        return File(root, path[len(root) + 1 :]) if root else File("", path)

    async def _bar(self, survey: Survey) -> None:
        """Shows a long look, where the editor shows such things."""
        await asyncio.sleep(EVERY)
        token = f"specwright/index/{next(NUMBERS)}"
        if not self._workspace.has_progress or not await self._workspace.begin_progress(token, "Specwright: specs"):
            return
        try:
            while True:
                self._workspace.report_progress(token, f"{survey.count:,} files")
                await asyncio.sleep(EVERY)
        finally:
            self._workspace.end_progress(token)


def _read(file: File) -> Specs:
    """The specs of a file; a fault of ours in one of them must not hide all others."""
    try:
        return read(file)
    except Exception:
        log.exception("the specs of %s are not known", file.full)
        return ()


class Seen(NamedTuple):
    """What a path turned out to be."""

    specs: Specs
    is_file: bool


def _looked_at(wanted: set[File]) -> tuple[dict[File, Seen], bool]:
    """What paths are on the disk, and whether one is a folder. Reads: not for the loop."""
    rules = {root: ignored(root) for root in {file.root for file in wanted} if root}
    found: dict[File, Seen] = {}
    has_folder = False
    for file in wanted:
        is_hidden = file.root in rules and rules[file.root].hides(file.path)
        has_folder = has_folder or (not is_hidden and Path(file.full).is_dir())
        is_file = not is_hidden and os.path.isfile(file.full)  # noqa: PTH113  # there may be thousands at once
        found[file] = Seen(() if is_hidden else _read(file), is_file)
    return found, has_folder


def _top(folder: Path) -> str:
    return os.path.realpath(checkout_root(folder) or folder)


def _outermost(tops: Iterable[str]) -> list[str]:
    """Without those that lie below another."""
    return [top for top in sorted(tops) if not any(top.startswith(f"{other.rstrip('/')}/") for other in tops)]
