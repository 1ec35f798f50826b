"""What can go wrong with a call of the model: which fault an error is, how long to wait, and when to give up."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from specwright.tasks.protocols import EndReason

_TOO_LONG = re.compile(r"prompt is too long|context (length|window)|maximum context", re.IGNORECASE)


class FaultKind(StrEnum):
    """What a failed call means for the run."""

    RATE = "rate"
    """Too many requests, or the provider is overloaded: every run of it waits."""
    SERVER = "server"
    NETWORK = "network"
    STALL = "stall"
    """Nothing came for the length of the read timeout."""
    REQUEST = "request"
    """The same request would fail again."""
    OVERFLOW = "overflow"
    KEY = "key"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed call; `wait` in seconds is what the server asked for."""

    kind: FaultKind
    note: str
    wait: float | None = None


ENDS: Mapping[FaultKind, EndReason] = {
    FaultKind.RATE: EndReason.THROTTLED,
    FaultKind.SERVER: EndReason.FAULT,
    FaultKind.NETWORK: EndReason.FAULT,
    FaultKind.STALL: EndReason.FAULT,
    FaultKind.REQUEST: EndReason.FAULT,
    FaultKind.OVERFLOW: EndReason.OVERFLOW,
    FaultKind.KEY: EndReason.KEY,
    FaultKind.SPENT: EndReason.SPENT,
}
"""How a run ends when a fault of this kind ends it."""
_RETRIED = (FaultKind.RATE, FaultKind.SERVER, FaultKind.NETWORK, FaultKind.STALL)

_BY_TYPE: Mapping[str, FaultKind] = {
    "overloaded_error": FaultKind.RATE,
    "rate_limit_error": FaultKind.RATE,
    "api_error": FaultKind.SERVER,
    "timeout_error": FaultKind.SERVER,
    "authentication_error": FaultKind.KEY,
    "permission_error": FaultKind.KEY,
    "billing_error": FaultKind.SPENT,
}
_BY_STATUS: Mapping[int, FaultKind] = {
    401: FaultKind.KEY,
    402: FaultKind.SPENT,
    403: FaultKind.KEY,
    408: FaultKind.SERVER,
    409: FaultKind.SERVER,
    429: FaultKind.RATE,
    529: FaultKind.RATE,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for a model; all times in seconds. `sleep` and `chance` are parameters for tests."""

    first: float = 2.0
    most: float = 60.0
    longest: float = 900.0
    """The most that one turn waits in all."""
    unasked: float = 600.0
    """The same, where the server limits the rate and does not say how long."""
    retries: int = 8
    server_tries: int = 4
    connect: float = 5.0
    read: float = 90.0
    """The longest silence within an answer."""
    call: float = 600.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Retries:
    """Counts the failed calls of one turn."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._failed = 0
        self._waited = 0.0
        self._stalls = 0

    def wait(self, fault: Fault) -> float | None:
        """Seconds until the next call; None when the turn has failed for good."""
        patience = self._patience
        self._failed += 1
        self._stalls += fault.kind is FaultKind.STALL
        most = patience.server_tries - 1 if fault.kind is FaultKind.SERVER else patience.retries
        if fault.kind not in _RETRIED or self._failed > most:
            return None
        seconds = fault.wait
        if seconds is None:
            seconds = patience.chance() * min(patience.most, patience.first * 2 ** (self._failed - 1))
        self._waited += seconds
        unasked = fault.kind is FaultKind.RATE and fault.wait is None
        return None if self._waited > (patience.unasked if unasked else patience.longest) else seconds

    @property
    def read_timeout(self) -> float:
        """Longer once two answers stalled: some models think in silence."""
        return self._patience.read * (3 if self._stalls >= 2 else 1)


def of_status(status: int, kind: str | None, message: str, headers: Mapping[str, str]) -> Fault:
    """The fault of an error that the server answered; status 200 when it came in mid-stream."""
    found = _BY_STATUS.get(status) or (_BY_TYPE.get(kind or "") if status < 400 else None)
    if found is None and status >= 500:
        found = FaultKind.REQUEST if headers.get("x-should-retry") == "false" else FaultKind.SERVER
    if found is None:
        found = FaultKind.OVERFLOW if _TOO_LONG.search(message) else FaultKind.REQUEST
    return Fault(found, f"The model's server said {kind or status}: {message}", _asked_wait(headers))


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "")
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
