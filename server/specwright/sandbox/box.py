"""The boxes by mode. One box per command; its whole tree dies with it."""

import sys

from specwright.config.settings import SandboxMode
from specwright.sandbox.bubblewrap import Bubblewrap
from specwright.sandbox.landlock import Landlock
from specwright.sandbox.seatbelt import Seatbelt
from specwright.sandbox.unboxed import Unboxed
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Box


def make_box(mode: SandboxMode, visible: Visible) -> Box:
    """The box of a mode that was found to hold, around what is visible."""
    match mode:
        case SandboxMode.FULL:
            return Bubblewrap(visible)
        case SandboxMode.PARTIAL:
            return Seatbelt(visible) if on_mac() else Landlock(visible)
        case SandboxMode.NONE:
            return Unboxed(visible)
        case SandboxMode.AUTO:
            raise AssertionError("the probe decides what `auto` is")


def on_mac() -> bool:
    """Whether the sandbox is macOS's."""
    return sys.platform == "darwin"
