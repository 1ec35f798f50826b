"""Tells an address of the user's own what needs a person: signed, tried again until it is taken, in nobody's way.

The headers and the signature are those of https://www.standardwebhooks.com.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Mapping
from pathlib import Path

from specwright.api.codec import encode
from specwright.engine import own_command
from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.store import outbox
from specwright.store.rows import to_time
from specwright.tasks.harmless import one_line

SECONDS = 10.0
"""How long an answer may take."""
LONGEST = 900.0
"""Seconds between two tries; the first pause is 1 s, and each is twice the last."""
GIVEN_UP = 3 * 86_400.0
"""Seconds after which what was never taken is left."""
GATHER = 0.5
"""After a change, so that what is queued at once is looked at once: each look is a transaction."""
PREFIX = "whsec_"

log = logging.getLogger(__name__)


class Webhook:
    """What the outbox holds for the user's address."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._secret: bytes | None = None

    async def look(self) -> float | None:
        """Post what is due. Seconds until the next try, at most the longest pause; None where nothing is left."""
        store, now = self._context.store, time.time()
        waiting = await store.read(outbox.unposted)
        over = waiting if self._context.user.webhook is None else [n for n in waiting if n.at < now - GIVEN_UP]
        if over:
            await store.write(outbox.posted, over)
        for notice in [notice for notice in waiting if notice not in over and notice.next_at <= now]:
            if await self._post(notice):
                await store.write(outbox.posted, [notice])
            else:
                await store.write(outbox.later, notice, time.time() + min(2.0**notice.tries, LONGEST))
        left = await store.read(outbox.unposted)
        return min((min(max(notice.next_at - time.time(), 0.0), LONGEST) for notice in left), default=None)

    async def _post(self, notice: outbox.Notice) -> bool:
        """Whether it was taken. The address may hold a secret: it is in no line of the log."""
        import httpx2

        body = body_of(notice)
        try:
            headers = {"content-type": "application/json", **signed(notice.key, body, await self._key())}
            async with (
                asyncio.timeout(SECONDS),
                httpx2.AsyncClient(timeout=SECONDS, follow_redirects=False) as client,
                client.stream("POST", str(self._context.user.webhook), content=body, headers=headers) as answer,
            ):
                status = answer.status_code
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, SpecwrightError) as error:
            said = error.sentence if isinstance(error, SpecwrightError) else type(error).__name__
            log.warning("the webhook was not told of %s: %s", notice.key, said)
            return False
        if not 200 <= status < 300:
            log.warning("the webhook was not told of %s: it answered %s", notice.key, status)
        return 200 <= status < 300

    async def _key(self) -> bytes | None:
        """What the user's command prints, asked for once; None where there is no command."""
        command = self._context.user.secret_command
        if command and self._secret is None:
            printed, _ = await own_command.run(command)
            if not printed:
                raise SpecwrightError("`secret_command` of your config.toml printed no secret.")
            self._context.keys.known.add(printed)
            self._secret = secret_of(printed)
        return self._secret


def body_of(notice: outbox.Notice) -> bytes:
    """Who needs what; no code, no path but the checkout's name, nothing that an agent or a tool said."""
    body = {
        "type": f"task.{notice.need}",
        "timestamp": encode(to_time(notice.at)),
        "data": {
            "task": notice.task,
            "run": f"{notice.task}/{notice.run}",
            "need": notice.need,
            "title": one_line(notice.title),
            "checkout": one_line(Path(notice.checkout).name),
        },
    }
    return json.dumps(body).encode()


def secret_of(printed: str) -> bytes:
    """`whsec_` and base64, else the text itself."""
    if not printed.startswith(PREFIX):
        return printed.encode()
    try:
        return base64.b64decode(printed.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise SpecwrightError("`secret_command` of your config.toml printed no base64 behind `whsec_`.") from error


def signed(name: str, body: bytes, secret: bytes | None, at: float | None = None) -> Mapping[str, str]:
    """The headers: the same name at each try, so that the other side knows what it has already."""
    seconds = str(int(time.time() if at is None else at))
    headers = {"webhook-id": name, "webhook-timestamp": seconds}
    if secret is not None:
        content = b".".join((name.encode(), seconds.encode(), body))
        signature = base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()
        headers["webhook-signature"] = f"v1,{signature}"
    return headers
