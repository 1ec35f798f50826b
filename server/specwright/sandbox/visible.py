"""What a command may see."""

import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import specwright
from specwright.sandbox.caches import Cache
from specwright.sandbox.environment import environment
from specwright.sandbox.limits import DEFAULT, Most


@dataclass(frozen=True, slots=True)
class Visible:
    """A slot to write, and what is readable beside the system's folders; all paths absolute."""

    slot: Path
    git_file: Path | None = None
    """The slot's `.git`, read-only on top of the writable slot."""
    private: Path | None = None
    """The private repository."""
    roots: tuple[Path, ...] = ()
    """Folders that the user agreed to."""
    environment: tuple[tuple[str, str], ...] = ()
    """The checkout's tool environment."""
    slot_name: str = ""
    variables: tuple[str, ...] = ()
    """Further variables that the user lets through."""
    most: Most = DEFAULT
    """What a command may use."""
    caches: tuple[Cache, ...] = ()
    """The user's package caches."""
    has_copies: bool = False
    """Whether set-up may write: a copy of each."""

    @property
    def is_slot(self) -> bool:
        """Whether there is a slot to write; what only reads has none."""
        return bool(self.git_file or self.private)

    def command_environment(self) -> dict[str, str]:
        """The variables of a command, its home folder aside."""
        return environment(dict(self.environment), self.slot, self.roots, self.variables, self.slot_name)


def reading(visible: Visible) -> Visible:
    """Our own program and nothing of the project: for reading what its commands wrote."""
    package = Path(specwright.__file__).resolve().parent.parent
    places = [package, Path(sysconfig.get_path("purelib")), Path(sys.prefix), Path(sys.base_prefix)]
    roots = tuple(dict.fromkeys(place for place in places if not place.is_relative_to("/usr")))
    return Visible(package, roots=roots)
