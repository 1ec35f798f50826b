"""A window without a server."""

from pathlib import Path

import pytest

from lsp.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "project")
