from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from specwright.agents.faults import Fault, FaultKind, Patience, Retries, of_status

K = FaultKind


@pytest.mark.parametrize(
    ("status", "kind", "message", "headers", "found"),
    [
        (429, "rate_limit_error", "", {}, K.RATE),
        (529, None, "", {}, K.RATE),
        (200, "overloaded_error", "", {}, K.RATE),
        (200, "api_error", "", {}, K.SERVER),
        (200, "invalid_request_error", "", {}, K.REQUEST),
        (200, None, "", {}, K.REQUEST),
        (500, "api_error", "", {}, K.SERVER),
        (500, "api_error", "", {"x-should-retry": "false"}, K.REQUEST),
        (504, None, "", {}, K.SERVER),
        (408, None, "", {}, K.SERVER),
        (400, "invalid_request_error", "prompt is too long: 3 > 2", {}, K.OVERFLOW),
        (400, "invalid_request_error", "maximum context length is 8192", {}, K.OVERFLOW),
        (400, "invalid_request_error", "no", {}, K.REQUEST),
        (422, None, "", {}, K.REQUEST),
        (401, "authentication_error", "", {}, K.KEY),
        (403, "permission_error", "", {}, K.KEY),
        (402, "billing_error", "", {}, K.SPENT),
    ],
)
def test_an_error_is_one_fault(
    status: int, kind: str | None, message: str, headers: dict[str, str], found: FaultKind
) -> None:
    assert of_status(status, kind, message, headers).kind is found


@pytest.mark.parametrize(("text", "seconds"), [("7", 7.0), ("-1", 0.0), ("soon", None), ("", None)])
def test_the_wait_that_the_server_asks_for_is_read(text: str, seconds: float | None) -> None:
    assert of_status(429, None, "", {"retry-after": text}).wait == seconds


def test_a_wait_can_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 57 < (of_status(429, None, "", {"retry-after": date}).wait or 0) <= 60


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Fault(K.RATE, ""), [2, 4, 8, 16, 32, 60, 60, 60, None]),
        (Fault(K.RATE, "", 1), [1] * 8 + [None]),
        (Fault(K.RATE, "", 400), [400, 400, None]),
        (Fault(K.RATE, "", 901), [None]),
        (Fault(K.SERVER, ""), [2, 4, 8, None]),
        (Fault(K.NETWORK, ""), [2, 4, 8, 16, 32, 60, 60, 60, None]),
        (Fault(K.REQUEST, ""), [None]),
        (Fault(K.KEY, ""), [None]),
    ],
)
def test_waits_grow_and_end(fault: Fault, waits: list[float | None]) -> None:
    retries = Retries(Patience(chance=lambda: 1.0))
    assert [retries.wait(fault) for _ in waits] == waits


def test_two_stalls_make_the_next_silence_longer() -> None:
    retries = Retries(Patience(read=10))
    timeouts = [retries.read_timeout for _ in range(3) if retries.wait(Fault(K.STALL, "")) is not None]
    assert timeouts == [10, 30, 30]
