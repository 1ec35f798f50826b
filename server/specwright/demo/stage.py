"""The demo's repository, its home of its own, and a terminal in which commands are typed and shown."""

import asyncio
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from specwright import process
from specwright.paths import locks
from specwright.paths.places import Places, places

COMMAND_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything lies below one temporary folder."""

    folder: Path
    console: Console

    @property
    def root(self) -> Path:
        """The repository."""
        return self.folder / "clock"

    @property
    def program(self) -> str:
        """`specwright` as this user can type it."""
        beside = Path(sys.executable).with_name("specwright")
        return "specwright" if shutil.which("specwright") == str(beside) or not beside.exists() else str(beside)

    @property
    def environment(self) -> dict[str, str]:
        """This interpreter first on PATH, and a home of our own, so that nothing of the user's is touched."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "XDG_", "ANTHROPIC_"))
        }
        programs = str(Path(sys.executable).parent)
        venv = {"VIRTUAL_ENV": sys.prefix} if sys.prefix != sys.base_prefix else {}
        own = {"SPECWRIGHT_HOME": str(self.folder / "home"), "PATH": f"{programs}:{kept.get('PATH', '')}"}
        return {**kept, **venv, **own, "PYTHONDONTWRITEBYTECODE": "1"}

    @property
    def places(self) -> Places:
        """Where the demo's daemon lives."""
        return places(self.environment)

    def say(self, text: str) -> None:
        """A sentence of the story."""
        self.console.print(Text(text), soft_wrap=True)

    def title(self, text: str) -> None:
        """A step of the story."""
        self.console.print()
        self.console.print(Text(text, style="bold"), soft_wrap=True)

    async def type(self, *words: str, lines: int = 40) -> str:
        """Type a `specwright` command, show it with what it prints (at most some lines), and return that."""
        shown = " ".join(f"'{word}'" if " " in word else word for word in words)
        self.console.print(Text(f"$ specwright {shown}", style="cyan"))
        done = await process.run(
            [sys.executable, "-m", "specwright", *words],
            cwd=self.root,
            env=self.environment,
            timeout=COMMAND_SECONDS,
        )
        output = (done.stdout + done.stderr).decode(errors="replace")
        kept = output.rstrip().split("\n")
        for line in kept[:lines]:
            self.console.print(Text(f"  {line}"), soft_wrap=True)
        if len(kept) > lines:
            self.say(f"  … {len(kept) - lines} more lines")
        return output

    async def kill_daemon(self) -> int | None:
        """`kill -9` of the demo's own daemon; its pid, once the kernel has dropped its lock."""
        pid = locks.holder(self.places.lock)
        if pid is None or not locks.is_held(self.places.lock):
            return None
        os.kill(pid, signal.SIGKILL)
        while locks.is_held(self.places.lock):
            await asyncio.sleep(0.02)
        return pid
