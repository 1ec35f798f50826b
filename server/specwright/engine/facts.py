"""What rules are told of a checkout, as far as it decides whether a spec may be queued."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from specwright.config.settings import Settings
from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.paths.files import read_text
from specwright.paths.walk import ANYTHING, holds
from specwright.spec.facts import Facts, Known, Tree, caps_of, gates_of
from specwright.spec.model import Spec
from specwright.spec.reading import Reading
from specwright.spec.rules.catalogue import BY_CODE
from specwright.tasks.model import Checkout


def facts_of(checkout: Checkout, specs: Sequence[Spec], live: Mapping[str, str], settings: Settings) -> Facts:
    """Facts for some specs; `live` holds texts that are newer than the disk. What decides nothing stays unknown."""
    reading, wanted = Reading(settings.spec), deciding(settings)
    wants_specs = "specs" in wanted or any(spec.handle or spec.values("after") for spec in specs)
    wants_tree = "tree" in wanted or any(spec.values("see") for spec in specs)
    paths = [*dict.fromkeys([*checkouts.tracked_files(checkout), *live])] if wants_specs or wants_tree else []
    root = Path(checkout.root)
    known = [found for path in paths for found in known_specs(checkout, path, live, reading)] if wants_specs else None
    return Facts(
        specs=None if known is None else tuple(known),
        tree=Tree(frozenset(paths), lambda path: _whole(root / path), _exists(root)) if wants_tree else None,
        gates=gates_of(settings),
        caps=caps_of(settings),
        tests=settings.spec.tests,
    )


def deciding(settings: Settings) -> frozenset[str]:
    """The facts of the rules that the settings make errors."""
    errors = (code for code, level in settings.lint.rules if level == "error")
    return frozenset(fact for code in errors if code in BY_CODE for fact in BY_CODE[code].needs)


def known_specs(
    checkout: Checkout, path: str, live: Mapping[str, str], reading: Reading, language: str | None = None
) -> list[Known]:
    """The specs of a file, by its live text where there is one; none where it can't be read."""
    sign = ANYTHING if reading.is_whole(path) else reading.sign
    text = live.get(path) if path in live else _text(Path(checkout.root) / path, sign)
    if text is None:
        return []
    specs, _ = reading.parse(text, path, language)
    return [Known(path, s.span.start.line, s.title, s.handle, s.values("after")) for s in specs]


def _text(path: Path, sign: re.Pattern[bytes]) -> str | None:
    try:
        return read_text(path) if holds(path, sign) else None
    except WrongUse:
        return None


def _exists(root: Path) -> Callable[[str], bool]:
    """What lies behind a link of the checkout is there too."""
    return lambda path: (root / path).exists()


def _whole(path: Path) -> str | None:
    try:
        return None if path.is_symlink() else read_text(path)
    except WrongUse:
        return None
