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


@given(
    st.lists(st.builds(Hours, st.times(), st.times()).filter(lambda h: h.start != h.end), max_size=4), st.datetimes()
)
def test_it_always_ends_within_two_days_or_never(spans: list[Hours], now: datetime) -> None:
    now = now.replace(year=2026).astimezone()
    end = quiet_until(spans, now)
    assert end is None or now < end
