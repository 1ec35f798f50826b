"""Names of branches as a person writes them, and which of them can't be trusted."""

import re

HEADS, REMOTES = "refs/heads/", "refs/remotes/"
_WRONG = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(^|/)\.|\.lock(/|$)|[./]$|^[/-]|^(HEAD|@)?$|^refs/(?!heads/|remotes/.+/)"
)
"""What git lets no branch be called, and full names of what is no branch."""


def problem(name: str) -> str | None:
    """Why no branch of this name can be trusted, to follow on the name; None where one can."""
    if _WRONG.search(name):
        return "is no name of a branch"
    return "is a branch of Specwright's own, which never counts" if is_ours(name) else None


def refs_of(name: str) -> tuple[str, ...]:
    """The full names that a name may stand for; one only where it is full itself."""
    return (name,) if name.startswith("refs/") else (HEADS + name, REMOTES + name)


def is_ours(name: str) -> bool:
    """Whether it names what Specwright made, here or pushed; a remote that is named in full may be called like us."""
    parts = name.casefold().removeprefix(HEADS)
    if parts.startswith(REMOTES):
        _remote, _, parts = parts.removeprefix(REMOTES).partition("/")
    return "specwright" in parts.split("/")[:-1]
