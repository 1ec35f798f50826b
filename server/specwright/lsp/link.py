"""The connection to the daemon: kept while the editor lives, made anew when the daemon was killed."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from specwright.api import messages as m
from specwright.api.client import Client, Listener, NoDaemon, connect
from specwright.errors import Refused, SpecwrightError
from specwright.paths.places import places

PAUSES = (0.2, 1.0, 5.0)
"""Seconds between tries to connect again; the last one repeats."""
LOOK_SECONDS = 1.0
"""Between two looks for a daemon that somebody else starts, after one was stopped on purpose."""
ANSWER_SECONDS = 30.0

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Link:
    """Asks the daemon; `joined` is called after each connection, `away` with the reason while there is none."""

    def __init__(self, listener: Listener, joined: Callable[[], Awaitable[None]], away: Callable[[str], None]) -> None:
        listener.ending = self._ending
        self._listener, self._joined, self._away = listener, joined, away
        self._client: Client | None = None
        self._trouble = "The daemon can't be reached. `specwright daemon start` says why."
        self._tried = asyncio.Event()
        """Set at the end of each try to connect that was meant to succeed."""
        self._needed = asyncio.Event()
        self._stopped_on_purpose = False
        """Whether the daemon was stopped on purpose: then another is started only when it is needed."""
        self._keeping: asyncio.Task[None] | None = None
        self._refusal: str | None = None

    def refuse(self, sentence: str) -> None:
        """Never connect, and answer each question with this sentence."""
        self._refusal = sentence

    def start(self) -> None:
        """Connect, and stay connected."""
        if self._refusal is None:
            self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Leave the daemon."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])

    async def ask(self, method: str, params: Any, answer: type[Answer], timeout: float = ANSWER_SECONDS) -> Answer:
        """One request, for which a daemon is started where none runs. Raises the daemon's sentence."""
        if self._refusal is not None:
            raise Refused(self._refusal)
        if self._client is None:
            self._needed.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._tried.wait()
        if self._client is None:
            raise SpecwrightError(self._trouble)
        try:
            return await self._client.ask(method, params, answer, timeout)
        except TimeoutError as error:
            raise SpecwrightError(
                f"The daemon did not answer within {timeout:.0f} s; what was queued is kept."
            ) from error

    def _ending(self, _empty: m.Empty) -> None:
        self._stopped_on_purpose = True

    async def _keep(self) -> None:
        tries = 0
        while True:
            start = not self._stopped_on_purpose or self._needed.is_set()
            self._needed.clear()
            try:
                await self._stay(start)
                tries = 0
            except NoDaemon:
                self._away("no daemon runs")
            except SpecwrightError as error:
                self._trouble = error.sentence
                self._away(error.sentence)
                self._tried.set()
            except Exception:  # the boundary of the connection: a fault in it must not end the window's linting
                log.exception("the connection to the daemon broke")
            self._client = None
            self._tried.clear()
            pause = LOOK_SECONDS if self._stopped_on_purpose else PAUSES[min(tries, len(PAUSES) - 1)]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._needed.wait()
            tries += 1

    async def _stay(self, start: bool) -> None:
        """Connected until the daemon goes away."""
        async with await connect(places(), "lsp", self._listener, start=start) as client:
            self._client, self._stopped_on_purpose = client, False
            self._needed.clear()
            self._tried.set()
            await self._joined()
            await client.ended()
            self._client = None  # first: who asks from now on waits for the next daemon
            self._away("the daemon went away")
