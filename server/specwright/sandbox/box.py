"""The boxes by mode. One box per command; its whole tree dies with it."""

from specwright.config.settings import SandboxMode
from specwright.sandbox.bubblewrap import Bubblewrap
from specwright.sandbox.unboxed import Unboxed
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Box


def make_box(mode: SandboxMode, visible: Visible) -> Box:
    """The box of a mode around what is visible."""
    return Bubblewrap(visible) if mode is SandboxMode.FULL else Unboxed(visible)
