"""Commands that are never given to a shell, though they may be written as if they were."""

import re

QUOTED = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*\"""", re.S)
OPERATORS = re.compile(r"&&|\|\||>>|[;&|<>`\n]|\$\(")


def operator(command: str) -> str | None:
    """The first thing that only a shell understands; inside quotes it is text for the program."""
    found = OPERATORS.search(QUOTED.sub("_", command.strip()))
    return found[0] if found else None
