"""The specs of a whole checkout, for rules that look beyond one file."""

import re
from pathlib import Path

from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.paths.files import read_text
from specwright.paths.walk import ANYTHING, holds
from specwright.spec.facts import Facts, Known
from specwright.spec.reading import Reading
from specwright.tasks.model import Checkout


def facts_of(checkout: Checkout, live: dict[str, str], reading: Reading) -> Facts:
    """Facts about every spec of the checkout; `live` holds texts that are newer than the disk."""
    known = [spec for path in checkouts.tracked_files(checkout) for spec in _specs(checkout, path, live, reading)]
    return Facts(specs=tuple(known))


def _specs(checkout: Checkout, path: str, live: dict[str, str], reading: Reading) -> list[Known]:
    sign = ANYTHING if reading.is_whole(path) else reading.sign
    text = live.get(path) if path in live else _text(Path(checkout.root) / path, sign)
    if text is None:
        return []
    specs, _ = reading.parse(text, path)
    return [Known(path, s.span.start.line, s.title, s.handle, s.values("after")) for s in specs]


def _text(path: Path, sign: re.Pattern[bytes]) -> str | None:
    try:
        return read_text(path) if holds(path, sign) else None
    except WrongUse:
        return None
