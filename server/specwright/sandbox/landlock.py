"""The partial sandbox on Linux: Landlock and a seccomp filter, without a package or namespaces. It holds less in."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from specwright.sandbox import caches, launcher
from specwright.sandbox.environment import SYSTEM, etc
from specwright.sandbox.home import HomeBox
from specwright.sandbox.visible import Visible

NEEDED = 3
"""The version that keeps files from being cut off: Linux 6.2."""
NEEDED_ALONE = 4
"""The version that holds TCP in, where no filter does: Linux 6.7."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
ALWAYS = (
    "commands can change the permissions and times of your files, though not read or write them",
    "commands can see that your files and processes exist, and with which words programs were called",
    "commands can write the `.git` file of their slot (the run ends then)",
    "a process that hides its origin well can outlive its command",
)
NO_SCOPES = "commands can signal your other processes, and reach abstract Unix sockets"
NO_FILTER = "commands can use UDP (so the names of hosts can carry data out) and Unix sockets, such as Docker's"


class Landlock(HomeBox):
    """Runs each command in a Landlock domain of its own, with a private temporary folder that is its home too."""

    mode = "partial"
    tied = False  # its launcher sees to that

    def held(self, argv: Sequence[str], writable: Sequence[Path]) -> list[str]:
        """The words that run a command in its domain."""
        rules = json.dumps(_rules(self._visible, writable))
        return [sys.executable, "-IS", launcher.__file__, str(os.getpid()), rules, *argv]


def left_open() -> tuple[str, ...]:
    """What it does not stop on this machine, in sentences."""
    return (
        *ALWAYS,
        *([] if launcher.version() >= 6 else [NO_SCOPES]),
        *([] if launcher.socket_filter(os.uname().machine) else [NO_FILTER]),
    )


def missing() -> str:
    """Why it can't be used here; empty where it can."""
    if not sys.platform.startswith("linux"):
        return "Landlock is Linux's."
    version = launcher.version()
    needed = NEEDED if launcher.socket_filter(os.uname().machine) else NEEDED_ALONE
    if version >= needed:
        return ""
    known = f"this kernel has version {version}" if version else "this kernel has none, or it is switched off"
    return f"Landlock {needed} (Linux {6.2 if needed == NEEDED else 6.7}) is needed, and {known}."


def _rules(visible: Visible, writable: Sequence[Path]) -> dict[str, list[str]]:
    """Paths by what may be done below them."""
    system = [*SYSTEM, *etc(), "/proc"]
    private = [str(visible.private)] if visible.private else []
    return {
        "read": [*system, *map(str, visible.roots), *map(str, caches.readable(visible.caches)), *private],
        "write": [str(folder) for folder in writable],
        "devices": list(DEVICES),
    }
