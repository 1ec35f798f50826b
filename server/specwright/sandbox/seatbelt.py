"""The sandbox on macOS: `sandbox-exec` with a profile of ours. Experimental: it was never tried on a Mac."""

import os
from collections.abc import Sequence
from pathlib import Path

from specwright.sandbox import caches
from specwright.sandbox.home import HomeBox
from specwright.sandbox.visible import Visible

PROGRAM = "/usr/bin/sandbox-exec"
LEFT_OPEN = (
    "this sandbox is experimental: it was written from documentation and never tried on a Mac",
    "commands can read files outside of your home folder",
    "a process that leaves its session can outlive its command",
    "commands can see that your files and processes exist",
)
PROFILE = """(version 1)
(allow default)
(deny network*)
(deny signal (target others))
(deny file-write*)
(deny file-read* (subpath (param "HOME")))
(deny mach-lookup (global-name "com.apple.SecurityServer"))
(deny process-exec (literal "/usr/bin/security") (literal "/usr/bin/osascript"))
(allow file-write* (literal "/dev/null") (literal "/dev/zero"))
"""
"""Later rules win; paths are real ones."""


class Seatbelt(HomeBox):
    """Runs each command under a profile of its own, with a private temporary folder that is its home too."""

    mode = "partial"

    def held(self, argv: Sequence[str], writable: Sequence[Path]) -> list[str]:
        """The words that run a command under its profile."""
        return [PROGRAM, *profile(self._visible, writable), *argv]


def profile(visible: Visible, writable: Sequence[Path]) -> list[str]:
    """The words of `sandbox-exec` before the command: paths are parameters, never text of the profile."""
    private = [visible.private] if visible.private else []
    readable = [*visible.roots, *caches.readable(visible.caches), *private, *writable]
    rules = [PROFILE]
    words = ["-D", f"HOME={os.path.realpath(Path.home())}"]
    for number, path in enumerate(readable):
        rules.append(f'(allow file-read* (subpath (param "R{number}")))')
        words += ["-D", f"R{number}={os.path.realpath(path)}"]
    for number, path in enumerate(writable):
        rules.append(f'(allow file-write* (subpath (param "W{number}")))')
        words += ["-D", f"W{number}={os.path.realpath(path)}"]
    if visible.git_file:
        rules.append('(deny file-write* (literal (param "GIT")))')
        words += ["-D", f"GIT={os.path.realpath(visible.git_file)}"]
    return ["-p", "\n".join(rules), *words]


def missing() -> str:
    """Why it can't be used here; empty where it can."""
    return "" if os.access(PROGRAM, os.X_OK) else f"{PROGRAM} is not there."
