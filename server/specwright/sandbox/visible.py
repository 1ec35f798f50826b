"""What a command may see."""

from dataclasses import dataclass
from pathlib import Path


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
