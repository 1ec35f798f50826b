"""The light client of the daemon: connects, starts it where none runs, and asks in types."""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from specwright import __version__, process, processes
from specwright.api import messages as m
from specwright.api import news, setup
from specwright.api.codec import decode, encode
from specwright.api.guard import check_folder, check_peer
from specwright.api.methods import DAEMON, NOTIFICATIONS
from specwright.api.wire import LIMIT, Connection, Lost, UnknownMethod
from specwright.errors import SpecwrightError
from specwright.paths.files import private_folder
from specwright.paths.places import Places
from specwright.paths.versions import is_newer

START_SECONDS = 15.0
REPLACE_SECONDS = 90.0
"""An older daemon with which nothing can be talked over may take 60 s to end."""
HELLO_SECONDS = 5.0
ROOM = 100_000
"""Bytes that must be free for a daemon's last words to be in its log."""
ALLOWED_VARIABLES = (
    "PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "PYENV_VERSION", "NVM_DIR", "NVM_BIN", "VOLTA_HOME",
    "CARGO_HOME", "RUSTUP_HOME", "GOROOT", "GOPATH", "JAVA_HOME", "LANG", "LC_ALL", "TZ", "HOME",
    "UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache", "NPM_CONFIG_CACHE", "GOMODCACHE", "XDG_CACHE_HOME",
)  # fmt: skip
"""The tool environment of a checkout that goes along with a queue request; no secret is among them."""

Answer = TypeVar("Answer")
Asked = Callable[[m.ApplyInWindow], Awaitable[m.AppliedInWindow]]


class NoDaemon(SpecwrightError):
    """Nobody listens on the socket."""


@dataclass(slots=True)
class Listener:
    """What a client does with what the daemon says by itself."""

    changed: Callable[[m.Changed], None] = field(default=lambda _changed: None)
    progress: Callable[[setup.Progress], None] = field(default=lambda _progress: None)
    step: Callable[[news.Step], None] = field(default=lambda _step: None)
    ending: Callable[[m.Empty], None] = field(default=lambda _empty: None)
    """The daemon ends because somebody asked it to; nobody needs to start another."""
    apply: Asked | None = None
    tell: Callable[[news.Notice], None] | None = None


class Client:
    """A connection to the daemon; made by `connect`, an async context manager."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener: Listener) -> None:
        self._listener = listener
        self._connection = Connection(reader, writer, self._answer)
        self._serving = asyncio.create_task(self._connection.serve())
        self.daemon = m.Welcome(None, "", 0)

    async def ask(self, method: str, params: Any, answer: type[Answer], timeout: float | None = None) -> Answer:
        """One request; raises the daemon's sentence as the error kind that it named."""
        kind, expected = DAEMON[method]
        assert isinstance(params, kind) and expected is answer, method  # noqa: S101, PT018  # a bug in the caller
        return decode(answer, await self._connection.request(method, encode(params), timeout))

    async def ended(self) -> None:
        """Return when the daemon goes away."""
        await asyncio.shield(self._serving)

    async def close(self) -> None:
        """End the connection."""
        self._connection.close()
        await asyncio.wait([self._serving])

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def _answer(self, method: str, params: Any) -> Any:
        if method in NOTIFICATIONS:
            getattr(self._listener, method)(decode(NOTIFICATIONS[method], params))
            return None
        if method == "window/apply" and self._listener.apply:
            return encode(await self._listener.apply(decode(m.ApplyInWindow, params)))
        if method == "window/tell" and self._listener.tell:
            self._listener.tell(decode(news.Notice, params))
            return encode(m.Empty())
        raise UnknownMethod


async def connect(
    places: Places,
    client: str,
    listener: Listener | None = None,
    start: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Client:
    """A client of the running daemon, which is started first where none runs and `start` says so.

    A daemon that is started gets `environment`, by default the process's own.

    Raises `NoDaemon` when none runs, `SpecwrightError` when it can't be started, does not answer or speaks another
    protocol.
    """
    listener = listener or Listener()
    environment = os.environ if environment is None else environment
    try:
        joined = await _join(places, client, listener)
    except NoDaemon:
        if not start:
            raise
        pid = _start(places, [], environment)
        return await _appeared(places, client, listener, pid, START_SECONDS)
    if start and is_newer(__version__, joined.daemon.version):
        pid = _start(places, ["--replace"], environment)
        if joined.daemon.protocol is None:
            await joined.close()
            return await _appeared(places, client, listener, pid, REPLACE_SECONDS)
    return await _with_common_protocol(joined)  # an older daemon ends when what is asked now is answered


async def ask_for_place(places: Places) -> m.Credentials:
    """Ask the daemon that runs to make place for this program; the key that it had.

    Raises `NoDaemon`, and `Refused` when it is no older.
    """
    async with await _join(places, "daemon", Listener()) as joined:
        return await joined.ask("replace", m.Replace(__version__), m.Credentials, HELLO_SECONDS)


def tool_environment() -> dict[str, str]:
    """The allow-listed variables of this process."""
    return {name: os.environ[name] for name in ALLOWED_VARIABLES if name in os.environ}


def credentials() -> m.Credentials:
    """The model's key and address in this process's environment."""
    return m.Credentials(os.environ.get("ANTHROPIC_API_KEY") or None, os.environ.get("ANTHROPIC_BASE_URL") or None)


async def _appeared(places: Places, client: str, listener: Listener, pid: int, seconds: float) -> Client:
    """A client of the daemon that was just started, or of another one that was faster."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)
        with contextlib.suppress(NoDaemon):
            joined = await _join(places, client, listener)
            if joined.daemon.protocol is not None or processes.has_ended(pid):
                return await _with_common_protocol(joined)
            await joined.close()  # the older one has not made place yet
            await asyncio.sleep(0.2)
        if processes.has_ended(pid) and not await _appears(places):
            break
    raise SpecwrightError(f"The daemon did not start: {_last_words(places)} Its log is {places.log}.")


async def _join(places: Places, client: str, listener: Listener) -> Client:
    check_folder(places.socket.parent)
    try:
        reader, writer = await asyncio.open_unix_connection(places.socket, limit=LIMIT)
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise NoDaemon("No daemon runs. `specwright daemon start` starts one.") from error
    except OSError as error:
        raise SpecwrightError(f"The daemon's socket {places.socket} can't be opened: {error.strerror}.") from error
    joined = Client(reader, writer, listener)
    try:
        check_peer(writer, places.socket)  # before anything is said: a greeting holds the model's key
        await _greet(joined, client, places)
    except BaseException:
        await joined.close()
        raise
    return joined


async def _greet(joined: Client, client: str, places: Places) -> None:
    oldest, newest = m.PROTOCOL
    hello = m.Hello(oldest, newest, __version__, client, credentials())
    try:
        joined.daemon = await joined.ask("hello", hello, m.Welcome, HELLO_SECONDS)
    except (Lost, ConnectionError) as error:  # it was killed, or had just ended: nothing was asked of it yet
        raise NoDaemon("The daemon went away. `specwright daemon start` starts one.") from error
    except TimeoutError as error:
        raise SpecwrightError(
            f"The daemon has the socket {places.socket} but does not answer. `specwright daemon stop` ends it; "
            "what was queued goes on at the next start."
        ) from error


async def _with_common_protocol(joined: Client) -> Client:
    """The same client. Raises `SpecwrightError` with what to do where the daemon speaks no protocol of ours."""
    daemon = joined.daemon
    if daemon.protocol is not None:
        return joined
    await joined.close()
    cure = "`specwright daemon stop`, then try again; what was queued is kept."
    if is_newer(daemon.version, __version__):
        cure = f"Upgrade this one to {daemon.version}; what was queued is kept and goes on."
    raise SpecwrightError(
        f"A daemon of version {daemon.version} runs (pid {daemon.pid}), and this is {__version__}; "
        f"they have no protocol in common. {cure}"
    )


def _start(places: Places, words: Sequence[str], environment: Mapping[str, str]) -> int:
    private_folder(places.state)
    argv = [sys.executable, "-m", "specwright", "daemon", "run", *words]
    kept = {name: value for name, value in environment.items() if not name.startswith(("GIT_", "ANTHROPIC_"))}
    return process.start_detached(argv, kept, places.log)


async def _appears(places: Places) -> bool:
    """Whether a daemon that somebody else started at the same time answers; it may need a moment."""
    for _ in range(20):
        if places.socket.exists():
            return True
        await asyncio.sleep(0.05)
    return False


def _last_words(places: Places) -> str:
    if shutil.disk_usage(places.state).free < ROOM:
        return f"the disk that holds {places.state} is full; free some space, then try again."
    try:
        lines = [line for line in Path(places.log).read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        return "it left no log."
    return lines[-1][-300:] if lines else "it said nothing."
