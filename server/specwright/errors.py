"""What can go wrong and be told to a person in a sentence.

SpecwrightError                exit code 3: something broke outside the user's request
├── Refused                    1: it says no (lint errors, a failed task, nothing to accept)
└── WrongUse                   2: the request itself can't be understood or does not fit this place

Everything else that is raised is a bug: a traceback in the log, exit code 3.
"""

import errno
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    NO = 1
    WRONG_USE = 2
    BROKE = 3


class SpecwrightError(Exception):
    """A sentence for a person: what happened, why, and what to do."""

    exit_code = Exit.BROKE

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(SpecwrightError):
    """The request was understood, and the answer is no."""

    exit_code = Exit.NO


class WrongUse(SpecwrightError):
    """The request can't be understood, or does not fit this place."""

    exit_code = Exit.WRONG_USE


KINDS: dict[str, type[SpecwrightError]] = {kind.__name__: kind for kind in (SpecwrightError, Refused, WrongUse)}


def lacks_room(error: OSError) -> bool:
    """Whether the disk is full, or the user's share of it."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}
