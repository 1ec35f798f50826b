from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.config.hours import Hours, hours
from specwright.tasks.schedule import quiet_until

DAY = datetime(2026, 5, 20).astimezone()


def at(clock: str, day: int = 0) -> datetime:
    hour, minute = clock.split(":")
    return DAY.replace(hour=int(hour), minute=int(minute)) + timedelta(days=day)


@pytest.mark.parametrize("text", ["", "22:00", "22-7", "24:00-07:00", "07:00-07:00", "22:00-07:60", "x22:00-07:00"])
def test_what_is_no_span_is_none(text: str) -> None:
    assert hours(text) is None


@pytest.mark.parametrize(
    ("spans", "now", "end"),
    [
        (["22:00-07:00"], at("23:00"), at("07:00", 1)),
        (["22:00-07:00"], at("06:59"), at("07:00")),
        (["22:00-07:00"], at("07:00"), None),
        (["9:00 - 17:00"], at("09:00"), at("17:00")),
        (["09:00-17:00"], at("08:59"), None),
        (["09:00-12:00", "12:00-13:00", "12:30-14:00"], at("10:00"), at("14:00")),
        ([], at("10:00"), None),
    ],
)
def test_the_end_of_the_quiet_hours(spans: list[str], now: datetime, end: datetime | None) -> None:
    assert quiet_until([found for span in spans if (found := hours(span))], now) == end


SPANS = st.builds(Hours, st.times(), st.times()).filter(lambda span: span.start != span.end)
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31))


@given(st.lists(SPANS, max_size=4), TIMES)
def test_the_end_lies_ahead_and_near(spans: list[Hours], now: datetime) -> None:
    now = now.astimezone()
    end = quiet_until(spans, now)
    assert end is None or now < end <= now + timedelta(days=2 * len(spans) + 1)


@given(st.lists(SPANS, min_size=1, max_size=4), TIMES)
def test_at_the_end_of_the_quiet_hours_none_hold(spans: list[Hours], now: datetime) -> None:
    end = quiet_until(spans, now.astimezone())
    assert end is None or end - now.astimezone() >= timedelta(days=1) or quiet_until(spans, end) is None
