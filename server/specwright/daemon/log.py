"""The daemon's rotating log, 0600."""

import logging
import os
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from specwright.leaks.mask import mask
from specwright.tasks.harmless import harmless

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
BYTES = 2_000_000
KEPT = 3


class Masking(logging.Formatter):
    """Masks secrets in what is logged, tracebacks and all; people look at it in a terminal, so it is harmless there."""

    mask: Callable[[str], str] = staticmethod(mask)

    def format(self, record: logging.LogRecord) -> str:
        """One entry."""
        return harmless(self.mask(super().format(record)))


def start(path: Path) -> Masking:
    """Log to a file from now on. Known secrets are masked once the formatter is told of them."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = RotatingFileHandler(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
    masking = Masking(FORMAT)
    handler.setFormatter(masking)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    logging.getLogger("git").setLevel(logging.WARNING)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it logs addresses, and a webhook's may hold a secret
    return masking
