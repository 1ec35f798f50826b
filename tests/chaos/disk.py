"""A disk that fails on demand: a library compiled here, preloaded into the daemon and its gits."""

import errno
import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("failing.c")
KINDS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO}


class Disk:
    """Writes below a folder fail while it is told so; `why_not` where this machine can't do that."""

    def __init__(self, folder: Path) -> None:
        self._flag = folder / "disk-fails"
        self.library = folder / "failing.so"
        self.why_not = self._compile()

    @property
    def environment(self) -> dict[str, str]:
        """For the processes whose disk it is."""
        return {} if self.why_not else {"LD_PRELOAD": str(self.library), "CHAOS_DISK": str(self._flag)}

    def fail(self, kind: str, folder: Path) -> None:
        """From now on each write below the folder ends with this error."""
        made = self._flag.with_suffix(".new")
        made.write_text(f"{KINDS[kind]} {folder}")
        made.replace(self._flag)

    def heal(self) -> None:
        """All is well again."""
        self._flag.unlink(missing_ok=True)

    def _compile(self) -> str:
        compiler = shutil.which("cc")
        if compiler is None or os.uname().sysname != "Linux":
            return "no C compiler here to make a disk fail with"
        words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(self.library), str(SOURCE), "-ldl"]
        done = subprocess.run(words, capture_output=True, text=True)
        return done.stderr.strip()[-300:] if done.returncode else ""
