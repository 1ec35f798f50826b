"""A disk without room: what could not be written is done again later, and no run is given up for it."""

from specwright.errors import SpecwrightError, lacks_room
from specwright.git.run import NO_ROOM

WORDS = (*NO_ROOM, "disk is full")
"""What git and SQLite say of it."""
SENTENCE = "The disk is full; free some space and the runs go on."
AGAIN_SECONDS = 5.0
"""After which a run without room tries to go on."""


def is_lacking(error: BaseException) -> bool:
    """Whether something failed for want of room alone."""
    if isinstance(error, OSError):
        return lacks_room(error)
    return isinstance(error, SpecwrightError) and any(words in error.sentence for words in WORDS)
