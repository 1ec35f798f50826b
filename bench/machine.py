"""What the kernel says of processes: memory and time on the processor."""

import os
import time
from pathlib import Path


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
    """Cores and load, for the head of a report."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"
