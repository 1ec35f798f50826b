"""What differs between two commits of the private repository, texts of their files, and merges in memory."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from specwright.errors import SpecwrightError
from specwright.git import names
from specwright.git.private import PrivateRepository
from specwright.git.run import GitFailed, attempt, run
from specwright.review.hunks import ABSENT

BLOB_LIMIT = 50_000_000
"""Bytes above which no file is read."""
TEXT_LIMIT = 5_000_000
"""Bytes above which a file is not taken for a text."""
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "specwright"), ("EMAIL", "specwright@localhost"), ("DATE", "1700000000 +0000"))
}
"""Of commits that never leave the private repository; fixed, so that the same tree makes the same commit."""
_DIFF = ("diff-tree", "-r", "-M", "--no-ext-diff", "--no-textconv", "--no-color")


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed file; paths relative with `/`."""

    path: str
    old_path: str | None
    """Where it was, when it was renamed."""
    modes: tuple[str, str]
    """Before and after, as git writes them; "000000" where there is no file."""
    added: int
    """Lines; 0 for a binary file."""
    removed: int
    binary: bool

    @property
    def is_new(self) -> bool:
        """Whether nothing was at its path before."""
        return self.modes[0] == ABSENT or self.old_path is not None


@dataclass(frozen=True, slots=True)
class Clean:
    """A merge that worked out, and its tree."""

    tree: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A merge that did not, and the paths where."""

    paths: tuple[str, ...]


def changed(repository: PrivateRepository, base: str, head: str) -> tuple[FileChange, ...]:
    """What `head` changes of `base`, in the order of the paths."""
    words = (*_DIFF, "-z", "--raw", "--numstat", names.check_oid(base), names.check_oid(head))
    fields = iter(run(repository.where, *words).decode(errors="surrogateescape").split("\0"))
    raw, counts = _parse(fields)
    return tuple(
        FileChange(
            path,
            old,
            modes,
            added=_count(counts[path][0]),
            removed=_count(counts[path][1]),
            binary=counts[path][0] == "-",
        )
        for path, old, modes in raw
    )


def paths(repository: PrivateRepository, commit: str) -> list[str]:
    """Every file of a commit."""
    listed = run(repository.where, "ls-tree", "-r", "-z", "--name-only", names.check_oid(commit))
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]


def blob(repository: PrivateRepository, commit: str, path: str) -> bytes | None:
    """A file's bytes, of a link its target; None where there is no file. Raises `TooLarge`."""
    return _blob(repository, commit, path, BLOB_LIMIT)


def text(repository: PrivateRepository, commit: str, path: str) -> str | None:
    """A file's text; None where it is absent, binary, too long or not UTF-8."""
    try:
        data = _blob(repository, commit, path, TEXT_LIMIT)
        return data.decode() if data is not None and b"\0" not in data else None
    except (UnicodeDecodeError, TooLarge):
        return None


def tree_of(repository: PrivateRepository, commit: str) -> str:
    """The id of a commit's tree."""
    return run(repository.where, "rev-parse", "--verify", f"{names.check_oid(commit)}^{{tree}}").decode().strip()


def held(repository: PrivateRepository, commit: str, words: Iterable[str]) -> frozenset[str]:
    """Which of these words, none of them with a line's end, stand in a text of a commit."""
    patterns = {word: os.fsencode(word) for word in words}
    if not patterns:
        return frozenset()
    command = ("grep", "-hoIF", "-f", "-", names.check_oid(commit))
    answer = attempt(repository.where, *command, stdin=b"\n".join(patterns.values()) + b"\n")
    if answer.code > 1:
        raise GitFailed("grep", answer)
    return frozenset(word for word, pattern in patterns.items() if pattern in answer.out)  # the longest match is told


def unified_diff(repository: PrivateRepository, base: str, head: str, paths: Sequence[str] = ()) -> bytes:
    """The change of these paths, or of all, as `git apply` takes it."""
    ends = (names.check_oid(base), names.check_oid(head))
    checked = [names.check_relative_path(path) for path in paths]
    return run(repository.where, *_DIFF, "-p", "--binary", "--full-index", *ends, "--", *checked)


def merge_tree(repository: PrivateRepository, base: str, ours: str, theirs: str) -> Clean | Conflict:
    """Merge two commits on a named base, in memory: git's own choice of a base can be another one."""
    start = commit_tree(repository, tree_of(repository, base), None, "base")
    left, right = (commit_tree(repository, tree_of(repository, one), start, "side") for one in (ours, theirs))
    answer = attempt(repository.where, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", left, right)
    tree, *paths = answer.out.decode(errors="surrogateescape").rstrip("\0").split("\0")
    if answer.code == 0:
        return Clean(tree)
    if answer.code != 1:
        raise GitFailed("merge-tree", answer)
    return Conflict(tuple(dict.fromkeys(paths)))


def link_target(repository: PrivateRepository, oid: str) -> str:
    """Where a link of a tree leads, by the id of its blob."""
    return os.fsdecode(run(repository.where, "cat-file", "blob", names.check_oid(oid)))


def commit_tree(repository: PrivateRepository, tree: str, parent: str | None, message: str) -> str:
    """A commit under no ref yet, the same for the same tree, parent and message; runs no hook and signs nothing."""
    parents = ("-p", names.check_oid(parent)) if parent else ()
    words = ("commit-tree", names.check_oid(tree), *parents, "-F", "-")
    return run(repository.where, *words, stdin=message.encode(), env=_IDENTITY).decode().strip()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a path of a tree is to hold: bytes, or an object by its id; with neither of them nothing."""

    path: str
    mode: str
    data: bytes | None = None
    oid: str | None = None


def entry_of(repository: PrivateRepository, commit: str, path: str) -> Entry:
    """What a path holds in a commit."""
    listed = run(repository.where, "ls-tree", "-z", names.check_oid(commit), "--", names.check_relative_path(path))
    if not listed:
        return Entry(path, "000000")
    mode, _, oid = listed.partition(b"\t")[0].decode().split()
    return Entry(path, mode, oid=oid)


def tree_with(repository: PrivateRepository, base: str, entries: Sequence[Entry]) -> str:
    """The tree of a commit with some paths exchanged, made in an index of its own; its id."""
    with tempfile.TemporaryDirectory(prefix="specwright-") as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        run(repository.where, "read-tree", names.check_oid(base), env=env)
        lines = b"".join(_index_line(repository, entry, len(base)) for entry in entries)
        run(repository.where, "update-index", "-z", "--index-info", stdin=lines, env=env)
        return run(repository.where, "write-tree", env=env).decode().strip()


def _index_line(repository: PrivateRepository, entry: Entry, length: int) -> bytes:
    oid = entry.oid
    if oid is None and entry.data is not None:
        oid = run(repository.where, "hash-object", "-w", "--stdin", stdin=entry.data).decode().strip()
    mode = "0" if oid is None else entry.mode
    return f"{mode} {oid or '0' * length}\t".encode() + os.fsencode(names.check_relative_path(entry.path)) + b"\0"


class TooLarge(SpecwrightError):
    """A file is over the limit."""


def _parse(fields: Iterator[str]) -> tuple[list[tuple[str, str | None, tuple[str, str]]], dict[str, tuple[str, str]]]:
    raw: list[tuple[str, str | None, tuple[str, str]]] = []
    counts: dict[str, tuple[str, str]] = {}
    for entry in fields:
        if entry.startswith(":"):
            before, after, _, _, status = entry[1:].split(" ")
            first = next(fields)
            path, old = (next(fields), first) if status[0] in "RC" else (first, None)
            raw.append((path, old, (before, after)))
        elif entry:
            added, removed, path = entry.split("\t", 2)
            if not path:
                next(fields)
                path = next(fields)
            counts[path] = (added, removed)
    return raw, counts


def _count(field: str) -> int:
    return 0 if field == "-" else int(field)


def _blob(repository: PrivateRepository, commit: str, path: str, limit: int) -> bytes | None:
    """None only where the tree names no file; that git can't tell is an error."""
    listed = run(repository.where, "ls-tree", "-z", "-l", names.check_oid(commit), "--", path)
    kind, oid, size = listed.partition(b"\t")[0].split()[1:] if listed else (b"", b"", b"")
    if kind != b"blob":
        return None
    if int(size) > limit:
        raise TooLarge(f"{Path(path).name} is over {limit // 1_000_000} MB; look at it with git itself.")
    return run(repository.where, "cat-file", "blob", oid.decode())
