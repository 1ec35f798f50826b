"""The only place that starts programs (git/ alone starts git)."""

from collections.abc import Mapping, Sequence
from pathlib import Path


def start_detached(argv: Sequence[str], env: Mapping[str, str], log: Path) -> int:
    """Start a program that outlives this one; its pid."""
    raise NotImplementedError


def has_ended(pid: int) -> bool:
    """Whether a process is gone."""
    raise NotImplementedError
