"""No sandbox: by the user's own setting alone. The environment is clean and the tree dies; nothing else is kept out."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from specwright.sandbox.caches import Cache
from specwright.sandbox.home import HomeBox
from specwright.sandbox.visible import Visible


class Unboxed(HomeBox):
    """Runs commands as the user, with an empty home folder of their own."""

    mode = "none"
    is_open = True

    def __init__(self, visible: Visible) -> None:
        super().__init__(replace(visible, roots=(Path("/"),)))

    @property
    def caches(self) -> tuple[Cache, ...]:
        """Copies alone: nothing keeps the user's own from being written."""
        return tuple(cache for cache in self._visible.caches if cache.copy)

    def held(self, argv: Sequence[str], writable: Sequence[Path]) -> list[str]:
        """The command itself: everything is readable and writable."""
        del writable
        return list(argv)
