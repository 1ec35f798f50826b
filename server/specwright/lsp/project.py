"""What a checkout's `specwright.toml` says of its specs, for windows: asked for at each text that is opened."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from specwright.config import read
from specwright.config.settings import Lint, Settings
from specwright.errors import WrongUse
from specwright.paths.files import read_text
from specwright.spec.facts import Caps, Gates, caps_of, gates_of
from specwright.spec.reading import USUAL, Reading

NAME = "specwright.toml"


@dataclass(frozen=True, slots=True)
class Project:
    """How the texts of a checkout are read, and what rules are told of its settings."""

    reading: Reading = USUAL
    lint: Lint = field(default_factory=Lint)
    gates: Gates | None = None
    caps: Caps | None = None


NONE = Project()
"""Of a text in no checkout."""
DEFAULT = Project(USUAL, Lint(), gates_of(Settings()), caps_of(Settings()))


def project_of(root: str) -> Project:
    """Of a checkout, as its file is now; as usual where there are no settings, or none that can be read."""
    path = Path(root) / NAME
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size) if root else NONE
    except (OSError, WrongUse):
        return DEFAULT if root else NONE


@lru_cache(8)
def _read(path: Path, time: int, size: int) -> Project:
    """Read again when the file is another one by its time and size."""
    settings, _ = read.project(read_text(path))
    return Project(Reading(settings.spec), settings.lint, gates_of(settings), caps_of(settings))
