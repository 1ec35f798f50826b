"""The specs of a whole checkout, for rules that look beyond one file."""

from pathlib import Path

from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.paths.files import read_text
from specwright.paths.walk import holds
from specwright.spec.facts import Facts, Known
from specwright.spec.languages import language_of
from specwright.spec.parser import SIGN, parse
from specwright.tasks.model import Checkout


def facts_of(checkout: Checkout, live: dict[str, str]) -> Facts:
    """Facts about every spec of the checkout; `live` holds texts that are newer than the disk."""
    known = [spec for path in checkouts.tracked_files(checkout) for spec in _specs(checkout, path, live)]
    return Facts(specs=tuple(known))


def _specs(checkout: Checkout, path: str, live: dict[str, str]) -> list[Known]:
    text = live.get(path) if path in live else _text(Path(checkout.root) / path)
    if text is None:
        return []
    specs, _ = parse(text, language_of(path), path)
    return [Known(path, s.span.start.line, s.title, s.handle, s.values("after")) for s in specs]


def _text(path: Path) -> str | None:
    try:
        return read_text(path) if holds(path, SIGN) else None
    except WrongUse:
        return None
