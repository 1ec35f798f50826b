import logging
import stat
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from specwright.daemon import log as logs


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[RotatingFileHandler]:
    """The handler of a log that was started in a folder; the tester's own handlers stay."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.start(tmp_path / "daemon.log")
    [made] = [each for each in root.handlers if each not in before]
    assert isinstance(made, RotatingFileHandler)
    yield made
    root.removeHandler(made)
    root.setLevel(level)
    made.close()


def test_the_log_is_private_and_bounded(handler: RotatingFileHandler, tmp_path: Path) -> None:
    logger = logging.getLogger("specwright.test")
    line = "x" * 100_000
    for _ in range((logs.KEPT + 2) * logs.BYTES // len(line)):
        logger.info(line)
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["daemon.log", *(f"daemon.log.{n}" for n in range(1, logs.KEPT + 1))]
    assert all(path.stat().st_size <= logs.BYTES + len(line) for path in files)


def test_the_log_is_the_users_alone(handler: RotatingFileHandler, tmp_path: Path) -> None:
    logging.getLogger("specwright.test").info("hello")
    assert stat.S_IMODE((tmp_path / "daemon.log").stat().st_mode) == 0o600
    assert "INFO specwright.test: hello" in (tmp_path / "daemon.log").read_text()
