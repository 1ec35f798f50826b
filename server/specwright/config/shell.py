"""Commands that are never given to a shell, though they may be written as if they were."""

import re
import shlex

QUOTED = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*\"""", re.S)
SINGLE = re.compile(r"\\.|'[^']*'", re.S)
OPERATORS = re.compile(r"&&|\|\||>>|[;&|<>`\n]|\$\(")
VARIABLE = re.compile(r"\$(?:\w+|\{\w+)")


def operator(command: str) -> str | None:
    """The first thing that only a shell understands; inside quotes it is text for the program."""
    found = OPERATORS.search(QUOTED.sub("_", command.strip()))
    return found[0] if found else None


def variable(command: str) -> str | None:
    """The first variable that only a shell would fill in; in single quotes, or behind a backslash, it is text."""
    found = VARIABLE.search(SINGLE.sub("_", command))
    return found[0] if found else None


def is_closed(command: str) -> bool:
    """Whether it can be split into words: each quote has its end, and something stands behind each backslash."""
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True
