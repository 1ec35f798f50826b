"""The sandbox on macOS: `sandbox-exec` with a profile of ours. Experimental: it was never tried on a Mac."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from specwright.sandbox import limits
from specwright.sandbox.environment import environment
from specwright.sandbox.home import private_home
from specwright.sandbox.visible import Visible, reading
from specwright.tasks.protocols import Done

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


class Seatbelt:
    """Runs each command under a profile of its own, with a private temporary folder that is its home too."""

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
            folders = [home, *([visible.slot] if in_slot else []), *writable]
            return await limits.run(
                [PROGRAM, *profile(visible, folders), *argv],
                cwd=visible.slot if in_slot else home,
                env={**given, "HOME": str(home), "TMPDIR": str(home), **(env or {})},
                timeout=timeout,
                stdin=stdin,
                most=visible.most,
                folders=(visible.slot, *folders),
                tied=True,
            )

    def reader(self) -> "Seatbelt":
        """A box that sees our own program alone."""
        return Seatbelt(reading(self._visible))


def profile(visible: Visible, writable: Sequence[Path]) -> list[str]:
    """The words of `sandbox-exec` before the command: paths are parameters, never text of the profile."""
    readable = [*visible.roots, *([visible.private] if visible.private else []), *writable]
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
