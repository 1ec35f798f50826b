"""Real file systems that are full, small or read-only, where the tester may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, *words: str) -> Iterator[None]:
    """`mount` with these words at a folder."""
    if os.getuid() != 0 or subprocess.run(["mount", *words, str(folder)], capture_output=True).returncode:
        pytest.skip("only root may mount, and not in every container")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def filled(path: Path, but: int = 0) -> Iterator[None]:
    """The disk of this file is full, which takes all of it but so many bytes."""
    fill(path)
    os.truncate(path, path.stat().st_size - but)
    try:
        yield
    finally:
        path.unlink()


def fill(path: Path) -> None:
    """Let a file take all the room that its disk has."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
