"""The partial sandbox on Linux: Landlock and a seccomp filter, without a package or namespaces. It holds less in."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from specwright.sandbox import launcher, limits
from specwright.sandbox.environment import SYSTEM, environment, etc
from specwright.sandbox.home import private_home
from specwright.sandbox.visible import Visible, reading
from specwright.tasks.protocols import Done

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


class Landlock:
    """Runs each command in a Landlock domain of its own, with a private temporary folder that is its home too."""

    mode = "partial"

    def __init__(self, visible: Visible) -> None:
        self.slot = visible.slot
        self._visible = visible

    async def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: Sequence[Path] = (),
    ) -> Done:
        """Run one command in the slot's root; `writable` are further folders that it may write."""
        visible = self._visible
        given = environment(
            dict(visible.environment), visible.slot, visible.roots, visible.variables, visible.slot_name
        )
        in_slot = visible.git_file or visible.private
        async with private_home() as home:
            rules = _rules(visible, [home, *([visible.slot] if in_slot else []), *writable])
            words = [sys.executable, "-IS", launcher.__file__, str(os.getpid()), json.dumps(rules), *argv]
            return await limits.run(
                words,
                cwd=visible.slot if in_slot else home,
                env={**given, "HOME": str(home), "TMPDIR": str(home), **(env or {})},
                timeout=timeout,
                stdin=stdin,
                most=visible.most,
                folders=(visible.slot, home, *writable),
            )

    def reader(self) -> "Landlock":
        """A box that sees our own program alone."""
        return Landlock(reading(self._visible))


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
        "read": [*system, *map(str, visible.roots), *private],
        "write": [str(folder) for folder in writable],
        "devices": list(DEVICES),
    }
