"""No sandbox: by the user's own setting alone. The environment is clean and the tree dies; nothing else is kept out."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from specwright.sandbox.home import HomeBox
from specwright.sandbox.visible import Visible


class Unboxed(HomeBox):
    """Runs commands as the user, with an empty home folder of their own."""

    mode = "none"
    is_open = True

    def __init__(self, visible: Visible) -> None:
        super().__init__(replace(visible, roots=(Path("/"),)))

    def held(self, argv: Sequence[str], writable: Sequence[Path]) -> list[str]:
        """The command itself: everything is readable and writable."""
        del writable
        return list(argv)
