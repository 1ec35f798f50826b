"""No sandbox: by the user's own setting alone. The environment is clean and the tree dies; nothing else is kept out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from specwright.sandbox import limits
from specwright.sandbox.environment import environment
from specwright.sandbox.home import private_home
from specwright.sandbox.visible import Visible, reading
from specwright.tasks.protocols import Done


class Unboxed:
    """Runs commands as the user, with an empty home folder of their own."""

    mode = "none"

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
        """Run one command in the slot's root."""
        visible = self._visible
        given = dict(visible.environment)
        everything = [Path("/")]
        variables = environment(given, visible.slot, everything, visible.variables, visible.slot_name)
        async with private_home() as home:
            private = {"HOME": str(home), "TMPDIR": str(home)}
            given = {**variables, **private, **(env or {})}
            return await limits.run(
                argv,
                cwd=visible.slot,
                env=given,
                timeout=timeout,
                stdin=stdin,
                most=visible.most,
                folders=(visible.slot, home, *writable),
                tied=True,
            )

    def reader(self) -> "Unboxed":
        """The same, where our own program is found."""
        return Unboxed(reading(self._visible))
