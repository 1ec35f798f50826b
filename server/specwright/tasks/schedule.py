"""Quiet hours, in which nothing starts. Pure; times of day are the user's own."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from specwright.config.hours import Hours


def quiet_until(spans: Iterable[Hours], now: datetime) -> datetime | None:
    """The end of the spans that hold at `now`, which is aware; None where none does. Spans that touch are one."""
    spans, end = tuple(spans), now
    for _ in range(2 * len(spans) + 1):
        ends = [found for span in spans if (found := _end(span, end)) is not None]
        if not ends:
            break
        end = max(ends)
    return end if end > now else None


def _end(span: Hours, now: datetime) -> datetime | None:
    local = now.astimezone()
    for days in (-1, 0):
        day = local.date() + timedelta(days=days)
        start = datetime.combine(day, span.start).astimezone()
        stop_day = day if span.end > span.start else day + timedelta(days=1)
        stop = datetime.combine(stop_day, span.end).astimezone()
        if start <= now < stop:
            return stop
    return None
