"""The daemon's life: lock, store, socket, recovery, queue; and its end. Requests are `daemon.handlers`'."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from specwright.api.codec import encode
from specwright.api.guard import check_folder, process_of
from specwright.api.messages import Credentials
from specwright.api.wire import LIMIT, Connection
from specwright.config import read
from specwright.config.settings import Sleep, UserSettings
from specwright.daemon import log as logs
from specwright.daemon import place, telling, webhook
from specwright.daemon.awake import LOOK_SECONDS, Awake
from specwright.daemon.handlers import Handlers
from specwright.daemon.windows import NUMBERS, Peer, Windows
from specwright.engine import cancelling, recovery, room, status
from specwright.engine.context import Context
from specwright.engine.embedded import Embedded
from specwright.engine.pump import Pump
from specwright.engine.tending import Tending
from specwright.errors import Exit, SpecwrightError
from specwright.git.run import scrub_environment
from specwright.paths import locks, mounts
from specwright.paths.files import private_folder
from specwright.paths.places import Places, places
from specwright.sandbox.probe import probe
from specwright.store import outbox, runs, verdicts
from specwright.store.database import Store

IDLE_SECONDS = 600.0
"""How long a daemon with no open task and no client stays."""

GATHER = 0.02
"""Seconds after a change before clients are told, so that admission looks first."""
PLACE_SECONDS = 60.0
"""How long runs may take to come to the end of a turn when a newer daemon waits."""
LAST_REQUESTS = 3.0
"""How long a command may take to make its next request before the daemon ends for a newer one."""

log = logging.getLogger(__name__)


def main(words: Sequence[str]) -> int:
    """`specwright daemon run`: be the daemon until asked to stop; the exit code."""
    try:
        run(place.take if "--replace" in words else _take)
    except SpecwrightError as error:
        sys.stderr.write(f"specwright: {error.sentence}\n")
        return error.exit_code
    return Exit.DONE


def run(take: Callable[[Places], tuple[int, Credentials]]) -> None:
    """Be the daemon, when the lock is taken. Raises `Refused` when one runs already."""
    scrub_environment()
    os.umask(0o077)
    here = places()
    private_folder(here.state)
    mounts.need_local(here.state)
    held, credentials = take(here)
    masking = logs.start(here.log)
    try:
        asyncio.run(_live(here, credentials, masking))
    except SpecwrightError as error:
        log.error(error.sentence)
        raise
    finally:
        os.close(held)


def _take(here: Places) -> tuple[int, Credentials]:
    return locks.take(here.lock), Credentials()


async def _live(here: Places, credentials: Credentials, masking: logs.Masking) -> None:
    user = _user_settings(here.config_file)
    store = Store(here.database)
    context = Context(here, store, user, await probe(user.sandbox))
    context.keys.bring(credentials)
    masking.mask = context.mask
    engine = Embedded(context)
    daemon = Daemon(context, engine)
    server = await _listen(here.socket, daemon.welcome)
    log.info("daemon %s listens on %s, sandbox: %s", os.getpid(), here.socket, context.probe)
    try:
        await recovery.end_left(context)
        if await daemon.mended():
            store.on_commit = daemon.changed
            engine.start(await cancelling.asked(context))
            daemon.start()
            await daemon.over()
    finally:
        server.close()  # before anything is awaited: who comes from now on starts a daemon of their own
        await daemon.end()
        here.socket.unlink(missing_ok=True)
        await engine.stop()
        store.close()
        log.info("daemon %s ended", os.getpid())


async def _keep_awake(engine: Embedded) -> None:
    """Keep the machine awake while something runs; its child ends with this process at the latest."""
    awake = Awake()
    while True:
        await awake.set(bool(engine.running()))
        await engine.changed(LOOK_SECONDS)


class Daemon:
    """The connected clients and the engine, and when to end."""

    def __init__(self, context: Context, engine: Embedded) -> None:
        self.context = context
        self.engine = engine
        self.windows = Windows(context.places.windows)
        self.started = datetime.now(UTC)
        self._stop = asyncio.Event()
        self._making_place: asyncio.Task[None] | None = None
        self._people = Pump("telling a person", telling.Telling(context, self.windows).look, telling.GATHER)
        self._webhook = Pump("telling the webhook", webhook.Webhook(context).look, webhook.GATHER)
        self._clients = Pump("telling the clients", self._tell_clients, GATHER)
        self._keeping: list[asyncio.Task[None]] = []
        context.on_step = lambda root, step: self.windows.tell_showing(root, "step", encode(step))
        self._to_tell: set[str] = set()
        self._changes = self._told = 0
        """How many changes there were, and of how many the clients know; the pause of the queue is no task's."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    def start(self) -> None:
        """Begin to tell people, to watch for agents that give no sign, and to tidy."""
        store = self.context.store
        watching = self.context.watch.keep(
            lambda start: store.write(runs.stall, start), lambda task: self.changed(frozenset({task}), False)
        )
        tending = Tending(self.context, self.engine).go_on()
        work = [self._clients.keep(), self._people.keep(), self._webhook.keep(), watching, tending]
        if self.context.user.sleep is Sleep.INHIBIT:
            work.append(_keep_awake(self.engine))
        self._keeping = [asyncio.create_task(each) for each in work]

    async def end(self) -> None:
        """Begin none of it any more; what was not told is told by the next daemon."""
        for task in self._keeping:
            task.cancel()
        for ended in await asyncio.gather(*self._keeping, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("this had ended before the daemon did: %r", ended)

    def shown_by(self, peer: Peer, root: str, tasks: Iterable[str]) -> None:
        """A window shows the tasks of a checkout: it is told what they do now, and what needs a person."""
        for task in tasks:
            if step := self.context.feed.steps.get(task):
                peer.connection.notify("step", encode(step))
        if root not in peer.shows:
            peer.shows.add(root)
            self._people.wake()

    def stop(self) -> None:
        """End at the next chance, and tell the clients that it is meant; runs keep their state."""
        self.windows.tell_all("ending", {})
        self._stop.set()

    def make_place(self) -> None:
        """End for a newer daemon, which waits for the lock: runs first come to the end of a turn."""
        if self._making_place is None:
            log.info("making place for a newer daemon")
            self._making_place = asyncio.create_task(self._end_settled())

    async def mended(self) -> bool:
        """Whether all is as it should be before something begins; where the disk is full, that is tried on and on.

        Until then requests are answered, and the status says why nothing begins. False when asked to stop.
        """
        while True:
            try:
                await recovery.mend(self.context)
            except Exception as error:
                if not room.is_lacking(error):
                    raise
                log.warning("what an earlier daemon left can't be gone on with: %s", error)
                self.engine.trouble = room.SENTENCE
            else:
                return True
            if await self._stopped(room.AGAIN_SECONDS):
                return False

    async def over(self) -> None:
        """Return when asked to stop, or when nobody has needed this daemon for a while."""
        while True:
            await self.context.store.back_up()
            if await self._stopped(IDLE_SECONDS):
                return
            seen = self._changes
            owes = await status.has_open_tasks(self.context) or await self._owes()
            if not (
                owes or self.windows.peers or self._changes != seen
            ):  # who came meanwhile may have queued, and left
                return

    async def _stopped(self, seconds: float) -> bool:
        """Whether it is asked to stop within so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        return self._stop.is_set()

    async def _owes(self) -> bool:
        """Whether the webhook is still to be told of something."""
        return bool(await self.context.store.read(outbox.unposted))

    def changed(self, tasks: frozenset[str], look: bool) -> None:
        """After each transition: clients and people are told, and admission looks again where something may begin."""
        if look:
            self.engine.wake()
        for pump in (self._clients, self._people, self._webhook):
            pump.wake()
        for task in tasks:
            self.context.feed.tell(task)
        self._to_tell |= tasks
        self._changes += 1

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client until it leaves; another user's is sent away without a word."""
        pid, uid = process_of(writer)
        if uid != os.getuid():
            log.warning("refused a client of another user")
            writer.close()
            return
        handlers = Handlers(self)
        peer = Peer(Connection(reader, writer, handlers.answer), number=pid or next(NUMBERS))
        handlers.peer = peer
        self.windows.peers.append(peer)
        try:
            await peer.connection.serve()
        except asyncio.CancelledError:
            return  # by the daemon's own end; asyncio would report it as an error of the connection
        finally:
            self.windows.leave(peer)
        if peer.client == "lsp":
            await self.context.store.write(verdicts.lapse, peer.viewer)

    async def _end_settled(self) -> None:
        await self.engine.settle(PLACE_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_REQUESTS):
                while any(peer.client == "cli" for peer in self.windows.peers):
                    await asyncio.sleep(0.02)
        self._stop.set()

    async def _tell_clients(self) -> None:
        if self._told == self._changes:
            return
        changes, tasks = self._changes, frozenset(self._to_tell)
        self.windows.tell_all("changed", encode(await status.changed(self.context, tasks)))
        self._told = changes
        self._to_tell -= tasks  # one that changed again meanwhile was told after it changed


def _user_settings(path: Path) -> UserSettings:
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    settings, problems = read.user(text)
    for problem in problems:
        log.warning("%s:%s: %s", path, problem.line or 1, problem.message)
    return settings


async def _listen(path: Path, welcome: object) -> asyncio.Server:
    """The socket, 0600 in a 0700 folder that is ours; a stale one is replaced, for the lock is held."""
    check_folder(path.parent)  # before it is closed: others may have put something there
    private_folder(path.parent)
    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(welcome, path, limit=LIMIT)  # type: ignore[arg-type]  # a bound coroutine
    path.chmod(0o600)
    return server
