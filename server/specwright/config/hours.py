"""Spans of the day, as settings write them: `22:00-07:00`."""

import re
from dataclasses import dataclass
from datetime import time

SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of day to another, past midnight where the second is not later."""

    start: time
    end: time


def hours(text: str) -> Hours | None:
    """`22:00-07:00`; None for anything else, and for a span without a length."""
    found = SPAN.fullmatch(text.strip())
    if found is None:
        return None
    first, second, third, fourth = (int(group) for group in found.groups())
    made = Hours(time(first, second), time(third, fourth))
    return made if made.start != made.end else None
