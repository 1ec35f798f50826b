"""What the kernel says of processes: memory and time on the processor."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

BARE_START = 9
"""Milliseconds of a bare interpreter's start on the machine where the targets were set."""


def rss(pid: int) -> float:
    """Resident megabytes of one process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def processor_seconds(pid: int) -> float:
    """Seconds that all threads of a process have run so far; the time in which they waited for a core is not in it."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def idle_share(pid: int, seconds: float) -> float:
    """Percent of a core that a process uses over some seconds."""
    before = processor_seconds(pid)
    time.sleep(seconds)
    return (processor_seconds(pid) - before) / seconds * 100


def description() -> str:
    """Cores, load and speed, for the head of a report."""
    load, took = os.getloadavg()[0], [_bare_start() for _ in range(11)]
    return (
        f"{os.cpu_count()} cores, load {load:.1f} at the start; `python -c pass` took "
        f"{statistics.median(took):.0f} ms, and {BARE_START} where the targets were set"
    )


def _bare_start() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return (time.perf_counter() - began) * 1000
