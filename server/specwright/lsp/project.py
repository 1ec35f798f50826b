"""What a checkout's `specwright.toml` says of its specs, for windows: asked for at each text that is opened."""

from functools import lru_cache
from pathlib import Path

from specwright.config import read
from specwright.errors import WrongUse
from specwright.paths.files import read_text
from specwright.spec.reading import USUAL, Reading


def reading_of(root: str) -> Reading:
    """How the texts of a checkout are read; as usual where there are no settings, or none that can be read."""
    path = Path(root) / "specwright.toml"
    try:
        state = path.stat()
        return _reading(path, state.st_mtime_ns, state.st_size) if root else USUAL
    except (OSError, WrongUse):
        return USUAL


@lru_cache(8)
def _reading(path: Path, time: int, size: int) -> Reading:
    """Read again when the file is another one by its time and size."""
    settings, _ = read.project(read_text(path))
    return Reading(settings.spec)
