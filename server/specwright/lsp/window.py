"""One editor window: its documents, what it knows of the daemon's tasks, and what it shows of both."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, Protocol

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Listener
from specwright.api.codec import encode
from specwright.errors import Refused, SpecwrightError, WrongUse
from specwright.lsp.convert import Units
from specwright.lsp.desk import Desk, Review, review_of
from specwright.lsp.document import Document
from specwright.lsp.indexer import Indexer
from specwright.lsp.items import items, on_disk
from specwright.lsp.link import Link
from specwright.lsp.marks import Marked, marked, seen
from specwright.lsp.moves import Moves
from specwright.lsp.pending import Pending
from specwright.lsp.progress import Bars, Progress
from specwright.lsp.publisher import Publisher
from specwright.lsp.undone import Undone
from specwright.paths.files import checkout_root
from specwright.paths.places import places
from specwright.paths.windows import Record, living

FINISH = 2.0
"""Seconds that an end waits for what a save asked for."""
REST = 0.5
"""Seconds without a keystroke after which unfinished specs get their real severity, and hunks a full plan."""
MOST_MARKS = 200
MOST_CLOSED = 20
"""Files that no buffer holds whose hunks are shown."""

log = logging.getLogger(__name__)


class Editor(Bars, Protocol):
    """What a window needs of the server."""

    @property
    def units(self) -> Units:
        """How the client counts columns."""

    def documents(self) -> Iterator[Document]:
        """The open documents."""

    def folders(self) -> Iterator[Path]:
        """The folders of the workspace."""

    def send(self, body: str) -> None:
        """Send one message, given as its JSON text."""

    def tell(self, method: str, params: Any) -> None:
        """Send a notification of our own."""

    def refresh_lenses(self) -> None:
        """Ask the client to ask for lenses again, where it can."""


class Window:
    """Kept by the server; everything runs on its loop."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.desk = Desk()
        self.undone = Undone(self.desk)
        self.trouble: str | None = "not connected yet"
        """Why the daemon can't be asked; None while it can."""
        self.progress = Progress(editor)
        self.listener = Listener(changed=self._changed, step=self.progress.step)
        self.link = Link(self.listener, self._joined, self._away)
        self.unsent: dict[str, m.SavedFile] = {}
        """What was saved and the daemon has not been told, by real path."""
        self.saving = asyncio.Lock()
        """One save at a time, in their order."""
        self._publisher = Publisher(editor.send)
        self._documents: dict[str, Document] = {}
        self._pending: dict[str, Pending] = {}
        self._marked: dict[str, tuple[tuple[int, int], list[Marked]]] = {}
        self._rests: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._finishing: set[asyncio.Task[None]] = set()
        self._end: asyncio.Task[None] | None = None
        self._stale: set[str] = set()
        """Tasks that changed since they were asked for."""
        self._wanted = False
        self._refreshing = False
        self._closed: dict[str, str] = {}
        """Files that no buffer holds and that show hunks: real paths to URIs."""
        self._dirty: set[str] = set()
        """Documents whose buffers are known to the daemon to differ from the disk."""
        self._record = Record(places().windows)
        self._moves = Moves()
        self.indexer = Indexer(editor, self.desk.open_tasks, self.publish, self.spawn, self.seek_moved)

    def start(self) -> None:
        """Connect to the daemon, and look for specs."""
        self.link.start()
        self.indexer.start()

    async def stop(self) -> None:
        """Leave the daemon, and end what is under way; whoever asks again waits for the same end."""
        self._end = self._end or asyncio.create_task(self._stop())
        await asyncio.shield(self._end)

    async def _stop(self) -> None:
        for timer in self._rests.values():
            timer.cancel()
        if self._finishing:
            await asyncio.wait(self._finishing, timeout=FINISH)
        for task in list(self._tasks):
            task.cancel()
        self.progress.end()
        await self.link.stop()
        self._record.end()

    def opened(self, document: Document) -> None:
        """A file was opened."""
        self._documents[document.uri] = document
        if uri := self._closed.pop(document.real_path, None):
            self._publisher.close(uri)
        self._plan(document)
        self.publish(document)
        self.indexer.opened(document)
        self._keep_record()
        if document.real_path:
            self.spawn(self._tell_open(document))
            if document.root and document.root not in self.desk.marks:
                self.spawn(self.refresh(set()))

    def changed(self, document: Document) -> None:
        """A document was edited."""
        typed = document.take_typed()
        if pending := self._pending.get(document.uri):
            pending.follow(typed)
        self.undone.changed(document, typed)
        self.publish(document)
        if document.real_path and document.dirty and document.uri not in self._dirty:
            self._dirty.add(document.uri)
            self._keep_record()
            self.spawn(self._tell_open(document))
        if timer := self._rests.pop(document.uri, None):
            timer.cancel()
        self._rests[document.uri] = asyncio.get_running_loop().call_later(REST, self._rested, document)

    def saved(self, document: Document) -> None:
        """The disk holds what the buffer holds."""
        document.dirty, document.typing = False, None
        document.saves += 1
        self._dirty.discard(document.uri)
        self._keep_record()
        self.publish(document)
        self.indexer.saved(document)
        if specs := seen(document, self.marked(document)):
            self.spawn(self._tell(("window/specs", m.SpecsSeen(document.root, specs))))

    def closed(self, uri: str) -> Document | None:
        """A document is no longer open; the document that it was."""
        self._pending.pop(uri, None)
        self.undone.closed(uri)
        self._marked.pop(uri, None)
        self._dirty.discard(uri)
        if timer := self._rests.pop(uri, None):
            timer.cancel()
        self._publisher.close(uri)
        document = self._documents.pop(uri, None)
        if document:
            self.indexer.closed(document)
        self._keep_record()
        return document

    def pending(self, document: Document) -> Pending | None:
        """The hunks under review in a document."""
        return self._pending.get(document.uri)

    def marked(self, document: Document) -> list[Marked]:
        """The tasks at a document's specs."""
        key = (document.generation, self.desk.version)
        kept = self._marked.get(document.uri)
        if kept is None or kept[0] != key:
            marks = self.desk.marks_at(document.root, document.relative)
            kept = key, marked(document, marks, kept[1] if kept else ())
            self._marked[document.uri] = kept
            self.desk.titles |= {entry.mark.task: entry.title for entry in kept[1]}
            document.follow_on()
        return kept[1]

    def publish(self, document: Document) -> None:
        """Show what there is to show of a document, if it differs."""
        found = items(document, self.desk, self.marked(document), self.pending(document))
        self._publisher.publish(document.uri, found, document.version)

    def others_that_changed(self, document: Document) -> list[int]:
        """The pids of other windows that have unsaved changes in the same file."""
        windows = living(places().windows)
        return [held.pid for held in windows if held.pid != os.getpid() and held.files.get(document.real_path)]

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something beside the handlers; what is expected to fail is logged."""
        task = asyncio.create_task(_guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def finish(self, work: Coroutine[Any, Any, None]) -> None:
        """The same for what an end waits for: an editor may save and end in one act."""
        task = self.spawn(work)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    async def review(self, task: str) -> Review:
        """A task's result; raises `Refused` where there is none."""
        while task not in self.desk.reviews:
            before = self.desk.forgotten
            result = await self.link.ask("result", m.TaskNamed(task), v.Result)
            made = await asyncio.to_thread(review_of, result)
            if before == self.desk.forgotten:
                self.desk.reviews[task] = made
        return self.desk.reviews[task]

    async def refresh(self, tasks: set[str]) -> None:
        """Ask the daemon how things stand and show it; calls that come while one is under way become one more."""
        self._stale |= tasks
        self._wanted = True
        if self._refreshing:
            return
        self._refreshing = True
        try:
            while self._wanted:
                now, self._stale, self._wanted = self._stale, set(), False
                await self._refresh(now)
        finally:
            self._refreshing = False

    def show(self) -> None:
        """Plan and publish every document again."""
        self.desk.version += 1
        for document in self.editor.documents():
            self._plan(document)
            self.publish(document)
        self.editor.refresh_lenses()
        self.indexer.tasks_changed()
        self.spawn(self._show_closed())

    def seek_moved(self) -> None:
        """Look for the specs of tasks that are in other files than at queueing, and show the tasks there."""
        if self._moves.seek(self.desk, self.indexer.index):
            self.show()

    async def _refresh(self, tasks: set[str]) -> None:
        self.desk.forget(tasks)
        for root in self._roots():
            with contextlib.suppress(WrongUse):  # a folder that git can't work in has no tasks
                found = await self.link.ask("marks", m.ListTasks(root, MOST_MARKS), v.Marks)
                self.desk.marks[root] = found.tasks
        self.progress.follow(self.desk.running())
        self.desk.shown = await self._next_review()
        self.show()

    async def _next_review(self) -> Review | None:
        """The first with a hunk to decide: the one asked for, then those with unsaved accepts, then the oldest."""
        inbox, wanted, unsaved = self.desk.inbox(), self.desk.wanted, self.desk.unsaved
        for task in sorted(inbox, key=lambda task: (task != wanted, task not in unsaved)):
            with contextlib.suppress(Refused):  # a question without a change
                review = await self.review(task)
                if review.undecided or self._has_undone(review):
                    return review
        return None

    def _has_undone(self, review: Review) -> bool:
        names = self.desk.unsaved.get(review.task, set())
        return any(
            standing.hunk.id in names
            for document in self.editor.documents()
            if names and self._is_of(document, review)
            for standing in Pending(review, document.relative, document).open
        )

    def _roots(self) -> list[str]:
        folders = [checkout_root(folder) for folder in self.editor.folders()]
        roots = [str(folder) for folder in folders if folder]
        return list(dict.fromkeys([*roots, *(d.root for d in self.editor.documents() if d.root)]))

    def _plan(self, document: Document) -> None:
        review = self.desk.shown
        document.take_typed()
        if review and self._is_of(document, review):
            self._pending[document.uri] = Pending(review, document.relative, document)
        else:
            self._pending.pop(document.uri, None)

    def _is_of(self, document: Document, review: Review) -> bool:
        return document.root == review.result.checkout and document.relative in review.files

    def _rested(self, document: Document) -> None:
        self._rests.pop(document.uri, None)
        document.typing = None
        if pending := self._pending.get(document.uri):
            pending.replan()
        self.undone.changed(document, ())
        if self.desk.unsaved:  # an undo may have taken back what was accepted, of another task than the one shown too
            self.spawn(self.refresh(set()))
        self.publish(document)
        self.indexer.live(document)

    async def _show_closed(self) -> None:
        """Hunks of files that no buffer holds, planned on the disk's text."""
        review = self.desk.shown
        found = {}
        for path in list(review.files)[:MOST_CLOSED] if review else []:
            real = str(Path(review.result.checkout) / path) if review else ""
            if review and real not in self._open_paths():
                found[real] = await asyncio.to_thread(on_disk, review, path, self.editor.units)
        if review is not self.desk.shown:  # then whoever changed it shows the files anew
            return
        for real in set(self._closed) - (set(found) - self._open_paths()):
            self._publisher.close(self._closed.pop(real))
        for real in set(found) - self._open_paths():
            self._closed[real] = Path(real).as_uri()
            self._publisher.publish(self._closed[real], found[real])

    def _open_paths(self) -> set[str]:
        return {document.real_path for document in self.editor.documents()}

    async def send_saved(self) -> None:
        """Tell the daemon what was saved; what it did not take in is told when it is joined again."""
        for saved in list(self.unsent.values()):
            await self.link.ask("window/saved", saved, m.Empty)
            if self.unsent.get(saved.path) is saved:
                del self.unsent[saved.path]
            for task in {*saved.final, *saved.lapsed}:
                self.desk.settled(task, (*saved.final.get(task, ()), *saved.lapsed.get(task, ())))
                self.desk.forget([task])

    async def _joined(self) -> None:
        self.trouble = None
        await self.send_saved()
        for document in self.editor.documents():
            await self._tell_open(document)
        status = await self.link.ask("status", m.Empty(), m.DaemonStatus)
        self.editor.tell("specwright/status", encode(status.status))
        self.spawn(self.refresh(set(self.desk.reviews)))

    def _away(self, reason: str) -> None:
        self.progress.end()
        if reason != self.trouble:
            log.warning("%s", reason)
            self.editor.tell("specwright/away", {"reason": reason})
        self.trouble = reason

    def _changed(self, changed: m.Changed) -> None:
        self.editor.tell("specwright/status", encode(changed.status))
        self.editor.tell("specwright/tasksChanged", {"tasks": list(changed.tasks)})
        self.spawn(self.refresh(set(changed.tasks)))

    def _keep_record(self) -> None:
        """Note what this window holds where a daemon that does not know it yet, and other windows, look."""
        files: dict[str, bool] = {}
        for document in self._documents.values():
            if document.root:
                files[document.real_path] = files.get(document.real_path, False) or document.dirty
        try:
            self._record.keep(files)
        except (OSError, SpecwrightError) as error:  # the daemon is told as well
            log.warning("what is open can't be noted: %s", error)

    async def _tell_open(self, document: Document) -> None:
        if document.real_path:
            await self._tell(("window/open", m.OpenFile(document.real_path, document.dirty)))

    async def let_go(self, document: Document) -> None:
        """Tell the daemon that this window no longer holds a file."""
        if document.real_path:
            await self._tell(("window/close", m.ClosedFile(document.real_path)))
        await self._show_closed()

    async def _tell(self, message: tuple[str, Any]) -> None:
        if self.trouble is None:
            await self.link.ask(*message, m.Empty)


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except SpecwrightError as error:
        log.warning("%s", error.sentence)
    except Exception:  # the boundary of what runs beside the handlers: told in the log, the window goes on
        log.exception("something beside the handlers failed")
