"""The daemon's rotating log, 0600."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from specwright.tasks.harmless import harmless

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
BYTES = 2_000_000
KEPT = 3


def start(path: Path) -> None:
    """Log to a file from now on."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = RotatingFileHandler(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(_Harmless(FORMAT))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    logging.getLogger("git").setLevel(logging.WARNING)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it logs addresses, and a webhook's may hold a secret


class _Harmless(logging.Formatter):
    """People look at the log in a terminal, and its lines quote what clients, tools and models said."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback below it."""
        return harmless(super().format(record))
