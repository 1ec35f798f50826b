"""Commands of the user's own settings, which print a secret: `key_command`, `secret_command`. Never logged."""

import os
from collections.abc import Sequence

from specwright import process
from specwright.process import Finished

SECONDS = 10.0
"""How long one may take."""


async def run(command: Sequence[str]) -> tuple[str, Finished]:
    """What it printed, empty where it failed, and how it ended. It finds no variable that could redirect git."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = await process.run(command, cwd="/", env=environment, timeout=SECONDS)
    return done.stdout.decode(errors="replace").strip() if done.exit_code == 0 else "", done
