"""One client's requests: decode, call the story once, encode."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specwright import __version__
from specwright.api import messages as m
from specwright.api import setup
from specwright.api import views as v
from specwright.api.codec import check_params, decode, encode
from specwright.api.methods import DAEMON
from specwright.api.wire import UnknownMethod
from specwright.daemon.windows import Peer
from specwright.engine import changes, consent, decide, marks, notices, rehearse, status, storage, submit, views
from specwright.errors import Refused, WrongUse
from specwright.git import checkout as checkouts
from specwright.git.names import check_relative_path
from specwright.paths.versions import is_newer
from specwright.store import ordering, verdicts
from specwright.store import tasks as task_rows

if TYPE_CHECKING:
    from specwright.daemon.server import Daemon

WINDOW_SECONDS = 5.0
"""How long a window may take to apply a verdict."""


class Handlers:
    """Answers one peer."""

    def __init__(self, daemon: "Daemon") -> None:
        self._daemon = daemon
        self._context = daemon.context
        self._engine = daemon.engine
        self.peer: Peer
        self._table: dict[str, Callable[[Any], Awaitable[Any]]] = {
            "hello": self._hello,
            "queue": self._queue,
            "notices": self._notices,
            "list": self._list,
            "show": lambda named: views.show(self._context, named.task),
            "marks": self._marks,
            "result": lambda named: decide.to_decide(self._context, named.task),
            "decide": self._decide,
            "record": self._record,
            "revise": self._revise,
            "cancel": self._cancel,
            "retry": self._retry,
            "pause": self._pause,
            "reorder": self._reorder,
            "diff": lambda request: changes.diff(self._context, request),
            "log": lambda request: changes.log_files(self._context, request),
            "events": lambda request: changes.events(self._context, request),
            "window/open": self._open,
            "window/close": self._close,
            "window/saved": self._saved,
            "window/specs": self._specs,
            "init": lambda folder: rehearse.propose(self._context, folder),
            "rehearse": lambda folder: rehearse.rehearse(self._context, folder, self._progress),
            "consent": lambda folder: consent.show(self._context, folder),
            "agree": lambda request: consent.agree(self._context, request),
            "gc": lambda request: storage.collect(self._context, request.apply),
            "status": self._status,
            "replace": self._replace,
            "stop": self._stop,
        }

    async def answer(self, method: str, params: Any) -> Any:
        """The JSON result of a request."""
        if method not in DAEMON:
            raise UnknownMethod
        kind, _ = DAEMON[method]
        check_params(params)
        return encode(await self._table[method](decode(kind, params)))

    async def _hello(self, hello: m.Hello) -> m.Welcome:
        oldest, newest = m.PROTOCOL
        common = min(newest, hello.newest)
        self.peer.client = hello.client
        self._context.keys.bring(hello.credentials)
        self._engine.wake()
        return m.Welcome(common if common >= max(oldest, hello.oldest) else None, __version__, os.getpid())

    async def _queue(self, request: m.Queue) -> m.Queued:
        return await submit.queue(self._engine, request)

    async def _notices(self, queued: m.JustQueued) -> m.Sentences:
        return await notices.notices(self._context, queued)

    async def _list(self, request: m.ListTasks) -> v.Listing:
        root = (await asyncio.to_thread(checkouts.find, Path(request.folder))).root
        briefs = await self._context.store.read(task_rows.newest, root, request.limit)
        quiet = {brief.id: self._context.watch.silence(brief.id) for brief in briefs}
        silent = {task: seconds for task, seconds in quiet.items() if seconds is not None}
        return v.Listing(tuple(views.to_line(brief) for brief in briefs), silent)

    async def _marks(self, request: m.ListTasks) -> v.Marks:
        root = (await asyncio.to_thread(checkouts.find, Path(request.folder))).root
        found = await marks.marks(self._context, root, request.limit)
        if self.peer.client == "lsp":
            self._daemon.shown_by(self.peer, root, [mark.task for mark in found.tasks])
        return found

    async def _decide(self, request: m.Decide) -> m.Decided:
        return await decide.decide(self._context, request, self._apply_in_window)

    async def _record(self, record: m.Record) -> m.Decided:
        return await decide.record(self._context, replace(record, viewer=self.peer.viewer), self._apply_in_window)

    async def _apply_in_window(self, path: str, wanted: m.ApplyInWindow) -> m.AppliedInWindow | None:
        """What the window that holds a file did; None where no window holds it.

        The window that asks decides on its own buffers by itself: here nothing of them is touched.
        """
        try:
            await self._daemon.windows.rejoined(path)
            peer = self._daemon.windows.holder(path)
        except Refused:
            if wanted.hunks:
                raise
            return m.AppliedInWindow((), ())  # the task's own spec stays where it is
        if peer is None:
            return None
        if peer is self.peer:
            return m.AppliedInWindow((), wanted.hunks)
        try:
            answer = await peer.connection.request("window/apply", encode(wanted), WINDOW_SECONDS)
        except TimeoutError as error:
            raise WrongUse(f"The editor that holds {path} did not answer; look at {peer.viewer}.") from error
        return decode(m.AppliedInWindow, answer)

    async def _revise(self, request: m.Revise) -> v.TaskLine:
        if not request.text.strip():
            raise WrongUse("Say what to change: `specwright revise TASK -m TEXT`.")
        async with decide.alone(self._context, request.task):
            await self._context.store.write(task_rows.revise, request.task, self._context.mask(request.text))
        return await views.line(self._context, request.task)

    async def _cancel(self, named: m.TaskNamed) -> v.TaskLine:
        await self._engine.cancel(named.task)
        return await views.line(self._context, named.task)

    async def _retry(self, named: m.TaskNamed) -> v.TaskLine:
        async with decide.alone(self._context, named.task):
            await self._context.store.write(task_rows.retry, named.task)
        return await views.line(self._context, named.task)

    async def _pause(self, wanted: m.Pause) -> v.Status:
        await self._context.store.write(ordering.pause, wanted.paused)
        return await status.status(self._context)

    async def _reorder(self, wanted: m.Reorder) -> m.Order:
        return m.Order(tuple(await self._context.store.write(ordering.move, wanted.task, wanted.to)))

    async def _open(self, file: m.OpenFile) -> m.Empty:
        self.peer.files[file.path] = file.dirty
        return m.Empty()

    async def _close(self, file: m.ClosedFile) -> m.Empty:
        self.peer.files.pop(file.path, None)
        return m.Empty()

    async def _saved(self, saved: m.SavedFile) -> m.Empty:
        self.peer.files[saved.path] = False
        for task in {*saved.final, *saved.lapsed}:
            final, lapsed = saved.final.get(task, ()), saved.lapsed.get(task, ())
            await self._context.store.write(verdicts.settle, task, final, lapsed, self.peer.viewer)
            await decide.settle(self._context, task, self._apply_in_window)
        return m.Empty()

    async def _specs(self, seen: m.SpecsSeen) -> m.Empty:
        for spec in seen.specs:
            check_relative_path(spec.path)
        await self._context.store.write(task_rows.keep_seen, seen.checkout, seen.specs)
        return m.Empty()

    async def _status(self, _empty: m.Empty) -> m.DaemonStatus:
        return await status.daemon_status(self._context, self._engine, self._daemon.started)

    async def _replace(self, asked: m.Replace) -> m.Credentials:
        if not is_newer(asked.version, __version__):
            raise Refused(
                f"A daemon of version {__version__} runs (pid {os.getpid()}), and {asked.version} is no newer."
            )
        self._daemon.make_place()
        return self._context.keys.brought

    async def _stop(self, _empty: m.Empty) -> m.Empty:
        asyncio.get_running_loop().call_later(0.05, self._daemon.stop)
        return m.Empty()

    def _progress(self, progress: setup.Progress) -> None:
        self.peer.connection.notify("progress", encode(progress))
