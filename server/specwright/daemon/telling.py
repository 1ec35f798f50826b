"""Tells a person what needs them: through a window that shows the checkout, else on the desktop; once for each need."""

import asyncio
import itertools
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from specwright import process
from specwright.api import news
from specwright.api.codec import encode
from specwright.api.wire import Lost
from specwright.daemon.windows import REJOIN_SECONDS, Peer, Windows
from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.paths.windows import living
from specwright.store import outbox
from specwright.tasks.harmless import one_line
from specwright.tasks.needs import sentence

SECONDS = 5.0
"""How long a window may take to show a sentence, and a program of the desktop to run."""
GATHER = 2.0
"""Seconds for more of the same to come: what is queued at once is told in one sentence."""
PAUSE = 30.0
"""Before the next try, where a window failed."""
SCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")

log = logging.getLogger(__name__)

Group = Sequence[outbox.Notice]
"""Of one checkout and one need: told in one sentence."""


class Telling:
    """What the outbox holds for the person at this machine."""

    def __init__(self, context: Context, windows: Windows) -> None:
        self._context, self._windows = context, windows
        self._began = asyncio.get_running_loop().time()

    async def look(self) -> float | None:
        """Tell what is untold. Seconds until another try; None where none is needed before something changes."""
        waiting = await self._context.store.read(outbox.unshown)
        await self._done([notice for notice in waiting if not notice.holds])
        pauses = [await self._tell(group) for group in _groups([notice for notice in waiting if notice.holds])]
        return min((pause for pause in pauses if pause is not None), default=None)

    async def _tell(self, group: Group) -> float | None:
        peer = self._windows.showing(group[0].checkout)
        if peer is not None:
            return await self._in_window(peer, group)
        if not self._context.user.desktop or (argv := _desktop(_text(group))) is None:
            return None  # the next window that shows the checkout tells it
        if (left := await self._until_windows_joined()) > 0:
            return left
        done = await process.run(argv, cwd="/", env=dict(os.environ), timeout=SECONDS)
        if done.exit_code != 0:
            log.warning("%s failed: %s", argv[0], done.stderr[-200:].decode(errors="replace").strip())
            return None  # at the next change, or by the next window
        await self._done(group)
        return None

    async def _in_window(self, peer: Peer, group: Group) -> float | None:
        notice = news.Notice(group[0].need, tuple(notice.task for notice in group), _text(group))
        try:
            await peer.connection.request("window/tell", encode(notice), SECONDS)
        except Lost:
            return 0.1
        except TimeoutError:
            log.warning("%s did not show a notice in time", peer.viewer)
            return PAUSE
        except SpecwrightError:
            peer.tells = False
            return 0.0
        await self._done(group)
        return None

    async def _done(self, notices: Sequence[outbox.Notice]) -> None:
        if notices:
            await self._context.store.write(outbox.shown, notices)

    async def _until_windows_joined(self) -> float:
        """Seconds; a daemon that has just started does not know yet who will tell."""
        left = self._began + REJOIN_SECONDS - asyncio.get_running_loop().time()
        if left <= 0 or not await asyncio.to_thread(living, self._context.places.windows):
            return 0.0
        return left


def _groups(notices: Sequence[outbox.Notice]) -> list[Group]:
    def alike(notice: outbox.Notice) -> tuple[str, str, str]:
        return notice.checkout, notice.need, notice.outcome or ""

    return [list(group) for _, group in itertools.groupby(sorted(notices, key=alike), alike)]


def _text(group: Group) -> str:
    return sentence(group[0].need, [notice.title for notice in group], group[0].outcome)


def _desktop(text: str) -> list[str] | None:
    """The program that shows a text on this desktop; a text is never part of a script or an option."""
    plain = one_line(text)
    if sys.platform == "darwin":
        program = shutil.which("osascript")
        script = [word for line in SCRIPT for word in ("-e", line)]
        return [program, *script, "Specwright", plain] if program else None
    program = shutil.which("notify-send")
    # the body of a desktop's notice is markup
    body = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return [str(Path(program)), "--app-name=Specwright", "--", "Specwright", body] if program else None
