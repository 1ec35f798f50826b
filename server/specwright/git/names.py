"""What may be given to git as a name: ids of objects and tasks, and paths of a tree."""

import re

from specwright.errors import WrongUse

_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TASK = re.compile(r"[a-z][a-z0-9]{1,31}")
_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GIT_FOLDER = re.compile(r"(\.git|git~[0-9]+)[ .]*(:.*)?")


def check_oid(oid: str) -> str:
    """A full object id. Raises `WrongUse` for anything else."""
    if not _OID.fullmatch(oid):
        raise WrongUse(f"'{oid}' is not a full commit id; name one of 40 or 64 hexadecimal digits.")
    return oid


def check_task(task: str) -> str:
    """A task's id. Raises `WrongUse` for anything else."""
    if not _TASK.fullmatch(task):
        raise WrongUse(f"'{task}' is not a task's id; ids look like k7f3qa.")
    return task


def check_relative_path(path: str) -> str:
    """A path of a tree, with `/`. Raises `WrongUse` for one that leaves it, reads as an option or lies under .git."""
    why = _wrong(path)
    if why:
        raise WrongUse(f"The path {path!r} {why}; it is not used.")
    return path


def _wrong(path: str) -> str | None:
    parts = path.split("/")
    if not path or path.startswith(("/", "-", ":")):
        return "is empty, absolute, or begins like an option"
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        return "holds control characters"
    if any(part in {"", ".", ".."} for part in parts):
        return "does not stay inside its folder"
    if any(_is_git_folder(part) for part in parts):
        return "leads into a .git folder"
    return None


def _is_git_folder(part: str) -> bool:
    """Also as file systems see it that fold case, drop dots and spaces at the end, or ignore some characters."""
    return _GIT_FOLDER.fullmatch(_IGNORED_BY_HFS.sub("", part).casefold()) is not None
