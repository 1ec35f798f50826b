"""Medians and percentiles of samples, and the clock that takes them."""

import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median

__all__ = ["median", "p50", "p99", "percentile", "sampled", "spread", "timed"]


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least this share (0 to 1) of the samples does not exceed."""
    if not samples:
        raise ValueError("there are no samples")
    ordered = sorted(samples)
    number = -int(-share * len(ordered) // 1)  # rounded up
    return ordered[max(0, number - 1)]


def p50(samples: Sequence[float]) -> float:
    """The median."""
    return median(samples)


def p99(samples: Sequence[float]) -> float:
    """What 99 of 100 samples do not exceed; the largest where there are fewer than 100."""
    return percentile(samples, 0.99)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def sampled(work: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of so many calls in a row, each."""
    return [timed(work) for _ in range(count)]


def spread(samples: Iterable[float]) -> str:
    """`p50 / p99` for the column of what stands beside."""
    kept = list(samples)
    return f"{p50(kept):.2f} / {p99(kept):.2f}"
